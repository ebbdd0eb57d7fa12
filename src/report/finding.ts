// The answer of a comparison in one sentence. It is made from this run's figures, speaks in ratios, and is left
// out where the figures do not carry it.
import { isMeasured, type Comparison } from '../measure/comparison.ts';
import { apart } from '../measure/statistics.ts';
import { ratio } from './units.ts';

/**
 * Which approach was fastest, and by how much; or which led, and who is not seen to be slower. Undefined with fewer than
 * two rows without failures.
 */
export function finding({ job, rows }: Comparison): string | undefined {
  const [first, ...others] = rows
    .filter(isMeasured)
    .filter((row) => row.failed === 0)
    .toSorted((a, b) => a.timeMs.median - b.timeMs.median);
  if (!first || others.length === 0) return undefined;
  const level = others.filter((row) => !apart(first.timeMs, row.timeMs)).map((row) => row.approach);
  if (level.length > 0) {
    const are = level.length === 1 ? 'is' : 'are';
    return `${job}: ${first.approach} leads, and ${NAMES.format(level)} ${are} not seen to be slower.`;
  }
  const gain = first.speedup === null ? '' : `, ${ratio(first.speedup)} as fast as sequential`;
  return `${job}: ${first.approach} is fastest${first.approach === 'sequential' ? '' : gain}.`;
}

const NAMES = new Intl.ListFormat('en', { type: 'conjunction' });
