// Seen: It let a second question through.
import { CircuitOpenError, type Limits } from '../solution.ts';

export function guarded(ask: () => Promise<string>, { failures, openMs }: Limits): () => Promise<string> {
  let inARow = 0;
  return async () => {
    if (inARow >= failures) throw new CircuitOpenError('the kitchen is down');
    try {
      const answer = await ask();
      inARow = 0;
      return answer;
    } catch (error) {
      inARow++;
      if (inARow === failures) setTimeout(() => (inARow = 0), openMs);
      throw error;
    }
  };
}
