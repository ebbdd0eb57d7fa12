// Makes rows of what all turns found: medians, spreads, and ratios turn by turn. It also decides whether a sentence may
// say that two rows differ.
import { apart, median, spreadOf, spreadOverTrials, type Spread } from '../src/measure/statistics.ts';
import type { Figure, Findings, Ratio } from './findings.ts';

export interface MeasuredRow {
  readonly section: string;
  readonly name: string;
  readonly figures: Readonly<Record<string, Figure>>;
}

/** A case that threw or whose process died, and what is known of the reason. */
export interface FailedRow {
  readonly section: string;
  readonly name: string;
  readonly error: string;
}

/** A case that cannot run on this machine, and how to change that. */
export interface LeftOutRow {
  readonly section: string;
  readonly name: string;
  readonly leftOut: string;
}

export type Row = MeasuredRow | FailedRow | LeftOutRow;

/** The findings of the turns of one case, or why it ended, or why it cannot run here. */
export type Turns =
  { readonly findings: readonly Findings[] } | { readonly error: string } | { readonly leftOut: string };

export const isFailed = (row: Row): row is FailedRow => 'error' in row;
export const isLeftOut = (row: Row): row is LeftOutRow => 'leftOut' in row;
export const isMeasured = (row: Row): row is MeasuredRow => !isFailed(row) && !isLeftOut(row);

/** The part of a suite's section that rows are made of. The rest says how they are shown. */
export interface RowsSource {
  readonly title: string;
  readonly ratios?: readonly Ratio[];
  readonly cases: ReadonlyArray<{ readonly name: string }>;
}

/** The rows of one section, in the order of its cases. */
export function rowsOf(section: RowsSource, turns: ReadonlyMap<string, Turns>): Row[] {
  const found = (name: string): readonly Findings[] => {
    const of = turns.get(name);
    return of && 'findings' in of ? of.findings : [];
  };
  return section.cases.map(({ name }) => {
    const of = turns.get(name);
    if (!of) return { section: section.title, name, error: 'did not run' };
    if (!('findings' in of)) return { section: section.title, name, ...of };
    const figures = summarised(of.findings);
    for (const ratio of section.ratios ?? []) {
      const beside = ratioOf(ratio, of.findings, found(ratio.baseline));
      if (beside) figures[ratio.as] = beside;
    }
    return { section: section.title, name, figures };
  });
}

function summarised(findings: readonly Findings[]): Record<string, Figure> {
  const names = new Set(findings.flatMap((turn) => Object.keys(turn)));
  return Object.fromEntries(
    [...names].map((name): [string, Figure] => {
      const values = findings.map((turn) => turn[name]).filter((value) => value !== undefined);
      const words = values.filter((value) => typeof value === 'string');
      // A case that says different words in different turns has not been understood: show all of them.
      if (words.length > 0) return [name, [...new Set(words)].join(' or ')];
      return [name, spreadOverTrials(values.map((value) => [value].flat() as number[]))];
    }),
  );
}

/** The ratio of the medians of each turn; undefined where a side has not run. */
function ratioOf(
  { figure, inverse = false }: Ratio,
  row: readonly Findings[],
  baseline: readonly Findings[],
): Spread | undefined {
  const ratios = row.flatMap((turn, index) => {
    const mine = middle(turn[figure]);
    const its = middle(baseline[index]?.[figure]);
    if (!mine || !its) return [];
    return [inverse ? its / mine : mine / its];
  });
  return ratios.length > 0 ? spreadOf(ratios) : undefined;
}

function middle(value: Findings[string] | undefined): number | undefined {
  if (value === undefined || typeof value === 'string') return undefined;
  return median([value].flat());
}

/** Rows to look figures up in, for closing sentences. */
export class Rows {
  readonly all: readonly Row[];

  constructor(all: readonly Row[]) {
    this.all = all;
  }

  /** The figure; undefined if the row failed, or has no such figure. */
  figure(section: string, name: string, figure: string): Figure | undefined {
    const row = this.all.find((row) => row.section === section && row.name === name);
    return row && isMeasured(row) ? row.figures[figure] : undefined;
  }

  /** The same for a figure that is not said in words. */
  spread(section: string, name: string, figure: string): Spread | undefined {
    const value = this.figure(section, name, figure);
    return typeof value === 'object' ? value : undefined;
  }

  /** Both spreads if the first is smaller beyond doubt: then a sentence may say so. */
  smaller(
    section: string,
    figure: string,
    less: string,
    more: string,
  ): readonly [Spread, Spread] | undefined {
    const a = this.spread(section, less, figure);
    const b = this.spread(section, more, figure);
    if (!a || !b) return undefined;
    return a.median < b.median && apart(a, b) ? [a, b] : undefined;
  }
}
