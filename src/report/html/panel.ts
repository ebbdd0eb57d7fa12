// One approach in the picture: its figures at the left, its requests and strips at the right.
import { windowOf } from '../../running/recorded.ts';
import { APPROACHES } from '../../running/registry.ts';
import { isLeftOut, type FailedRow, type LeftOutRow, type Row } from '../../measure/comparison.ts';
import { runnerOf } from '../runner.ts';
import { asFastAs, count, duration, NO_FIGURE, number, percent } from '../units.ts';
import { clipped, html, type Markup } from './escape.ts';
import { requestsPicture, type Axis } from './requests.ts';
import { flightStrip, lateStrip } from './strips.ts';

export interface SharedScale {
  /** The length and the ticks of the axis that all approaches share. */
  readonly lengthMs: number;
  readonly ticks: readonly number[];
  /** The most in flight that any approach reached. */
  readonly mostInFlight: number;
  readonly verb: string;
  readonly noun: string;
}

const ERROR_CHARACTERS = 2000;

export function panel(row: Row, shared: SharedScale): Markup {
  const { spans, approach } = row;
  const { startMs, endMs } = windowOf(spans);
  const axis: Axis = { startMs, lengthMs: shared.lengthMs, ticks: shared.ticks };
  const { verb, noun, mostInFlight } = shared;
  const label = `${approach}: ${count(spans.length, noun)} in ${duration(endMs - startMs)}. Arrow keys go from one to the next.`;
  const requests = requestsPicture(spans, {
    axis,
    limitMs: row.limitMs,
    verb,
    noun,
    runner: runnerOf(row),
    label,
  });
  return html`<article class="panel ${approach}">
    <header>
      <h3>${approach}</h3>
      <p class="time">${duration(row.timeMs.median)}</p>
      <p>${spreadLine(row)}</p>
      ${gainLine(row)} ${row.ofLimit === null ? null : html`<p>${percent(row.ofLimit)} of ideal</p>`}
      ${row.failed > 0 ? html`<p class="bad">${row.failed} of ${row.failed + row.succeeded} did not succeed</p>` : null}
      <p class="about">${APPROACHES[approach].summary}</p>
    </header>
    <div class="plot">${requests.svg}</div>
    <p class="strip-name">in flight <b>${number(row.peakInFlight)}</b></p>
    <div class="plot">${flightStrip(spans, axis, mostInFlight)}</div>
    <p class="strip-name">event loop lag <b>${longestLag(row)}</b></p>
    <div class="plot">${lateStrip(row.loopTrack, axis)}</div>
    ${requests.note ? html`<p class="note">${requests.note} The strips count all.</p>` : null}
  </article>`;
}

/** The longest lag of the run that is drawn. Another run may have had one that is longer than this whole run. */
function longestLag({ loopTrack: { lateMs } }: Row): string {
  if (lateMs.length === 0) return NO_FIGURE;
  const longestMs = lateMs.reduce((most, late) => Math.max(most, late), 0);
  // Timers count whole milliseconds, so the track has no shorter lag.
  return longestMs === 0 ? 'under 1 ms' : duration(longestMs);
}

/** `± 1.2 ms, 3 runs` */
export const spreadLine = ({ timeMs }: Row): string =>
  `${timeMs.samples.length > 1 ? `± ${duration(timeMs.mad, 2)}, ` : ''}${count(timeMs.samples.length, 'run')}`;

const gainLine = ({ speedup, approach }: Row): Markup | null =>
  speedup === null || approach === 'sequential' ? null : html`<p>${asFastAs(speedup, 'sequential')}</p>`;

/** An approach without a measurement: all there is to show is the reason. */
export const silentPanel = (row: FailedRow | LeftOutRow): Markup =>
  html`<article class="panel ${row.approach} failed-row">
    <header>
      <h3>${row.approach}</h3>
      ${isLeftOut(row) ? html`<p>left out</p>` : html`<p class="bad">no measurement</p>`}
    </header>
    <pre class="error">${clipped(isLeftOut(row) ? row.leftOut : row.error, ERROR_CHARACTERS)}</pre>
  </article>`;
