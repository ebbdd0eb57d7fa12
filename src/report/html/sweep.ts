// The page of a sweep: the curves of throughput and latency over C, and the figures as a table.
import type { MachineDuringRun } from '../../measure/environment.ts';
import type { Sweep, SweepPoint } from '../../measure/sweep.ts';
import { ticks } from '../axis.ts';
import { advice, endLine, rate, rateWithPercent, sweptNoun } from '../sweep.ts';
import { duration, mebibytes, number, orNone } from '../units.ts';
import { html, type Markup } from './escape.ts';
import { factList, machineFacts } from './making.ts';
import { doubts, page } from './page.ts';
import { partOf, rounded } from './scale.ts';
import { table } from './tables.ts';

export interface SweepRun {
  readonly environment: MachineDuringRun;
  readonly sweep: Sweep;
  /** What else was said of it: what the task spends its time on. */
  readonly notes: readonly string[];
  /** Lines to paste; none for a job of ours. */
  readonly code: readonly string[];
}

export function sweepPage({ environment, sweep, notes, code }: SweepRun): string {
  const { job, approach, points } = sweep;
  return page(
    [`${job}: ${advice(sweep)}.`],
    html`${doubts([environment])}
      <section class="job" id="sweep">
        <h2>${job}: how many at once?</h2>
        ${notes.map((note) => html`<p>${note}</p>`)}
        <p class="settings">C is the number of ${sweptNoun(sweep)} (${approach}). ${endLine(sweep)}</p>
        ${code.length === 0 ? null : html`<pre class="command" tabindex="0">${code.join('\n')}</pre>`}
        ${points.length === 0 ? null : figures(sweep)}
      </section>
      <section id="making">
        <h2>How it was made</h2>
        ${factList(machineFacts(environment))}
        <ul>
          <li>Every trial runs in a fresh process. After the first round the numbers take turns.</li>
          <li>
            Throughput counts the tasks that succeeded, from the start of the first to the end of the last.
            The whiskers are the median absolute deviation of the trials.
          </li>
          <li>
            The knee is the smallest C with nine tenths of the best throughput, if half as much at once is
            clearly worse.
          </li>
        </ul>
      </section>`,
  );
}

const figures = (sweep: Sweep): Markup =>
  html`<div class="figures">
      ${curve(sweep, {
        title: 'Throughput',
        subtitle: 'tasks that succeeded, in a second; the dashed line is the knee',
        valueOf: ({ throughputPerS }) => throughputPerS,
        spreadOf: ({ throughput }) => throughput.mad,
        show: rate,
      })}
      ${curve(sweep, {
        title: 'Latency',
        subtitle: 'of one task, median; the whisker reaches to the slowest twentieth',
        valueOf: ({ latencyMs }) => latencyMs.median,
        topOf: ({ latencyMs }) => latencyMs.p95,
        show: (ms) => duration(ms, 2),
      })}
    </div>
    ${pointTable(sweep)}`;

interface Curve {
  readonly title: string;
  readonly subtitle: string;
  readonly valueOf: (point: SweepPoint) => number;
  /** Up and down from the value. */
  readonly spreadOf?: (point: SweepPoint) => number;
  /** Up from the value. */
  readonly topOf?: (point: SweepPoint) => number;
  readonly show: (value: number) => string;
}

/** The drawing in its own units, which the page stretches to its width. */
const WIDTH = 480;
const HEIGHT = 220;
/** Room for the axes and for what stands above the curve. */
const LEFT = 64;
const FOOT = 28;
const TOP = 10;

function curve(sweep: Sweep, { title, subtitle, valueOf, spreadOf, topOf, show }: Curve): Markup {
  const { points, finding } = sweep;
  const spreadAt = (point: SweepPoint) => spreadOf?.(point) ?? 0;
  const topAt = (point: SweepPoint) =>
    Math.max(valueOf(point), topOf?.(point) ?? valueOf(point) + spreadAt(point));
  const highest = Math.max(...points.map(topAt));
  const max = highest > 0 ? highest * 1.05 : 1;
  const step = (WIDTH - LEFT - 20) / Math.max(1, points.length - 1);
  const x = (index: number) => rounded(LEFT + index * step, 2);
  const y = (value: number) => rounded(HEIGHT - FOOT - partOf(value, max) * (HEIGHT - FOOT - TOP), 2);
  const line = points
    .map((point, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(valueOf(point))}`)
    .join('');
  const knee =
    finding.what === 'found'
      ? points.findIndex(({ concurrency }) => concurrency === finding.concurrency)
      : undefined;
  const said = points.map((point) => `C = ${point.concurrency}: ${show(valueOf(point))}`).join(', ');
  return html`<section class="figure curve">
    <h3>${title}</h3>
    <p>${subtitle}</p>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title} over C. ${said}">
      ${ticks(max, 4).map(
        (value) =>
          html`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}" />
            <text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${show(value)}</text>`,
      )}
      ${
        knee === undefined
          ? null
          : html`<line class="knee" x1="${x(knee)}" x2="${x(knee)}" y1="${TOP}" y2="${HEIGHT - FOOT}" />`
      }
      <path class="line" d="${line}" />
      ${points.map((point, index) => {
        const bottom = y(valueOf(point) - spreadAt(point));
        const top = y(topAt(point));
        return html`<line class="whisker" x1="${x(index)}" x2="${x(index)}" y1="${bottom}" y2="${top}" />
          <circle cx="${x(index)}" cy="${y(valueOf(point))}" r="4" />
          <text x="${x(index)}" y="${HEIGHT - 8}" text-anchor="middle">${number(point.concurrency)}</text>`;
      })}
    </svg>
  </section>`;
}

const pointTable = ({ job, points }: Sweep): Markup =>
  table({
    caption: `${job}: all figures`,
    header: ['C', 'throughput', 'trials', 'tasks in each', 'latency', 'p95', 'memory', 'failed'],
    rows: points.map((point) => [
      number(point.concurrency),
      rateWithPercent(point),
      number(point.throughput.trials.length),
      number(point.tasks),
      duration(point.latencyMs.median),
      duration(point.latencyMs.p95),
      orNone(point.memoryMiB, (MiB) => `+${mebibytes(MiB)}`),
      number(point.failed),
    ]),
  });
