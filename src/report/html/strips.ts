// The two strips below the requests, on the same axis: how many are in flight, and how late the event loop is.
// Both are drawn in units of their own and stretched, with lines that keep their thickness.
import type { LoopTrack } from '../../measure/loop-track.ts';
import type { Span } from '../../running/recorded.ts';
import { thinned } from '../in-flight.ts';
import { duration } from '../units.ts';
import { html, type Markup } from './escape.ts';
import { grid, type Axis } from './requests.ts';
import { place, rounded } from './scale.ts';

const FLIGHT_HEIGHT = 32;
const LATE_HEIGHT = 16;
/** Parts of the time that are told apart: about a pixel each. */
const COLUMNS = 1000;
/** Width of the drawing in its own units. */
const WIDTH = 1000;
/** Lateness is drawn by its order of magnitude, from 1 ms at the foot to 1 s at the top. */
export const MOST_LATE_MS = 1000;
/** From here on a person notices. */
export const NOTICEABLE_MS = 50;

/** A step line of the requests in flight; `most` is the height of the picture, shared by all approaches. */
export function flightStrip(spans: readonly Span[], axis: Axis, most: number): Markup {
  const { startMs, lengthMs } = axis;
  const steps = thinned(spans, { startMs, endMs: startMs + lengthMs, columns: COLUMNS });
  const x = (ms: number) => rounded(((ms - startMs) / lengthMs) * WIDTH, 2);
  const line = steps.map(({ atMs, open }) => `H${x(atMs)}V${most - open}`).join('');
  const peak = steps.reduce((highest, { open }) => Math.max(highest, open), 0);
  return html`<svg
    class="flight"
    height="${FLIGHT_HEIGHT}"
    role="img"
    aria-label="At most ${peak} in flight at once"
  >
    ${grid(axis)}
    <svg viewBox="0 0 ${WIDTH} ${most || 1}" preserveAspectRatio="none">
      <path class="area" d="M0 ${most}${line}" />
    </svg>
  </svg>`;
}

/** How late the event loop was, over time. */
export function lateStrip(track: LoopTrack, axis: Axis): Markup {
  const worst = track.lateMs.reduce((most, late) => Math.max(most, late), 0);
  const label =
    track.lateMs.length === 0 ? 'Not recorded' : `Event loop over time: at most ${duration(worst)} late`;
  const isNoticeable = (late: number) => late >= NOTICEABLE_MS;
  return html`<svg class="late" height="${LATE_HEIGHT}" role="img" aria-label="${label}">
    ${grid(axis)}
    <svg viewBox="0 0 ${WIDTH} ${LATE_HEIGHT}" preserveAspectRatio="none">
      <path class="little" d="${columnsOf(track, axis, (late) => !isNoticeable(late))}" />
      <path class="much" d="${columnsOf(track, axis, isNoticeable)}" />
    </svg>
    <line
      class="ground"
      x1="0"
      x2="${place(Math.min(axis.lengthMs, track.stepMs * track.lateMs.length), axis.lengthMs)}"
      y1="100%"
      y2="100%"
    />
  </svg>`;
}

/** Columns for the steps that `belongs` picks, as one path; neighbours of the same height are one column. */
function columnsOf({ startMs, stepMs, lateMs }: LoopTrack, axis: Axis, belongs: (late: number) => boolean) {
  const heights = lateMs.map((late) => (late > 0 && belongs(late) ? heightOf(late) : 0));
  const x = (step: number) => {
    const ms = startMs + step * stepMs - axis.startMs;
    return rounded((Math.min(axis.lengthMs, Math.max(0, ms)) / axis.lengthMs) * WIDTH, 2);
  };
  const path: string[] = [];
  for (let first = 0; first < heights.length;) {
    let end = first + 1;
    while (end < heights.length && heights[end] === heights[first]) end++;
    const height = heights[first]!;
    if (height > 0) path.push(`M${x(first)} ${LATE_HEIGHT}v${-height}H${x(end)}v${height}z`);
    first = end;
  }
  return path.join('');
}

/** In pixels, at least 2 so that it is seen. */
function heightOf(lateMs: number): number {
  const magnitude = Math.log10(Math.max(1, lateMs)) / Math.log10(MOST_LATE_MS);
  return Math.max(2, Math.round(Math.min(1, magnitude) * LATE_HEIGHT));
}
