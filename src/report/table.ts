// A table in plain characters: as wide as its cells, numbers to the right. And the bar that goes with it.
import { columns, pad, type Paint } from './paint.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Lines of a table; `cells` has one array for each row, one text for each column. */
export function table(
  header: readonly Column[],
  cells: ReadonlyArray<readonly string[]>,
  paint: Paint,
): string[] {
  const widths = header.map(({ title }, index) =>
    Math.max(columns(title), ...cells.map((row) => columns(row[index] ?? ''))),
  );
  const line = (row: readonly string[]) =>
    header
      .map(({ align = 'left' }, index) =>
        pad(row[index] ?? '', widths[index]!, align === 'left' ? 'right' : 'left'),
      )
      .join('  ')
      .trimEnd();
  return [paint('dim', line(header.map(({ title }) => title))), ...cells.map(line)];
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `fraction` of `width` columns, exact to an eighth of a column. Whatever is above zero shows. */
export function bar(fraction: number, width: number): string {
  const eighths = Math.max(fraction > 0 ? 1 : 0, Math.round(Math.min(1, fraction) * width * 8));
  return '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7]!;
}
