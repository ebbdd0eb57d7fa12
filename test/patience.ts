// For tests of what runs into a time limit beside work that must not. No fixed limit will do: on a busy machine honest
// work takes long too, and would run into it. So such a test tries again with a longer limit.

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
