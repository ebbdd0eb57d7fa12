// One controller ends everything that is left: the loser, and the timer. `any` waits for the first success and
// not, like `race`, for the first that settles.
import { setTimeout as sleep } from 'node:timers/promises';

export type Ask = (signal: AbortSignal) => Promise<string>;

const LATE = Symbol('late');

export async function hedged(ask: Ask, afterMs: number): Promise<string> {
  const stop = new AbortController();
  const first = ask(stop.signal);
  try {
    const seen = await Promise.race([first, sleep(afterMs, LATE, { signal: stop.signal })]);
    if (seen !== LATE) return seen;
    return await Promise.any([first, ask(stop.signal)]);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    stop.abort();
  }
}
