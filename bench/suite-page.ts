// The report of anything that has rows with figures, for instance a benchmark suite. It knows no suite: who has
// one says how its figures are shown and what may be said of them.
import type { ApproachName } from '../src/running/registry.ts';
import type { Spread } from '../src/measure/statistics.ts';
import type { Claim } from '../src/report/claim.ts';
import { barChart, reachOf, type Bar } from '../src/report/html/bar-chart.ts';
import { claimsSection } from '../src/report/html/claims.ts';
import { clipped, html, type Markup } from '../src/report/html/escape.ts';
import { factList, type Facts } from '../src/report/html/making.ts';
import { page } from '../src/report/html/page.ts';
import { NO_FIGURE } from '../src/report/units.ts';
import { table } from '../src/report/html/tables.ts';

export interface SuiteReport {
  /** What the run proves, one sentence each; the first thing on the page. */
  readonly findings: readonly string[];
  readonly sections: readonly SuiteSection[];
  /** What could not run on this machine, one sentence each. */
  readonly leftOut?: readonly string[];
  /** What the article says, and what this run says to it. */
  readonly claims?: readonly Claim[];
  /** Where and how it was measured. */
  readonly facts: Facts;
  /** How it was made, one sentence each. */
  readonly method: readonly string[];
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
  /** A figure in words, its unit included; a column of nothing but words needs none. */
  readonly show?: (spread: Spread) => string;
  /** In the table only: beside the others it needs no bars. */
  readonly minor?: boolean;
}

export interface SuiteRow {
  readonly name: string;
  /** The approach it belongs to, which gives its bars their colour. */
  readonly approach?: ApproachName | undefined;
  /** One for each column; words are shown as they are. */
  readonly figures: ReadonlyArray<Spread | string | undefined>;
}

export interface FailedSuiteRow {
  readonly name: string;
  readonly error: string;
}

const ERROR_CHARACTERS = 600;

export const suitePage = ({
  findings,
  sections,
  leftOut = [],
  claims = [],
  facts,
  method,
  command,
}: SuiteReport): string =>
  page(
    findings,
    html`${leftOut.map((sentence) => html`<p class="doubt">${clipped(sentence, ERROR_CHARACTERS)}</p>`)}
      ${claimsSection(claims)} ${sections.map(sectionOf)}
      <section id="making">
        <h2>How it was made</h2>
        ${factList(facts)}
        <p>To make it again:</p>
        <pre class="command" tabindex="0">${command}</pre>
        <ul>
          ${method.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>
      </section>`,
  );

const plainly = ({ median }: Spread): string => String(median);

function sectionOf({ title, note, columns, rows }: SuiteSection): Markup {
  const measured = rows.filter((row) => 'figures' in row);
  const failed = rows.filter((row) => 'error' in row);
  const charts = columns.flatMap((column, index) => chartOf(column, index, measured) ?? []);
  const cell = ({ figures }: SuiteRow, { show = plainly }: SuiteColumn, index: number) => {
    const figure = figures[index] ?? NO_FIGURE;
    return typeof figure === 'string' ? figure : show(figure);
  };
  return html`<section class="job">
    <h2>${title}</h2>
    ${note === undefined ? null : html`<p class="settings">${note}</p>`}
    ${charts.length > 0 ? html`<div class="figures">${charts}</div>` : null}
    ${failed.map(({ name, error }) => html`<p class="bad">${name}: ${clipped(error, ERROR_CHARACTERS)}</p>`)}
    ${table({
      caption: `${title}: all figures`,
      header: ['', ...columns.map((column) => column.title)],
      rows: measured.map((row) => [row.name, ...columns.map((column, index) => cell(row, column, index))]),
    })}
  </section>`;
}

/** Bars for a column of numbers; nothing for a minor one or one of words, which the table has. */
function chartOf(
  { title, show = plainly, minor }: SuiteColumn,
  index: number,
  rows: readonly SuiteRow[],
): Markup | null {
  const bars = rows.flatMap(({ name, approach, figures }): Bar[] => {
    const spread = figures[index];
    return typeof spread === 'object' ? [{ name, approach, spread, text: show(spread) }] : [];
  });
  if (minor || bars.length === 0) return null;
  return barChart({ title, bars, max: bars.reduce((most, bar) => Math.max(most, reachOf(bar)), 0) });
}
