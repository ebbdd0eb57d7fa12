// The report of anything that has rows with figures, for instance a benchmark suite. It knows no suite: who has
// one says how its figures are shown and what may be said of them.
import type { Spread } from '../../measure/statistics.ts';
import { barChart, reachOf, type Bar } from './bar-chart.ts';
import { clipped, html, type Markup } from './escape.ts';
import { factList } from './making.ts';
import { page } from './page.ts';
import { table } from './tables.ts';

export interface SuiteReport {
  /** What the run proves, one sentence each; the first thing on the page. */
  readonly findings: readonly string[];
  readonly sections: readonly SuiteSection[];
  /** Where and how it was measured. */
  readonly facts: ReadonlyArray<readonly [name: string, value: string]>;
  /** Makes it again. */
  readonly command: string;
}

export interface SuiteSection {
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly SuiteColumn[];
  readonly rows: ReadonlyArray<SuiteRow | FailedSuiteRow>;
}

export interface SuiteColumn {
  readonly title: string;
  /** A figure in words, its unit included. */
  readonly show: (spread: Spread) => string;
}

export interface SuiteRow {
  readonly name: string;
  /** One for each column; words are shown as they are. */
  readonly figures: ReadonlyArray<Spread | string | undefined>;
}

export interface FailedSuiteRow {
  readonly name: string;
  readonly error: string;
}

const ERROR_CHARACTERS = 600;

export const suitePage = ({ findings, sections, facts, command }: SuiteReport): string =>
  page(
    findings,
    html`${sections.map(sectionOf)}
      <section id="making">
        <h2>How it was made</h2>
        ${factList(facts)}
        <p>To make it again:</p>
        <pre class="command" tabindex="0">${command}</pre>
      </section>`,
  );

function sectionOf({ title, note, columns, rows }: SuiteSection): Markup {
  const measured = rows.filter((row) => 'figures' in row);
  const failed = rows.filter((row) => 'error' in row);
  const cell = ({ figures }: SuiteRow, { show }: SuiteColumn, index: number) => {
    const figure = figures[index] ?? '–';
    return typeof figure === 'string' ? figure : show(figure);
  };
  return html`<section class="job">
    <h2>${title}</h2>
    ${note === undefined ? null : html`<p class="settings">${note}</p>`}
    <div class="figures">${columns.map((column, index) => chartOf(column, index, measured))}</div>
    ${failed.map(({ name, error }) => html`<p class="bad">${name}: ${clipped(error, ERROR_CHARACTERS)}</p>`)}
    ${table({
      caption: `${title}: all figures`,
      header: ['', ...columns.map((column) => column.title)],
      rows: measured.map((row) => [row.name, ...columns.map((column, index) => cell(row, column, index))]),
    })}
  </section>`;
}

/** Bars for a column of numbers; nothing for one of words, which the table has. */
function chartOf({ title, show }: SuiteColumn, index: number, rows: readonly SuiteRow[]): Markup | null {
  const bars = rows.flatMap(({ name, figures }): Bar[] => {
    const spread = figures[index];
    return typeof spread === 'object' ? [{ name, spread, text: show(spread) }] : [];
  });
  if (bars.length === 0) return null;
  return barChart({ title, bars, max: bars.reduce((most, bar) => Math.max(most, reachOf(bar)), 0) });
}
