// What became of a call. Nobody waits for it, because a check must not hang where an exercise hangs.
import { demand, shown } from './verdict.ts';

export interface Outcome {
  readonly state: 'pending' | 'fulfilled' | 'rejected';
  /** What it fulfilled with, or the reason it was rejected with. */
  readonly value: unknown;
}

/**
 * Calls the exercise's function and watches the promise that it returns.
 * @throws {CheckFailure} if the function throws, or returns something that nobody can wait for
 */
export function watched(call: () => unknown): Outcome {
  let state: Outcome['state'] = 'pending';
  let value: unknown;
  let promise: unknown;
  try {
    promise = call();
  } catch (error) {
    demand(false, 'The function returns a promise.', `It threw at once: ${shown(error)}`);
  }
  const isPromise = typeof promise === 'object' && promise !== null && 'then' in promise;
  demand(
    isPromise,
    'The function returns a promise, so that its caller can wait.',
    `It returned ${shown(promise)}.`,
  );
  Promise.resolve(promise).then(
    (result: unknown) => {
      state = 'fulfilled';
      value = result;
    },
    (reason: unknown) => {
      state = 'rejected';
      value = reason;
    },
  );
  return {
    get state() {
      return state;
    },
    get value() {
      return value;
    },
  };
}

/** In words, for the sentence that says what was seen. */
export function told({ state, value }: Outcome): string {
  if (state === 'pending') return 'It still waits.';
  return state === 'fulfilled'
    ? `It fulfilled with ${shown(value)}.`
    : `It was rejected with ${shown(value)}.`;
}
