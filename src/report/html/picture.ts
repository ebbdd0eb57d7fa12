// The picture of a comparison: all approaches on one time axis, so that their lengths can be compared by eye.
import { windowOf } from '../../running/recorded.ts';
import { isMeasured, type Comparison, type Row } from '../../measure/comparison.ts';
import { peakOverlap } from '../../measure/row.ts';
import { axisEnd, ticks } from '../axis.ts';
import { duration, roundDuration, taskNoun } from '../units.ts';
import { MOST_LATE_MS, NOTICEABLE_MS } from './strips.ts';
import { html, type Markup } from './escape.ts';
import { barKey, legendOf, limitKey } from './legend.ts';
import { panel, silentPanel, type SharedScale } from './panel.ts';
import { MOST_ROWS } from './requests.ts';
import { place } from './scale.ts';
import { spanTables } from './tables.ts';

const lengthOf = ({ spans }: Row): number => {
  const { startMs, endMs } = windowOf(spans);
  return endMs - startMs;
};

/** An approach that takes less of the axis than this is drawn again, on an axis for the short ones. */
const SHORT = 0.25;

/** The scale that the panels of `rows` share. The rows are of one job, from one file or from two. */
function sharedBy(rows: readonly Row[], words: Pick<SharedScale, 'verb' | 'noun'>): SharedScale {
  const longestMs = Math.max(0, ...rows.flatMap((row) => [lengthOf(row), row.limitMs]));
  const lengthMs = axisEnd(longestMs);
  return {
    lengthMs,
    ticks: ticks(lengthMs),
    mostInFlight: Math.max(1, ...rows.map((row) => peakOverlap(row.spans))),
    ...words,
  };
}

const VERBS: Readonly<Record<Comparison['kind'], string>> = {
  io: 'in flight',
  cpu: 'computed',
  own: 'running',
};

/** `all` are the comparisons that must fit on the axes: this one alone, or with the same job of another file. */
export function picture(comparison: Comparison, all: readonly Comparison[]): Markup {
  const { job, rows, kind } = comparison;
  const words = { verb: VERBS[kind], noun: taskNoun(comparison) };
  const measured = all.flatMap((comparison) => comparison.rows).filter(isMeasured);
  const shared = sharedBy(measured, words);
  const isLong = (row: Row) => Math.max(lengthOf(row), row.limitMs) >= SHORT * shared.lengthMs;
  const long = new Set(measured.filter(isLong).map(({ approach }) => approach));
  const isShort = ({ approach }: Row) => !long.has(approach);
  const short = rows.filter(isMeasured).filter(isShort);
  const closer = sharedBy(measured.filter(isShort), words);
  return html`<div class="picture" role="group" aria-label="${job}: what ran when">
    ${legend(words.verb)} ${axis(shared)}
    ${rows.map((row) => (isMeasured(row) ? panel(row, shared) : silentPanel(row)))} ${axis(shared)}
    ${
      short.length === 0
        ? null
        : html`<h3>The first ${duration(closer.lengthMs)}, closer</h3>
            ${axis(closer)} ${short.map((row) => panel(row, closer))} ${axis(closer)}`
    }
    ${spanTables(rows.filter(isMeasured), MOST_ROWS, words.noun)}
  </div>`;
}

/** From this part of the width on, a name in the middle of its place would leave the picture. */
const NEAR_THE_END = 0.93;

function axis({ ticks, lengthMs }: SharedScale): Markup {
  const last = ticks.length - 1;
  const anchorOf = (ms: number, index: number) => {
    if (index === last && ms / lengthMs > NEAR_THE_END) return 'end';
    return index === 0 ? 'start' : 'middle';
  };
  const tick = (ms: number, index: number) => {
    // Where there is little room, every second name is hidden.
    const minor = index % 2 === 1 ? 'minor' : 'major';
    return html`<text class="${minor}" x="${place(ms, lengthMs)}" y="12" text-anchor="${anchorOf(ms, index)}"
      >${roundDuration(ms)}</text
    >`;
  };
  return html`<div class="panel axis" aria-hidden="true">
    <div class="plot"><svg height="16">${ticks.map(tick)}</svg></div>
  </div>`;
}

const legend = (verb: string): Markup =>
  legendOf([
    barKey('waiting', 'waiting for its turn'),
    barKey('ok', `${verb}, ok`),
    barKey('failed', 'failed'),
    barKey('aborted', 'aborted'),
    limitKey('ideal time of the approach'),
    html`<li>
      <svg class="key late" width="28" height="10" aria-hidden="true">
        <path class="little" d="M0 10V7H12V10z" />
        <path class="much" d="M12 10V0H28V10z" />
      </svg>
      event loop lag: higher is later, up to ${MOST_LATE_MS / 1000} s; red from ${NOTICEABLE_MS} ms
    </li>`,
  ]);
