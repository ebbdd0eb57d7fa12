// Chance without state: the same seed and key give the same number in every process and thread, whatever
// order the requests arrive in. A generator with state would tie an order's latency to who asked first.

/** A number in [0, 1) that depends on `seed` and `keys` alone (FNV-1a, then the finish of murmur3). */
export function chance(seed: number, ...keys: ReadonlyArray<string | number>): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of keys.join('\u0000')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
