// Time, memory and CPU of each approach as bars.
import { isMeasured, type Comparison, type Row } from '../../measure/comparison.ts';
import { spreadOf } from '../../measure/statistics.ts';
import { durationWithSpread, mebibytes } from '../units.ts';
import { barChart, reachOf, type Bar } from './bar-chart.ts';
import { html, type Markup } from './escape.ts';

interface Figure {
  readonly title: string;
  readonly subtitle: string;
  /** undefined for a row that has no such figure. */
  readonly barOf: (row: Row) => Pick<Bar, 'spread' | 'text' | 'before' | 'limit'> | undefined;
}

const FIGURES: readonly Figure[] = [
  {
    title: 'Time',
    subtitle: 'of a whole run; the dashed line is the ideal time',
    barOf: ({ timeMs, limitMs }) => {
      return { spread: timeMs, text: durationWithSpread(timeMs), ...(limitMs > 0 && { limit: limitMs }) };
    },
  },
  {
    title: 'Memory',
    subtitle: 'resident peak; the pale part was there before the run',
    barOf: ({ memory }) => {
      if (!memory) return undefined;
      const { peaksMiB, peakMiB, overBaselineMiB, baselineMiB } = memory;
      const text = `${mebibytes(peakMiB)}, +${mebibytes(overBaselineMiB)}`;
      return { spread: spreadOf(peaksMiB), text, before: baselineMiB };
    },
  },
  {
    title: 'CPU',
    subtitle: 'of a whole run, all threads together',
    barOf: ({ cpuSamplesMs }) => {
      const spread = spreadOf(cpuSamplesMs);
      return { spread, text: durationWithSpread(spread) };
    },
  },
];

/** The rows of one comparison; `all` are all that must fit on the axes, from two files perhaps. */
export function bars({ rows }: Comparison, all: readonly Comparison[]): Markup {
  const everyRow = all.flatMap((comparison) => comparison.rows).filter(isMeasured);
  return html`<div class="figures">
    ${FIGURES.map(({ title, subtitle, barOf }) => {
      const barsOf = (row: Row): Bar[] => {
        const bar = barOf(row);
        return bar ? [{ name: row.approach, approach: row.approach, ...bar }] : [];
      };
      const max = everyRow.flatMap(barsOf).reduce((most, one) => Math.max(most, reachOf(one)), 0);
      return barChart({ title, subtitle, bars: rows.filter(isMeasured).flatMap(barsOf), max });
    })}
  </div>`;
}
