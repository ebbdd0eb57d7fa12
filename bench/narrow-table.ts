// A table that fits a terminal. Columns that do not fit beside each other go into a further table with the same rows.
import { columns as widthOf, WIDTH, wrapped, type Paint } from '../src/report/paint.ts';
import { table, type Column } from '../src/report/table.ts';

/** Blanks between two columns of a table. */
const GAP = 2;

/** Lines of at most 80 columns. The first column holds the names of the rows; every part begins with it. */
export function narrowTable(
  header: readonly Column[],
  cells: ReadonlyArray<readonly string[]>,
  paint: Paint,
): string[] {
  const widths = header.map(({ title }, index) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index] ?? ''))),
  );
  const [nameWidth = 0, ...others] = widths;
  // A name and one figure that are wider than the terminal together: no table of them is narrow enough.
  if (others.some((width) => nameWidth + GAP + width > WIDTH)) return stacked(header, cells, paint);
  return partsOf(widths).flatMap((part, index) => [
    ...(index > 0 ? [''] : []),
    ...table(
      part.map((column) => header[column]!),
      cells.map((row) => part.map((column) => row[column] ?? '')),
      paint,
    ),
  ]);
}

/** The numbers of the columns of each part, as many in each as fit. */
function partsOf([nameWidth = 0, ...others]: readonly number[]): number[][] {
  const parts: number[][] = [];
  let left = 0;
  for (const [index, width] of others.entries()) {
    if (parts.length === 0 || left < GAP + width) {
      parts.push([0]);
      left = WIDTH - nameWidth;
    }
    parts.at(-1)!.push(index + 1);
    left -= GAP + width;
  }
  return parts.length > 0 ? parts : [[0]];
}

/** Each row as a block: its name, and below it a line for each figure. */
function stacked(header: readonly Column[], cells: ReadonlyArray<readonly string[]>, paint: Paint): string[] {
  return cells.flatMap(([name = '', ...figures]) => [
    ...wrapped(name, WIDTH).map((line) => paint('bold', line)),
    ...figures.flatMap((figure, index) => wrapped(`  ${header[index + 1]!.title}: ${figure}`, WIDTH, '    ')),
  ]);
}
