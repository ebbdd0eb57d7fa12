// For a name that does not exist: the names that the reader may have meant.

/** At most three of `names`, those that need the fewest edits or contain what was typed, the nearest first. */
export function nearest(wanted: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, edits: name.includes(wanted) ? 1 : edits(wanted, name) }))
    .filter(({ name, edits }) => edits <= Math.ceil(name.length / 2))
    .toSorted((one, other) => one.edits - other.edits)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Letters to insert, delete or replace until `from` reads `to`. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const above = row;
    row = [line];
    for (let column = 1; column <= to.length; column++) {
      const replaced = above[column - 1]! + (from[line - 1] === to[column - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[column]! + 1, row[column - 1]! + 1));
    }
  }
  return row.at(-1)!;
}
