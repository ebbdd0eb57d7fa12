// Runs made by hand for the report's tests: what each request did follows from its number.
import type { ApproachName } from '../../../src/running/registry.ts';
import type { Span } from '../../../src/running/recorded.ts';
import type { Comparison, Row } from '../../../src/measure/comparison.ts';
import { claimsOf } from '../../../src/report/claims.ts';
import type { RunDocument } from '../../../src/report/document.ts';
import { cpuComparison, ioComparison, quietEnvironment, row, span } from '../samples.ts';

export const runOf = (...comparisons: Comparison[]): RunDocument => {
  return { environment: quietEnvironment(), comparisons, claims: claimsOf(comparisons) };
};

interface Lanes {
  readonly count: number;
  /** In flight at once. */
  readonly lanes: number;
  /** What one request takes. */
  readonly tookMs: number;
  readonly more?: (index: number) => Partial<Span>;
}

/** Requests in waves; on a clock that does not begin at 0, as in a real run. */
export function waves({ count, lanes, tookMs, more }: Lanes): Span[] {
  return Array.from({ length: count }, (_, index) => {
    const startMs = 1_700_000_000_000 + Math.floor(index / lanes) * tookMs;
    return span(index + 1, startMs, startMs + tookMs, more?.(index));
  });
}

/** A row whose figures are those of its spans. */
export function wavesRow(approach: ApproachName, lanes: Lanes, more: Partial<Row> = {}): Row {
  const spans = waves(lanes);
  const totalMs = spans.at(-1)!.endMs - spans[0]!.startMs;
  const failed = spans.filter(({ outcome }) => outcome !== 'ok').length;
  return row(approach, [totalMs, totalMs * 1.01, totalMs * 0.99], {
    spans,
    peakInFlight: Math.min(lanes.count, lanes.lanes),
    succeeded: spans.length - failed,
    failed,
    limitMs: totalMs * 0.9,
    ofLimit: 0.9,
    loopTrack: { startMs: spans[0]!.startMs, stepMs: totalMs / 4, lateMs: [0, 5, 80, 0] },
    ...more,
  });
}

/** Ten threads take turns. */
export const thread = (index: number) => ({ thread: 1 + (index % 10) });

/** As many requests and approaches as a run has that was started without options, and then some. */
export function defaultRun(): RunDocument {
  const lanes = { count: 100, tookMs: 20 };
  const rows = [
    wavesRow('blocking', { ...lanes, lanes: 1, more: () => ({ thread: 1 }) }),
    wavesRow('sequential', { ...lanes, lanes: 1 }, { speedup: 1 }),
    wavesRow('promise-all', { ...lanes, lanes: 100 }, { speedup: 100 }),
    wavesRow('bounded-pool', { ...lanes, lanes: 10 }, { speedup: 10 }),
    wavesRow('worker-threads', { ...lanes, lanes: 10, more: thread }, { speedup: 10 }),
  ];
  return runOf(ioComparison(rows, { requests: 100 }), cpuComparison(rows, { requests: 100 }));
}

export function tenThousand(): RunDocument {
  const lanes = { count: 10_000, tookMs: 20 };
  const unlucky = (index: number): Partial<Span> =>
    index % 1000 === 7 ? { outcome: 'failed', error: 'TypeError: fetch failed' } : {};
  const rows = [
    wavesRow('sequential', { ...lanes, lanes: 1 }),
    wavesRow('promise-all', { ...lanes, lanes: 10_000 }),
    wavesRow('bounded-pool', { ...lanes, lanes: 1000, more: unlucky }),
    wavesRow('worker-threads', { ...lanes, lanes: 10, more: thread }),
  ];
  return runOf(ioComparison(rows, { requests: 10_000 }));
}
