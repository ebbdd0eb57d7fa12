// One bar for each request: dotted while it waits for its turn, solid while it is in flight. With several threads each thread
// has a band of rows, so that a reader sees what each of them did.
import { windowOf, type Span } from '../../running/recorded.ts';
import type { Runner } from '../runner.ts';
import { duration } from '../units.ts';
import { clipped, html, type Markup, type Piece } from './escape.ts';
import { sampleOf } from './thin.ts';
import { place, rounded } from './scale.ts';

export interface Axis {
  /** What is 0 on the axis, on the clock of the spans. */
  readonly startMs: number;
  /** The length of the axis. */
  readonly lengthMs: number;
  readonly ticks: readonly number[];
}

export interface RequestsOptions {
  readonly axis: Axis;
  /** Where the approach could end at best, on the axis. */
  readonly limitMs: number;
  /** What an order does when it has its turn. */
  readonly verb: string;
  /** What the job calls an order's turn. */
  readonly noun: string;
  /** What a request runs in: a thread or a worker. */
  readonly runner: Runner;
  readonly label: string;
}

/** Rows drawn at most, and the height of the picture in pixels for 10 rows or more. */
export const MOST_ROWS = 100;
const HEIGHT = 120;
const LEAST_ROW = 1.5;
const MOST_ROW = 12;
/** A band lower than this has no room for its name. */
const NAMED_BAND = 11;
/** Lines between bands closer than this would be a grey field. */
const LEAST_BAND = 4;
/** A bar that is a smaller part of the axis gets an outline, or nobody would see it. */
const TINY = 0.002;
/** A limit that is a smaller part of the axis is not drawn: it would hide the requests. */
const LEAST_LIMIT = 0.005;
const ERROR_CHARACTERS = 240;

export interface RequestsPicture {
  readonly svg: Markup;
  readonly note: string;
}

export function requestsPicture(spans: readonly Span[], options: RequestsOptions): RequestsPicture {
  const { axis, limitMs, noun, runner, label } = options;
  const { spans: shown, note } = sampleOf(spans, MOST_ROWS, noun);
  const rowHeight = Math.min(MOST_ROW, Math.max(LEAST_ROW, HEIGHT / Math.max(1, shown.length)));
  const height = Math.ceil(rowHeight * shown.length);
  const rows = shown.map((span, index) => requestRow(span, index, rowHeight, options));
  const svg = html`<svg class="requests" height="${height}" role="list" aria-label="${label}">
    ${grid(axis)} ${rows}
    <g aria-hidden="true">
      ${bands(shown, rowHeight, axis, runner)}
      ${limitMs < LEAST_LIMIT * axis.lengthMs ? null : limitLine(limitMs, axis)}
    </g>
  </svg>`;
  return { svg, note };
}

function requestRow(
  span: Span,
  index: number,
  rowHeight: number,
  { axis, verb, runner }: RequestsOptions,
): Markup {
  const startMs = span.startMs - axis.startMs;
  const y = rounded(index * rowHeight, 2);
  const wait = place(startMs, axis.lengthMs);
  const tookMs = span.endMs - span.startMs;
  const width = place(tookMs, axis.lengthMs);
  // Only high rows have a gap between them.
  const height = rounded(rowHeight > 4 ? rowHeight - 2 : rowHeight, 2);
  const classes = `request ${span.outcome}${tookMs < TINY * axis.lengthMs ? ' tiny' : ''}`;
  return html`<g class="${classes}" role="listitem" tabindex="${index === 0 ? 0 : -1}"
    ><title>${detailsOf(span, startMs, verb, runner)}</title
    ><rect class="wait" y="${y}" width="${wait}" height="${height}" /><rect
      class="bar"
      x="${wait}"
      y="${y}"
      width="${width}"
      height="${height}"
  /></g> `;
}

/** What a reader gets to know of one request, line by line. `startMs` counts from the start of the run. */
function detailsOf(span: Span, startMs: number, verb: string, runner: Runner): string {
  const tookMs = span.endMs - span.startMs;
  const lines = [
    `order ${span.input}: ${span.outcome}`,
    `waited ${duration(startMs)}, ${verb} ${duration(tookMs)}`,
    `from ${duration(startMs)} to ${duration(startMs + tookMs)}`,
  ];
  if (span.thread !== 0) lines.push(`${runner} ${span.thread}`);
  if (span.error !== undefined) lines.push(clipped(span.error, ERROR_CHARACTERS));
  return lines.join('\n');
}

/** The lines of the time axis, behind everything. */
export const grid = ({ ticks, lengthMs }: Axis): Markup =>
  html`<g class="grid" aria-hidden="true">
    ${ticks.map((ms) => html`<line x1="${place(ms, lengthMs)}" x2="${place(ms, lengthMs)}" y1="0" y2="100%" />`)}
  </g>`;

function limitLine(limitMs: number, { lengthMs }: Axis): Markup {
  const x = place(limitMs, lengthMs);
  return html`<line class="limit-halo" x1="${x}" x2="${x}" y1="0" y2="100%" />
    <line class="limit" x1="${x}" x2="${x}" y1="0" y2="100%" />`;
}

/** Bars that end before this part of the width leave room for a name. */
const ROOM_FOR_NAMES = 0.85;

function bands(
  shown: readonly Span[],
  rowHeight: number,
  { startMs, lengthMs }: Axis,
  runner: Runner,
): Piece {
  const threads = Map.groupBy(shown, (span) => span.thread);
  if (threads.size < 2) return [];
  const endMs = windowOf(shown).endMs - startMs;
  // The name of a thread stands behind the last bar where there is room, else at the edge.
  const isBehind = endMs < ROOM_FOR_NAMES * lengthMs;
  const x = isBehind ? place(endMs, lengthMs) : '100%';
  let first = 0;
  return Array.from(threads, ([thread, { length }]) => {
    const y = rounded(first * rowHeight, 2);
    const height = length * rowHeight;
    first += length;
    const name = html`<text
      x="${x}"
      dx="${isBehind ? 8 : 0}"
      text-anchor="${isBehind ? 'start' : 'end'}"
      y="${rounded(y + height / 2 + 4, 2)}"
      >${runner} ${thread}</text
    >`;
    const line = html`<line class="band" x1="0" x2="100%" y1="${y}" y2="${y}" />`;
    return [height >= LEAST_BAND ? line : null, height >= NAMED_BAND ? name : null];
  });
}
