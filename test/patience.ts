// For tests of what has a time limit. On a busy machine honest work takes long too, and would run into a fixed limit. So a test
// of what runs into its limit, beside work that must not, tries again with a longer one. Any other test stretches the limits.
import type { MockTracker } from 'node:test';
import { timerLength } from '../src/api/clock.ts';

const FIRST_MS = 1000;
const TIMES_LONGER = 4;
const LAST_MS = 256_000;

/**
 * What `attempt` returns, tried with longer and longer limits until no honest work ran into one. The last attempt counts
 * whatever `isHonest` says of it, so that a program that never answers fails the test.
 */
export async function withPatience<Result>(
  attempt: (limitMs: number) => Promise<Result>,
  isHonest: (result: Result) => boolean,
  firstMs = FIRST_MS,
): Promise<Result> {
  for (let limitMs = firstMs; limitMs < LAST_MS; limitMs *= TIMES_LONGER) {
    const result = await attempt(limitMs);
    if (isHonest(result)) return result;
  }
  return attempt(LAST_MS);
}

const STRETCH = 60;

/**
 * Lets each timer of at least `ms` take 60 times as long, until `mock` is reset. Shorter ones are no limits, and stay as they
 * are.
 */
export function stretchLimits(mock: MockTracker, ms: number): { restore(): void } {
  const { setTimeout } = globalThis;
  const stretched = (ring: (...values: unknown[]) => void, after: number, ...values: unknown[]) =>
    setTimeout(ring, after >= ms ? timerLength(STRETCH * after) : after, ...values);
  return mock.method(globalThis, 'setTimeout', stretched as never).mock;
}
