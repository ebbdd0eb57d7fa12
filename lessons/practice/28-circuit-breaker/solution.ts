// Three states in two variables. `probeAt` is undefined while the circuit is closed; while a probe is on its way,
// nobody else is let through.
export interface Limits {
  readonly failures: number;
  readonly openMs: number;
}

export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
}

export function guarded(ask: () => Promise<string>, { failures, openMs }: Limits): () => Promise<string> {
  let inARow = 0;
  let probeAt: number | undefined;
  let isProbing = false;
  return async () => {
    const isProbe = probeAt !== undefined;
    if (isProbe && (isProbing || performance.now() < probeAt!)) throw new CircuitOpenError('not sent');
    isProbing = isProbe;
    try {
      const answer = await ask();
      inARow = 0;
      probeAt = undefined;
      return answer;
    } catch (error) {
      inARow++;
      if (inARow >= failures) probeAt = performance.now() + openMs;
      throw error;
    } finally {
      if (isProbe) isProbing = false;
    }
  };
}
