// The advice of a whole run, in one sentence: what to take for which kind of work. Each part of it is carried by figures of
// the run. A part without figures is left out, and an advice of one part would be no more than that part's own headline.
import { hasLimits, isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { ranking } from './finding.ts';
import { count, number, ratio } from './units.ts';

/** Approaches that have only so many requests in flight, whatever there is to do. */
const BOUNDED: ReadonlySet<Row['approach']> = new Set(['bounded-pool', 'stream-map', 'paced', 'adaptive']);

/** The advice; undefined where the run carries none. */
export function runAdvice(comparisons: readonly Comparison[]): string | undefined {
  const parts = comparisons.flatMap((comparison) => {
    const part = partOf(comparison);
    return part === undefined ? [] : [part];
  });
  if (parts.length < 2) return undefined;
  const sentence = parts.join('; ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function partOf(comparison: Comparison): string | undefined {
  if (hasLimits(comparison)) return boundedPart(comparison);
  if (comparison.kind === 'io') return allAtOncePart(comparison);
  return comparison.kind === 'cpu' ? threadsPart(comparison) : undefined;
}

/** Nothing limits: whoever starts everything is beyond doubt the fastest, or nobody is beyond doubt faster. */
function allAtOncePart(comparison: Comparison): string | undefined {
  const all = ranking(comparison)?.level.find(({ approach }) => approach === 'promise-all');
  if (!all || all.speedup === null || all.speedup <= 1) return undefined;
  return `all at once where nothing limits (promise-all: ${ratio(all.speedup)} as fast as one by one)`;
}

/** Something limits: whoever starts everything loses orders, and somebody bounded loses none. */
function boundedPart({ rows }: Comparison): string | undefined {
  const measured = rows.filter(isMeasured);
  const all = measured.find(({ approach }) => approach === 'promise-all');
  const [best] = measured
    .filter(({ approach, failed }) => BOUNDED.has(approach) && failed === 0)
    .toSorted((one, other) => one.timeMs.median - other.timeMs.median);
  if (!all || all.failed === 0 || !best) return undefined;
  const lost = `promise-all lost ${number(all.failed)} of ${count(all.failed + all.succeeded, 'order')}`;
  return `bounded where something does (${lost}, ${best.approach} none)`;
}

/** It computes: threads alone are beyond doubt the fastest. */
function threadsPart(comparison: Comparison): string | undefined {
  const ranked = ranking(comparison);
  const [first, ...level] = ranked?.level ?? [];
  if (first?.approach !== 'worker-threads' || level.length > 0) return undefined;
  if (first.speedup === null || first.speedup <= 1) return undefined;
  return `threads where it computes (worker-threads: ${ratio(first.speedup)})`;
}
