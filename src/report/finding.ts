// The answer of a comparison in one sentence. It is made from this run's figures, speaks in ratios, and is left
// out where the figures do not carry it.
import { isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { apart } from '../measure/statistics.ts';
import { ratio } from './units.ts';

/** Which approach was fastest, and by how much; says so where none was. Undefined with fewer than two rows. */
export function finding({ job, rows }: Comparison): string | undefined {
  const [first, second] = rows
    .filter(isMeasured)
    .filter((row) => row.failed === 0)
    .toSorted((a, b) => a.timeMs.median - b.timeMs.median);
  if (!first || !second) return undefined;
  const gain = (row: Row) => (row.speedup === null ? '' : `, ${ratio(row.speedup)} as fast as sequential`);
  if (apart(first.timeMs, second.timeMs)) {
    return `${job}: ${first.approach} is fastest${first.approach === 'sequential' ? '' : gain(first)}.`;
  }
  return `${job}: ${first.approach} and ${second.approach} lead, with no difference to be seen between them.`;
}
