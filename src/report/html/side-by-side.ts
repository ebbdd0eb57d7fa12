// Two runs beside each other: every picture and every bar on axes that both share, and in words only what the
// spreads allow.
import type { Comparison } from '../../measure/comparison.ts';
import { faultLines, limitLines, settingsLine } from '../settings.ts';
import { bars } from './bars.ts';
import { changes, farOffLines } from '../difference.ts';
import { findingOf, pairsOf, type Pair, type Side } from '../side-by-side.ts';
import { changeLine, type Names } from '../two-runs.ts';
import { differenceTable } from './difference.ts';
import { html, type Markup } from './escape.ts';
import { making, METHOD } from './making.ts';
import { doubts, page } from './page.ts';
import { picture } from './picture.ts';
import { numbersTable } from './tables.ts';

export function sideBySidePage(sides: readonly [Side, Side]): string {
  const names: Names = [sides[0].name, sides[1].name];
  const pairs = pairsOf(sides);
  return page(
    pairs.map((pair) => findingOf(pair, names)),
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

function section({ job, comparisons }: Pair, names: Names): Markup {
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

function comparedWith(one: Comparison, other: Comparison, names: Names): Markup {
  const changed = changeLine(changes(one, other), names);
  return html`${changed === undefined ? null : html`<p>${changed}</p>`} ${differenceTable(one, other, names)}
  ${farOffLines(one, other, names).map((line) => html`<p class="note">${line}</p>`)}`;
}

const sideOf = (comparison: Comparison, all: readonly Comparison[]): Markup =>
  html`${[settingsLine(comparison), ...limitLines(comparison), ...faultLines(comparison)].map(
    (line) => html`<p class="settings">${line}</p>`,
  )}
  ${picture(comparison, all)} ${bars(comparison, all)}`;
