// "Did you mean": which names are closest to what was typed.

/** Up to three of `names`, the nearest first; none if nothing is near. */
export function nearest(word: string, names: readonly string[]): string[] {
  const typed = word.toLowerCase();
  return names
    .map((name) => ({
      name,
      distance: typed && name.includes(typed) ? 0 : distance(typed, name) / name.length,
    }))
    .filter(({ distance }) => distance <= 0.5)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Letters to insert, delete or change to get from one word to the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of from.split('').entries()) {
    const next = [index + 1];
    for (const [column, other] of to.split('').entries()) {
      next.push(Math.min(next[column]! + 1, row[column + 1]! + 1, row[column]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
