// Throws what it is asked for: things that are no Error, or that nobody may change.
const THINGS = [undefined, null, 0, '', Object.freeze({ frozen: true }), [1]];

export default function throws([index]: readonly number[]): never {
  throw THINGS[index!];
}
