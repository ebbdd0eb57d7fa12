// Where trials wait for each other: until all of them begin at one moment, or until each one has the machine to itself.

/** A place at the line. Whoever has one reaches it, or leaves it so that the others do not wait in vain. */
export interface Place {
  /** Resolves when every place has been reached or left. */
  reach(): Promise<void>;
  leave(): void;
}

/** As many places as trials start together. */
export function startLine(places: number): () => Place {
  const all = Promise.withResolvers<void>();
  let expected = places;
  return () => {
    let isExpected = true;
    const leave = () => {
      if (!isExpected) return;
      isExpected = false;
      if (--expected === 0) all.resolve();
    };
    return {
      reach() {
        leave();
        return all.promise;
      },
      leave,
    };
  };
}

export interface HeldPlace extends Place {
  /** Lets the trial go as soon as it is its turn at the line. */
  letGo(): void;
}

/** The same place, but whoever reaches it waits besides until it is let go, or until `signal` aborts. */
export function held(place: Place, signal: AbortSignal | undefined): HeldPlace {
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  if (signal?.aborted) letGo();
  signal?.addEventListener('abort', () => letGo(), { once: true });
  return {
    async reach() {
      await place.reach();
      await promise;
    },
    leave: () => place.leave(),
    letGo: () => letGo(),
  };
}
