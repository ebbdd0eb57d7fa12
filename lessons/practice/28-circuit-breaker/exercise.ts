// The kitchen is down, and every guest waits until their time is up. A circuit breaker notices it: after some
// failures in a row it sends nothing more, and tells everybody at once. This version is good at that. But when
// the kitchen is up again, nobody ever learns of it.
//
// What is wanted: `guarded` returns a function that asks the kitchen. After `failures` failures in a row it is
// open: for `openMs` milliseconds it asks nobody, and rejects with a CircuitOpenError. Then it lets one question
// through, a probe, and none beside it. If the probe succeeds, all are let through again, and it takes `failures`
// failures in a row to open it. If the probe fails, it is open for another `openMs`. A question gets the answer or
// the failure of the kitchen, unchanged.
export interface Limits {
  readonly failures: number;
  readonly openMs: number;
}

export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
}

export function guarded(ask: () => Promise<string>, { failures }: Limits): () => Promise<string> {
  let inARow = 0;
  return async () => {
    if (inARow >= failures) throw new CircuitOpenError('the kitchen is down');
    try {
      const answer = await ask();
      inARow = 0;
      return answer;
    } catch (error) {
      inARow++;
      throw error;
    }
  };
}
