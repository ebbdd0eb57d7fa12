// Seen: It opened after fewer failures in a row.
import { CircuitOpenError, type Limits } from '../solution.ts';

export function guarded(ask: () => Promise<string>, { failures, openMs }: Limits): () => Promise<string> {
  let failed = 0;
  let probeAt: number | undefined;
  return async () => {
    if (probeAt !== undefined && performance.now() < probeAt)
      throw new CircuitOpenError('the kitchen is down');
    try {
      return await ask();
    } catch (error) {
      failed++;
      if (failed >= failures) probeAt = performance.now() + openMs;
      throw error;
    }
  };
}
