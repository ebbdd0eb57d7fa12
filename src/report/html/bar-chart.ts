// A chart of bars for one figure: the median, its spread, and a limit where there is one. All start at 0.
import type { Spread } from '../../measure/statistics.ts';
import { html, type Markup } from './escape.ts';
import { place } from './scale.ts';

export interface Bar {
  readonly name: string;
  /** The approach it belongs to, which gives it its colour; undefined if it belongs to none. */
  readonly approach?: string | undefined;
  readonly spread: Spread;
  readonly text: string;
  /** The part of the bar that was there before the run. */
  readonly before?: number;
  readonly limit?: number;
}

export interface BarChart {
  readonly title: string;
  readonly subtitle?: string;
  readonly bars: readonly Bar[];
  /** The value at the right edge. */
  readonly max: number;
}

/** How far a bar reaches, with its spread, its limit, and what was there before. */
export const reachOf = ({ spread: { median, mad }, before = 0, limit = 0 }: Bar): number =>
  Math.max(median + mad, before, limit);

export const barChart = ({ title, subtitle, bars, max }: BarChart): Markup =>
  html`<section class="figure">
    <h3>${title}</h3>
    ${subtitle === undefined ? null : html`<p>${subtitle}</p>`}
    <ul>
      ${bars.map((bar) => barRow(bar, max))}
    </ul>
  </section>`;

function barRow({ name, approach = '', spread, text, before = 0, limit }: Bar, max: number): Markup {
  const { median, mad } = spread;
  const low = place(Math.max(0, median - mad), max);
  const high = place(median + mad, max);
  const width = place(Math.max(0, median - before), max);
  const mark = limit === undefined ? null : place(limit, max);
  return html`<li class="${approach}">
    <span class="${/\s/.test(name) ? 'name' : 'name word'}">${name}</span>
    <svg height="18" aria-hidden="true">
      <rect class="before" y="3" width="${place(before, max)}" height="12" />
      <rect class="amount" x="${place(before, max)}" y="3" width="${width}" height="12" />
      ${mad > 0 ? html`<line class="whisker" x1="${low}" x2="${high}" y1="9" y2="9" />` : null}
      ${mark === null ? null : html`<line class="limit" x1="${mark}" x2="${mark}" y1="0" y2="18" />`}
    </svg>
    <span class="amount">${text}</span>
  </li>`;
}
