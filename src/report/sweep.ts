// A sweep as text: the knee in one sentence, the figures at each C, and the curve of the throughput.
import { NEARLY_ALL } from '../measure/knee.ts';
import type { Sweep, SweepPoint } from '../measure/sweep.ts';
import { apart, LEAST_TRIALS } from '../measure/statistics.ts';
import { oneLine } from '../printable.ts';
import { pad, WIDTH, wrapped, type Paint } from './paint.ts';
import { table, type Column } from './table.ts';
import { count, duration, mebibytes, number, orNone, percent, ratio } from './units.ts';

/** Tasks in a second: `49.3/s`. */
export const rate = (perS: number): string => `${number(Number(perS.toPrecision(3)))}/s`;

/** The same with the deviation of the trials: `49.3/s ± 1 %`. */
export const rateWithPercent = ({ throughput: { median, mad, samples } }: SweepPoint): string =>
  samples.length > 1 ? `${rate(median)} ± ${percent(mad / (median || 1))}` : rate(median);

/** What is swept, by its name: lanes of a pool, or threads. */
export const sweptNoun = ({ approach }: Pick<Sweep, 'approach'>): string =>
  approach === 'worker-threads' ? 'threads' : 'tasks at once';

/** How many at once, in one sentence that this run's figures carry; or why there is none. */
export function advice(sweep: Sweep): string {
  const { points, finding } = sweep;
  const [first] = points;
  if (!first) return 'no advice: nothing was measured';
  if (finding.what === 'too few trials') {
    return `no advice: each C needs ${LEAST_TRIALS} trials (--repeats ${LEAST_TRIALS})`;
  }
  if (finding.what === 'noise') {
    return 'no advice: the trials of this run differ so much that no C is clearly better than a smaller one';
  }
  if (finding.what === 'beyond') {
    const most = points.at(-1)!.concurrency;
    return `throughput still grows at C = ${most}, the most that was allowed: --most ${2 * most} looks further`;
  }
  const knee = points.find(({ concurrency }) => concurrency === finding.concurrency)!;
  const calls = knee.tasks * knee.throughput.trials.length;
  const failed = knee.failed === 0 ? '' : `; ${number(knee.failed)} of ${number(calls)} tasks failed there`;
  if (knee === first) {
    const better = points.filter(
      ({ throughput }) => throughput.median > knee.throughputPerS && apart(throughput, knee.throughput),
    );
    const gain = percent(bestOf(points) / knee.throughputPerS - 1);
    const reason =
      better.length === 0 ? 'no larger C was clearly better' : `a larger C gains at most ${gain}`;
    return `take C = 1, one at a time: ${reason}${failed}`;
  }
  const { ofBest, latencyTimes } = kneeFigures(points, knee);
  return `take C = ${knee.concurrency}: ${percent(ofBest)} of the best throughput at ${ratio(latencyTimes)} the latency of one at a time${failed}`;
}

const bestOf = (points: readonly SweepPoint[]): number =>
  Math.max(...points.map(({ throughputPerS }) => throughputPerS));

/** What the knee gives, against the best and against one at a time. */
export const kneeFigures = (points: readonly SweepPoint[], knee: SweepPoint) => ({
  ofBest: knee.throughputPerS / bestOf(points),
  latencyTimes: knee.latencyMs.median / points[0]!.latencyMs.median,
});

/** Why no larger C was tried. */
export function endLine({ ended, points, approach }: Sweep): string {
  const last = points.at(-1)?.concurrency ?? 0;
  if (ended.why === 'stopped') {
    return `C = ${ended.concurrency}: ${oneLine(ended.error)}. No larger C was tried.`;
  }
  if (ended.why === 'failing') {
    const { failed, tasks, throughput } = points.find(
      ({ concurrency }) => concurrency === ended.concurrency,
    )!;
    const all = number(tasks * throughput.trials.length);
    return `Stopped at C = ${ended.concurrency}: ${number(failed)} of ${all} tasks failed. Perhaps the server that they ask refuses so many at once.`;
  }
  if (ended.why === 'most') return `Stopped at C = ${last}, the most that was allowed (--most).`;
  if (ended.why === 'flat') return `Stopped at C = ${last}: the last two steps gave no more.`;
  const full =
    approach === 'worker-threads' ? 'The cores are full' : 'The tasks wait for something that they share';
  return `Stopped at C = ${last}: a task takes ${ratio(ended.times)} as long as one at a time. ${full}.`;
}

export interface SweepTextOptions {
  readonly paint: Paint;
  /** What casts doubt on the figures, such as a busy machine. */
  readonly doubt?: string | undefined;
}

/** The whole text of a sweep, line by line. */
export function sweepText(sweep: Sweep, { paint, doubt }: SweepTextOptions): string[] {
  const { job, points, approach } = sweep;
  const styled = (style: Parameters<Paint>[0], text: string) =>
    wrapped(text, WIDTH).map((line) => paint(style, line));
  const trials = points[0]?.throughput.trials.length ?? 0;
  const meaning =
    `C: ${sweptNoun(sweep)} (${approach}). Throughput: tasks that succeeded in a second, median of ${count(trials, 'trial')} ` +
    `± median absolute deviation. Latency: from the start of a task to its end. Memory: over what the process held before.`;
  return [
    ...styled('bold', `${job}: ${advice(sweep)}.`),
    ...(doubt === undefined ? [] : styled('yellow', doubt)),
    ...(points.length === 0 ? [] : [...pointTable(sweep, paint), ...styled('dim', meaning)]),
    ...styled(sweep.ended.why === 'stopped' ? 'red' : 'dim', endLine(sweep)),
    ...(points.length === 0 ? [] : ['', ...curve(sweep, paint)]),
  ];
}

const COLUMNS: readonly Column[] = [
  { title: 'C', align: 'right' },
  { title: 'throughput', align: 'right' },
  { title: 'latency', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'memory', align: 'right' },
  { title: 'failed', align: 'right' },
];

function pointTable(sweep: Sweep, paint: Paint): string[] {
  const cells = sweep.points.map((point) => [
    number(point.concurrency),
    rateWithPercent(point),
    duration(point.latencyMs.median),
    duration(point.latencyMs.p95),
    orNone(point.memoryMiB, (MiB) => `+${mebibytes(MiB)}`),
    number(point.failed),
  ]);
  return table(COLUMNS, cells, paint);
}

/** Rows of the curve, and columns of each C in it. */
const HEIGHT = 8;
const BAR = 4;
const GAP = 2;
const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** The throughput over C, from 0 up, with a mark under the knee and a line at the level of nearly all. */
export function curve(sweep: Sweep, paint: Paint): string[] {
  const { points, finding } = sweep;
  const best = bestOf(points);
  const label = rate(best);
  const margin = ' '.repeat(label.length);
  const heights = points.map(({ throughputPerS }) => Math.round((throughputPerS / (best || 1)) * HEIGHT * 8));
  const rows = Array.from({ length: HEIGHT }, (_, index) => {
    const below = (HEIGHT - 1 - index) * 8;
    const blocks = heights.map((height) => {
      const part = Math.max(0, Math.min(8, height - below));
      return EIGHTHS[part]!.repeat(BAR);
    });
    return `${index === 0 ? label : margin} ${paint('cyan', blocks.join(' '.repeat(GAP)))}`;
  });
  const cell = (text: string) => pad(text, BAR + GAP);
  const axis = `${margin} ${points.map(({ concurrency }) => cell(number(concurrency))).join('')}`;
  const marks = points.map(({ concurrency }) =>
    cell(finding.what === 'found' && finding.concurrency === concurrency ? '▲' : ''),
  );
  const hasKnee = finding.what === 'found';
  return [
    paint('dim', 'Throughput over C, from 0 up:'),
    ...rows.map((row) => row.trimEnd()),
    paint('dim', axis.trimEnd()),
    ...(hasKnee
      ? [`${margin} ${marks.join('').trimEnd()} knee: the least C with ${percent(NEARLY_ALL)} of the best`]
      : []),
  ];
}
