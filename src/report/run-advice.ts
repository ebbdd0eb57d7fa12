// The advice of a whole run, a sentence for each kind of work: what to take. Figures of the run carry each sentence. A sentence
// without figures is left out. One sentence alone would repeat the headline of its comparison, so there is no advice then.
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
  return parts.join(' ');
}

function partOf(comparison: Comparison): string | undefined {
  if (hasLimits(comparison)) return boundedPart(comparison);
  if (comparison.kind === 'io') return allAtOncePart(comparison);
  return comparison.kind === 'cpu' ? threadsPart(comparison) : undefined;
}

/** Nothing limits the requests: promise-all is advised unless another approach is beyond doubt faster. */
function allAtOncePart(comparison: Comparison): string | undefined {
  const all = ranking(comparison)?.level.find(({ approach }) => approach === 'promise-all');
  if (!all || all.speedup === null || all.speedup <= 1) return undefined;
  return `Take promise-all if nothing limits the requests (speed-up ${ratio(all.speedup)}).`;
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
  return `Take ${best.approach} if the API has limits (${lost}, ${best.approach} lost none).`;
}

/** It computes: threads alone are beyond doubt the fastest. */
function threadsPart(comparison: Comparison): string | undefined {
  const ranked = ranking(comparison);
  const [first, ...level] = ranked?.level ?? [];
  if (first?.approach !== 'worker-threads' || level.length > 0) return undefined;
  if (first.speedup === null || first.speedup <= 1) return undefined;
  return `Take worker-threads for work that computes (speed-up ${ratio(first.speedup)}).`;
}
