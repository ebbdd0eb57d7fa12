// Where trials wait for each other: until all of them begin at one moment, or until each one has the machine to itself.

/** A place at the line. Whoever has one reaches it, or leaves it so that the others do not wait in vain. */
export interface Place {
  /** Resolves when every place has been reached or left and, where one goes at a time, all places before this one left. */
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

/**
 * The same for trials that get ready together and then run one after another, in the order of their places. The next one
 * runs when the one before has left its place.
 */
export function oneAtATime(places: number): () => Place {
  const place = startLine(places);
  let before: Promise<void> = Promise.resolve();
  return () => {
    const ready = place();
    const former = before;
    const left = Promise.withResolvers<void>();
    before = former.then(() => left.promise);
    return {
      async reach() {
        await ready.reach();
        await former;
      },
      leave() {
        ready.leave();
        left.resolve();
      },
    };
  };
}
