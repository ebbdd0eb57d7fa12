// The answer of a comparison in one sentence. It is made from this run's figures, speaks in ratios, and is left out
// where the figures do not carry it.
import { isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { apart } from '../measure/statistics.ts';
import { asFastAs, ratio } from './units.ts';

/**
 * Which approach was fastest, and by how much. Where others may be as fast, these are named together and nobody is
 * ranked. Undefined with fewer than two rows without failures.
 */
export function finding({ job, rows }: Comparison): string | undefined {
  const [first, ...others] = rows
    .filter(isMeasured)
    .filter((row) => row.failed === 0)
    .toSorted((a, b) => a.timeMs.median - b.timeMs.median);
  if (!first || others.length === 0) return undefined;
  const level = [first, ...others.filter((row) => !apart(first.timeMs, row.timeMs))];
  const slower = others.filter((row) => !level.includes(row));
  if (level.length > 1) {
    const names = NAMES.format(level.map((row) => row.approach));
    // Each may be as fast as the first, and two of them can still be clearly different from each other.
    const alike = level.every((one) => level.every((other) => !apart(one.timeMs, other.timeMs)));
    const answer = alike ? `${names}: no clear difference` : `no clear winner among ${names}`;
    return `${job}: ${answer}${gainOfLevel(level, slower)}.`;
  }
  const gain =
    first.speedup === null || first.approach === 'sequential'
      ? ''
      : `, ${asFastAs(first.speedup, 'sequential')}`;
  return `${job}: ${first.approach} is fastest${gain}.`;
}

/** How all of `level` compare with sequential, if each of them is beyond doubt faster. */
function gainOfLevel(level: readonly Row[], slower: readonly Row[]): string {
  const sequential = slower.find((row) => row.approach === 'sequential');
  if (!sequential || !level.every((row) => apart(row.timeMs, sequential.timeMs))) return '';
  const gains = level.map((row) => sequential.timeMs.median / row.timeMs.median);
  const [least, most] = [ratio(Math.min(...gains)), ratio(Math.max(...gains))];
  return `, ${least === most ? most : `${least} to ${most}`} as fast as sequential`;
}

const NAMES = new Intl.ListFormat('en-GB', { type: 'conjunction' });
