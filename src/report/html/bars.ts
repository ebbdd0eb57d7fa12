// Time, memory and CPU as bars: the median, its spread, and the limit where there is one.
import { isMeasured, type Comparison, type Row } from '../../measure/comparison.ts';
import { spreadOf, type Spread } from '../../measure/statistics.ts';
import { duration, durationWithSpread, mebibytes } from '../units.ts';
import { html, type Markup } from './escape.ts';
import { place } from './scale.ts';

interface Figure {
  readonly title: string;
  readonly subtitle: string;
  readonly spread: (row: Row) => Spread;
  readonly text: (spread: Spread, row: Row) => string;
  /** The part of the bar that was there before the run. */
  readonly before?: (row: Row) => number;
  readonly limit?: (row: Row) => number;
}

const FIGURES: readonly Figure[] = [
  {
    title: 'Time',
    subtitle: 'of a whole run; the dashed line is the limit',
    spread: (row) => row.timeMs,
    text: durationWithSpread,
    limit: (row) => row.limitMs,
  },
  {
    title: 'Memory',
    subtitle: 'resident peak; the pale part was there before the run',
    spread: (row) => spreadOf(row.memory.peaksMiB),
    text: ({ median }, row) => `${mebibytes(median)}, +${mebibytes(row.memory.overBaselineMiB)}`,
    before: (row) => row.memory.baselineMiB,
  },
  {
    title: 'CPU',
    subtitle: 'of a whole run, all threads together',
    spread: (row) => spreadOf(row.cpuSamplesMs),
    text: ({ median, mad, samples }) =>
      samples.length > 1 ? `${duration(median)} ± ${duration(mad, 2)}` : duration(median),
  },
];

/** `rows` are those of one comparison; `all` are all that must fit on the axes, from two files perhaps. */
export function bars({ rows }: Comparison, all: readonly Comparison[]): Markup {
  const measured = rows.filter(isMeasured);
  const everyRow = all.flatMap((comparison) => comparison.rows).filter(isMeasured);
  return html`<div class="figures">${FIGURES.map((figure) => chart(figure, measured, everyRow))}</div>`;
}

function chart(figure: Figure, rows: readonly Row[], all: readonly Row[]): Markup {
  const reach = (row: Row) => {
    const { median, mad } = figure.spread(row);
    return Math.max(median + mad, figure.limit?.(row) ?? 0);
  };
  const max = Math.max(0, ...all.map(reach));
  return html`<section class="figure">
    <h4>${figure.title}</h4>
    <p>${figure.subtitle}</p>
    <ul>
      ${rows.map((row) => barRow(figure, row, max))}
    </ul>
  </section>`;
}

function barRow(figure: Figure, row: Row, max: number): Markup {
  const spread = figure.spread(row);
  const { median, mad } = spread;
  const limit = figure.limit && place(figure.limit(row), max);
  const [low, high] = [place(Math.max(0, median - mad), max), place(median + mad, max)];
  const before = figure.before?.(row) ?? 0;
  return html`<li class="${row.approach}">
    <span class="name">${row.approach}</span>
    <svg height="18" aria-hidden="true">
      <rect class="before" y="3" width="${place(before, max)}" height="12" />
      <rect
        class="amount"
        x="${place(before, max)}"
        y="3"
        width="${place(Math.max(0, median - before), max)}"
        height="12"
      />
      ${mad > 0 ? html`<line class="whisker" x1="${low}" x2="${high}" y1="9" y2="9" />` : null}
      ${limit === undefined ? null : html`<line class="limit" x1="${limit}" x2="${limit}" y1="0" y2="18" />`}
    </svg>
    <span class="amount">${figure.text(spread, row)}</span>
  </li>`;
}
