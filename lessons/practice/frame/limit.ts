// A limit, as p-limit makes it: at most so many of the functions that it is given run at once, and the others wait.

export type Limit = <Result>(run: () => Promise<Result>) => Promise<Result>;

export function limitOf(places: number): Limit {
  const waiting: Array<() => void> = [];
  let free = places;
  function placeIsFree(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    return promise;
  }
  return async (run) => {
    if (free > 0) free--;
    else await placeIsFree();
    // Like p-limit, it never runs anything within the call itself.
    await Promise.resolve();
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
