// Where trials wait for each other, so that all of them begin at one moment.

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
