// What a comparison of own work advises: which approach, how much at once, and why, in a sentence that the figures carry.
// Where two are within noise it says so and takes the simpler one.
import { isMeasured, type OwnComparison, type Row } from '../measure/comparison.ts';
import type { Nature, Probe } from '../measure/nature.ts';
import { apart, hasEnoughTrials, LEAST_TRIALS } from '../measure/statistics.ts';
import type { Sweep } from '../measure/sweep.ts';
import { batchOf, codeFor, type AdvisedName, type AdvisedSize } from './advice-code.ts';
import { WIDTH, wrapped, type Paint } from './paint.ts';
import { duration, number, percent, ratio } from './units.ts';

export interface Advice {
  readonly sentence: string;
  /** Lines to paste; none where nothing is advised. */
  readonly code: readonly string[];
}

/** How much there is to understand and to go wrong, the least first. */
const SIMPLICITY: Readonly<Record<AdvisedName, number>> = {
  sequential: 0,
  blocking: 1,
  'promise-all': 2,
  'bounded-pool': 3,
  'stream-map': 4,
  paced: 5,
  adaptive: 6,
  'worker-threads': 7,
};

type AdvisedRow = Row & { readonly approach: AdvisedName };

const isAdvised = (row: Row): row is AdvisedRow => row.approach !== 'job-queue';

/** A gain smaller than this is not worth a less simple approach, however certain it is. */
const SMALL_GAIN = 0.05;

export function adviceFor(comparison: OwnComparison): Advice {
  const { rows, requests, inputsInAll, file } = comparison;
  const good = rows
    .filter(isMeasured)
    .filter(isAdvised)
    .filter((row) => row.failed === 0 && hasEnoughTrials(row.timeMs))
    .toSorted((a, b) => a.timeMs.median - b.timeMs.median);
  const [fastest] = good;
  if (!fastest || good.length < 2) {
    return {
      sentence: `No advice: this needs two approaches with ${LEAST_TRIALS} trials each and without failures.`,
      code: [],
    };
  }
  const isAsGood = (row: Row) =>
    !apart(row.timeMs, fastest.timeMs) || row.timeMs.median <= (1 + SMALL_GAIN) * fastest.timeMs.median;
  // Of more inputs than were measured, nobody knows what all at once would do.
  const isBounded = inputsInAll === requests;
  const candidates = good
    .filter(isAsGood)
    .toSorted((a, b) => SIMPLICITY[a.approach] - SIMPLICITY[b.approach]);
  const taken = candidates.find(({ approach }) => isBounded || approach !== 'promise-all') ?? candidates[0]!;
  const name = file.replace(/^.*[\\/]/, '');
  const size = sizeOf(comparison);
  const reason = reasonFor(taken, fastest, good, comparison);
  if (taken.approach === 'promise-all' && !isBounded) {
    return {
      sentence: `Take bounded-pool with ${number(requests)} at once, as many as promise-all had here: ${reason}.`,
      code: codeFor('bounded-pool', { ...size, concurrency: requests }, name),
    };
  }
  const what = `Take ${taken.approach}${sizeText(taken.approach, size)}`;
  return { sentence: `${what}: ${reason}.`, code: codeFor(taken.approach, size, name) };
}

const sizeOf = ({ concurrency, threads, pace, most, probe, requests }: OwnComparison): AdvisedSize => ({
  concurrency,
  threads,
  pace,
  most,
  costMs: probe.wallMs,
  tasks: requests,
});

function sizeText(approach: AdvisedName, size: AdvisedSize): string {
  if (approach === 'worker-threads') {
    const batch = batchOf(size);
    const batches = batch === 1 ? '' : ` and ${number(batch)} tasks in a message`;
    return ` with ${number(size.threads)} ${size.threads === 1 ? 'thread' : 'threads'}${batches}`;
  }
  const isSized = approach === 'bounded-pool' || approach === 'stream-map' || approach === 'paced';
  return isSized ? ` with ${number(size.concurrency)} at once` : '';
}

/** Why the one that is taken is as good as any. */
function reasonFor(
  taken: AdvisedRow,
  fastest: AdvisedRow,
  good: readonly AdvisedRow[],
  { probe, nature }: OwnComparison,
): string {
  const sequential = good.find(({ approach }) => approach === 'sequential');
  const isGain = sequential && sequential !== taken && apart(sequential.timeMs, taken.timeMs);
  const times = isGain ? sequential.timeMs.median / taken.timeMs.median : 1;
  const why = times > 1 ? causeOf(taken, probe, nature) : '';
  const gain = isGain ? `${ratio(times)} as fast as one by one${why}` : '';
  const beside = besideFastest(taken, fastest);
  return [gain, beside].filter((text) => text !== '').join('; ') || 'no other approach was faster';
}

/** What the probe saw that explains a gain; empty where it does not. */
function causeOf({ approach }: Row, { wallMs, threadCpuMs, otherCpuMs }: Probe, nature: Nature): string {
  const part = (ms: number) => percent(Math.min(1, ms / wallMs));
  if (approach === 'worker-threads') {
    return nature === 'waits'
      ? ''
      : `, since a task computes ${part(threadCpuMs + otherCpuMs)} of its ${duration(wallMs)}`;
  }
  const leftMs = wallMs - threadCpuMs;
  return nature === 'computes'
    ? ''
    : `, since a task leaves its thread free for ${part(leftMs)} of its ${duration(wallMs)}`;
}

function besideFastest(taken: AdvisedRow, fastest: AdvisedRow): string {
  if (taken === fastest) return '';
  const isSimpler = SIMPLICITY[taken.approach] < SIMPLICITY[fastest.approach];
  const better = isSimpler ? 'is the simpler one' : 'stays bounded when there are more inputs';
  if (!apart(taken.timeMs, fastest.timeMs)) {
    return `${fastest.approach} is not clearly faster, and ${taken.approach} ${better}`;
  }
  const gain = percent(taken.timeMs.median / fastest.timeMs.median - 1);
  return `${fastest.approach} gains only ${gain}, and ${taken.approach} ${better}`;
}

/** The code for the C that a sweep of own work names; none where it names none. */
export function sweepCode(sweep: Sweep, costMs: number, file: string): string[] {
  const { finding, approach, points } = sweep;
  if (finding.what !== 'found') return [];
  const { concurrency } = finding;
  const { tasks } = points.find((point) => point.concurrency === concurrency)!;
  const size = { concurrency, threads: concurrency, costMs, tasks };
  return codeFor(concurrency === 1 ? 'sequential' : approach, size, file);
}

/** Advice as text. Code is never wrapped: it is to be pasted. */
export function adviceText({ sentence, code }: Advice, paint: Paint): string[] {
  return [...wrapped(sentence, WIDTH).map((line) => paint('bold', line)), ...code.map((line) => `  ${line}`)];
}
