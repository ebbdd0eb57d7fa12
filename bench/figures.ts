// The figures of a run in the words that a reader sees, in a terminal and on a page alike. Pure.
import { count, NO_FIGURE, percent } from '../src/report/units.ts';
import { isFailed, isLeftOut, isMeasured, type FailedRow, type Row } from './rows.ts';
import { isMeasurement } from './saved.ts';
import type { Figure } from './findings.ts';
import type { Column, Section } from './suite.ts';

export interface SectionView {
  readonly columns: readonly Column[];
  /** One figure for each column, in their order. */
  readonly rows: ReadonlyArray<{
    readonly name: string;
    readonly figures: ReadonlyArray<Figure | undefined>;
  }>;
  readonly failed: readonly FailedRow[];
}

/** What a section has to show of `all` rows. */
export function viewOf({ title, columns }: Section, all: readonly Row[]): SectionView {
  const own = all.filter((row) => row.section === title);
  const measured = own.filter(isMeasured);
  // A figure that no row has, for instance a ratio whose baseline failed, needs no column.
  const shown = Object.entries(columns).filter(([figure]) =>
    measured.some((row) => row.figures[figure] !== undefined),
  );
  return {
    columns: shown.map(([, column]) => column),
    rows: measured.map(({ name, figures }) => ({ name, figures: shown.map(([figure]) => figures[figure]) })),
    failed: own.filter(isFailed),
  };
}

/** A sentence for each reason why cases cannot run on this machine, however many they are. */
export function leftOutSentences(all: readonly Row[]): string[] {
  const byReason = Map.groupBy(all.filter(isLeftOut), ({ leftOut }) => leftOut);
  return Array.from(byReason, ([reason, rows]) => `Left out, ${count(rows.length, 'case')}: ${reason}`);
}

export function figureText(figure: Figure | undefined, { show = String, alone = false }: Column): string {
  if (figure === undefined) return NO_FIGURE;
  if (!isMeasurement(figure)) return figure;
  return alone ? show(figure.median) : spreadText(figure, show);
}

/** `5.60 ms ± 3 % (15)`: the median, its deviation and the number of samples. One sample has no deviation. */
function spreadText(
  { median, mad, samples }: { median: number; mad: number; samples: readonly number[] },
  show: (value: number) => string,
): string {
  if (samples.length === 1) return `${show(median)} (1)`;
  const deviation = median === 0 ? show(mad) : percent(mad / Math.abs(median));
  return `${show(median)} ± ${deviation} (${samples.length})`;
}
