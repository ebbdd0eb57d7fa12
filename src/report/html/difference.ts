// Two runs of a job as a table of the page.
import { nameOf, type Comparison, type Row } from '../../measure/comparison.ts';
import { rowDifferences } from '../difference.ts';
import type { Names } from '../two-runs.ts';
import { durationWithSpread, mebibytes, NO_FIGURE } from '../units.ts';
import type { Markup } from './escape.ts';
import { table } from './tables.ts';

/** Time and peak memory of each approach in both runs, and the ratio with what is to be thought of it. */
export function differenceTable(one: Comparison, other: Comparison, [first, second]: Names): Markup {
  const time = (row: Row | undefined) => (row ? durationWithSpread(row.timeMs) : NO_FIGURE);
  const memory = (row: Row | undefined) => (row?.memory ? mebibytes(row.memory.peakMiB) : NO_FIGURE);
  return table({
    caption: `${nameOf(one)}: ${first} and ${second}`,
    header: [
      'approach',
      `time, ${first}`,
      `time, ${second}`,
      'ratio',
      `memory, ${first}`,
      `memory, ${second}`,
      'ratio',
    ],
    rows: rowDifferences(one, other).map((row) => [
      row.approach,
      time(row.one),
      time(row.other),
      row.time,
      memory(row.one),
      memory(row.other),
      row.memory,
    ]),
  });
}
