// The numbers as tables: for those who want them exactly, and for those who hear a page instead of seeing it.
import { windowOf } from '../../running/recorded.ts';
import { hasLimits, isMeasured, nameOf, type Comparison, type Row } from '../../measure/comparison.ts';
import { runnerOf } from '../runner.ts';
import {
  count,
  duration,
  durationWithSpread,
  mebibytes,
  NO_FIGURE,
  number,
  orNone,
  percent,
  ratio,
  wholeNumber,
} from '../units.ts';
import { clipped, html, type Markup, type Piece } from './escape.ts';
import { sampleOf } from './thin.ts';

const ERROR_CHARACTERS = 240;

export interface Table {
  readonly caption: string;
  readonly header: readonly string[];
  /** The first cell of each row is its title. */
  readonly rows: ReadonlyArray<readonly Piece[]>;
}

/** A table that scrolls by itself, with the keyboard too, where the page is too narrow for it. */
export const table = ({ caption, header, rows }: Table): Markup =>
  html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${header.map((title) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(tableRow)}
      </tbody>
    </table>
  </div>`;

const tableRow = ([title, ...cells]: readonly Piece[]): Markup =>
  html`<tr>
    <th scope="row">${title ?? null}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr> `;

const COLUMNS: ReadonlyArray<readonly [title: string, cell: (row: Row) => string]> = [
  ['time ± MAD', (row) => durationWithSpread(row.timeMs)],
  ['runs', (row) => number(row.timeMs.samples.length)],
  // With a hyphen that does not break: the header's words may stand below each other.
  ['speed\u2011up', (row) => orNone(row.speedup, ratio)],
  ['ideal time', (row) => orNone(row.limitMs || null, duration)],
  ['of ideal', (row) => orNone(row.ofLimit, percent)],
  ['at once', (row) => number(row.peakInFlight)],
  ['ok', (row) => number(row.succeeded)],
  ['not ok', (row) => number(row.failed)],
  ['peak memory', (row) => orNone(row.memory && row.memory.peakMiB, mebibytes)],
  ['of it in the run', (row) => orNone(row.memory && row.memory.overBaselineMiB, mebibytes)],
  ['CPU', (row) => duration(row.cpuMs)],
  ['loop lag, worst 1 %', (row) => duration(row.loopDelayMs.p99)],
  ['longest, all runs', (row) => duration(row.loopDelayMs.max)],
  ['loop busy', (row) => percent(row.loopUtilization)],
];

/** Only where an API with limits was asked. */
const FAR_SIDE: typeof COLUMNS = [
  ['refused', ({ atLimits }) => orNone(atLimits?.refused ?? null, wholeNumber)],
  ['longest queue', ({ atLimits }) => orNone(atLimits?.longestQueue ?? null, wholeNumber)],
  ['time in the queue, all together', ({ atLimits }) => orNone(atLimits?.queueMs ?? null, duration)],
  ['goodput', ({ atLimits }) => orNone(atLimits?.goodputPerSecond ?? null, (per) => `${wholeNumber(per)}/s`)],
];

type QueueMemory = NonNullable<NonNullable<Row['queue']>['memory']>;
type QueueCpu = NonNullable<NonNullable<Row['queue']>['cpuMs']>;
const queueMemory = ({ queue }: Row, of: (memory: QueueMemory) => number | null): string =>
  orNone((queue?.memory && of(queue.memory)) ?? null, mebibytes);
const queueCpu = ({ queue }: Row, of: (cpuMs: QueueCpu) => number | null): string =>
  orNone((queue?.cpuMs && of(queue.cpuMs)) ?? null, duration);

/** Columns for tables with a queue. */
const OF_QUEUE: typeof COLUMNS = [
  ['jobs a second', ({ succeeded, timeMs }) => wholeNumber((succeeded / timeMs.median) * 1000)],
  ['begun again', ({ queue }) => orNone(queue?.begunAgain ?? null, number)],
  ['memory of the workers', (row) => queueMemory(row, ({ workersMiB }) => workersMiB)],
  ['of the database, not part of the peak', (row) => queueMemory(row, ({ databaseMiB }) => databaseMiB)],
  ['CPU of the workers', (row) => queueCpu(row, ({ workers }) => workers)],
  ['of the database, not part of the CPU', (row) => queueCpu(row, ({ database }) => database)],
];

/** Every figure of a comparison, perhaps of one of several runs. An approach without a measurement has a row that says so. */
export function numbersTable(comparison: Comparison, run?: string): Markup {
  const hasQueue = comparison.rows.filter(isMeasured).some(({ queue }) => queue);
  const columns = [...COLUMNS, ...(hasLimits(comparison) ? FAR_SIDE : []), ...(hasQueue ? OF_QUEUE : [])];
  const nothing = ['no measurement', ...columns.slice(1).map(() => NO_FIGURE)];
  return table({
    caption: `${nameOf(comparison)}: all figures${run === undefined ? '' : `, ${run}`}`,
    header: ['approach', ...columns.map(([title]) => title)],
    rows: comparison.rows.map((row) => [
      row.approach,
      ...(isMeasured(row) ? columns.map(([, cell]) => cell(row)) : nothing),
    ]),
  });
}

/** What the picture draws in a table for each approach, behind a line that opens them. */
export function spanTables(rows: readonly Row[], most: number, noun: string): Markup | null {
  const drawnRows = rows.filter(({ spans }) => spans.length > 0);
  if (drawnRows.length === 0) return null;
  return html`<details>
    <summary>The ${noun}s of the picture as tables</summary>
    ${drawnRows.map((row) => spanTable(row, most, noun))}
  </details>`;
}

function spanTable(row: Row, most: number, noun: string): Markup {
  const { approach, spans } = row;
  const { startMs } = windowOf(spans);
  const { spans: shown, note } = sampleOf(spans, most, noun);
  const hasErrors = shown.some(({ error }) => error !== undefined);
  return table({
    caption: `${approach}: ${note || count(shown.length, noun)}`,
    header: ['order', runnerOf(row), 'started', 'took', 'outcome', ...(hasErrors ? ['error'] : [])],
    rows: shown.map((span) => [
      span.input,
      span.thread,
      duration(span.startMs - startMs),
      duration(span.endMs - span.startMs),
      span.outcome,
      ...(hasErrors ? [clipped(span.error ?? '', ERROR_CHARACTERS)] : []),
    ]),
  });
}
