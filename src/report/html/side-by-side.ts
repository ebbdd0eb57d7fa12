// Two runs beside each other: every picture and every bar on axes that both share, and in words only what the
// spreads allow.
import type { Comparison } from '../../measure/comparison.ts';
import { faultLines, settingsLine } from '../settings.ts';
import type { RunDocument } from '../document.ts';
import { bars } from './bars.ts';
import { changeLine, differenceLine, differenceTable } from './difference.ts';
import { html, type Markup } from './escape.ts';
import { making, METHOD } from './making.ts';
import { doubts, page } from './page.ts';
import { picture } from './picture.ts';
import { numbersTable } from './tables.ts';

export interface Side {
  /** What the reader knows the run by: its file. */
  readonly name: string;
  readonly run: RunDocument;
}

/** A job and its comparison in each run, where it has one. */
interface Pair {
  readonly job: string;
  readonly comparisons: ReadonlyArray<Comparison | undefined>;
}

export function sideBySidePage(sides: readonly [Side, Side]): string {
  const names = sides.map(({ name }) => name);
  const pairs = pairsOf(sides);
  return page(
    pairs.map(({ job, comparisons: [one, other] }) =>
      one && other
        ? differenceLine(one, other, sides[1].name)
        : `${job}: only in ${sides[one ? 0 : 1].name}.`,
    ),
    html`${doubts(sides.map(({ run }) => run.environment))} ${pairs.map((pair) => section(pair, names))}
      <section id="making">
        <h2>How it was made</h2>
        <div class="sides">
          ${sides.map(
            ({ name, run }) =>
              html`<div>
                <h3>${name}</h3>
                ${making(run.environment, run.comparisons)}
              </div>`,
          )}
        </div>
        ${METHOD}
      </section>`,
  );
}

function pairsOf(sides: readonly [Side, Side]): Pair[] {
  const jobs = new Set(sides.flatMap(({ run }) => run.comparisons.map(({ job }) => job)));
  return Array.from(jobs, (job) => ({
    job,
    comparisons: sides.map(({ run }) => run.comparisons.find((comparison) => comparison.job === job)),
  }));
}

function section({ job, comparisons }: Pair, names: readonly string[]): Markup {
  const present = comparisons.filter((comparison) => comparison !== undefined);
  const [one, other] = comparisons;
  const side = (comparison: Comparison | undefined, index: number) =>
    html`<div>
      <h3>${names[index] ?? null}</h3>
      ${comparison ? sideOf(comparison, present) : html`<p class="note">This run has no ${job}.</p>`}
    </div>`;
  return html`<section class="job" id="${job}">
    <h2>${job}</h2>
    ${one && other ? comparedWith(one, other, names) : null}
    <div class="sides">${comparisons.map(side)}</div>
    ${comparisons.map((comparison, index) => (comparison ? numbersTable(comparison, names[index]) : null))}
  </section>`;
}

function comparedWith(one: Comparison, other: Comparison, names: readonly string[]): Markup {
  const changed = changeLine(one, other, names);
  return html`${changed === undefined ? null : html`<p>${changed}</p>`} ${differenceTable(one, other, names)}`;
}

const sideOf = (comparison: Comparison, all: readonly Comparison[]): Markup =>
  html`${[settingsLine(comparison), ...faultLines(comparison)].map(
    (line) => html`<p class="settings">${line}</p>`,
  )}
  ${picture(comparison, all)} ${bars(comparison, all)}`;
