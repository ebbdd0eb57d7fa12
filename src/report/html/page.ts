// The whole report: one file that needs nothing else. Its policy lets no request out, and runs no script but
// the one below, so that even a hole in the escaping would stay without effect.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { JOBS } from '../../jobs/open.ts';
import { nameOf, type Comparison } from '../../measure/comparison.ts';
import type { MachineDuringRun } from '../../measure/environment.ts';
import { APPROACHES } from '../../running/registry.ts';
import { runAdvice } from '../run-advice.ts';
import { queueLines } from '../queue.ts';
import { aboveIdealLine, faultLines, limitLines, idealLine, mockLine, settingsLine } from '../settings.ts';
import type { RunDocument } from '../document.ts';
import type { Target } from '../../files/targets.ts';
import { adviceFor, type Advice } from '../advice.ts';
import { bars } from './bars.ts';
import { claimsSection } from './claims.ts';
import { html, Markup, type Piece } from './escape.ts';
import { hiddenWinnerLine } from '../far-off.ts';
import { headline } from '../headline.ts';
import { busyLine } from '../machine.ts';
import { natureOf } from '../../measure/nature.ts';
import { natureLine } from '../nature.ts';
import { making, METHOD } from './making.ts';
import { picture } from './picture.ts';
import { numbersTable } from './tables.ts';

/** How a file is known to be a report of ours. */
export const REPORT_MARK = '<meta name="generator" content="async-workbench report" />';

/** The page that `--html` asked for. */
export const pageAt = <Run>(path: string, textOf: (run: Run) => Iterable<string>): Target<Run> => ({
  option: '--html',
  path,
  mark: REPORT_MARK,
  textOf,
});

const asset = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page of one run. */
export function reportPage({ environment, comparisons, claims }: RunDocument): string {
  return page(
    [runAdvice(comparisons), ...comparisons.map(headline)].filter((line) => line !== undefined),
    html`${doubts([environment])} ${comparisons.map(job)} ${claimsSection(claims)}
      <section id="making">
        <h2>How it was made</h2>
        ${making(environment, comparisons)} ${METHOD}
      </section>`,
  );
}

/** What casts doubt on everything below it, directly under the findings. */
export const doubts = (environments: readonly MachineDuringRun[]): Markup[] =>
  [...new Set(environments.map(busyLine))]
    .filter((line) => line !== undefined)
    .map((line) => html`<p class="doubt">${inWords(line)}</p>`);

/** What the job is, in one sentence. */
const summaryOf = (comparison: Comparison): string =>
  comparison.kind === 'own'
    ? natureLine(comparison.job, comparison.probe, natureOf(comparison.probe), comparison.nature)
    : JOBS[comparison.job].summary;

/** An `id` of HTML has no blanks. */
const idOf = (name: string): string => name.replaceAll(/\s+/g, '-');

function job(comparison: Comparison): Markup {
  return html`<section class="job" id="${idOf(nameOf(comparison))}">
    <h2>${nameOf(comparison)}</h2>
    <p>${summaryOf(comparison)}</p>
    <p class="settings">${settingsLine(comparison)}</p>
    ${[...limitLines(comparison), ...faultLines(comparison)].map((line) => html`<p class="settings">${line}</p>`)}
    ${comparison.kind === 'own' ? whatToTake(adviceFor(comparison)) : null}
    ${picture(comparison, [comparison])}
    <h3>What it costs</h3>
    ${bars(comparison, [comparison])} ${notes(comparison)} ${numbersTable(comparison)}
  </section>`;
}

/** What is advised, and lines to paste. */
const whatToTake = ({ sentence, code }: Advice): Markup =>
  html`<h3>What to take</h3>
    <p>${sentence}</p>
    ${code.length === 0 ? null : html`<pre class="command" tabindex="0">${code.join('\n')}</pre>`}`;

/** What the figures are to be read with. */
function notes(comparison: Comparison): Markup[] {
  const ideal = idealLine(comparison);
  const mock = mockLine(comparison);
  return [
    hiddenWinnerLine(comparison),
    ideal && `Ideal time: ${ideal}.`,
    mock && `${mock}.`,
    aboveIdealLine(comparison),
    ...queueLines(comparison),
  ]
    .filter((line) => line !== undefined)
    .map((line) => html`<p class="note">${line}</p>`);
}

/** A page of ours around `body`; the findings come first, in the words they have everywhere. */
export function page(findings: readonly string[], body: Markup): string {
  const style = asset('report.css');
  const script = asset('inspect.js');
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        ${new Markup(REPORT_MARK)}
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${findings[0] ?? 'async-workbench'}</title>
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        ${PATTERNS}
        <header class="top">
          <p class="brand">async-workbench</p>
          <h1>${findings.map((finding) => html`<span>${inWords(finding)}</span> `)}</h1>
        </header>
        <main>${body}</main>
        ${new Markup(`<script>${script}</script>`)}
      </body>
    </html> `.text;
}

/** A number and its unit stay on one line, and so does the name of an approach, which has a hyphen. */
function inWords(text: string): Piece[] {
  const unbroken = text.replaceAll(/(?<=\d) (?=(?:ms|s|µs|ns|min|MiB)\b|%)/g, '\u00a0');
  return unbroken
    .split(HYPHENATED)
    .map((part, index) => (index % 2 === 1 ? html`<b class="word">${part}</b>` : part));
}

const HYPHENATED = new RegExp(`(${Object.keys({ ...APPROACHES, ...JOBS }).join('|')})`);

/** What tells outcomes apart where colours do not. */
export const PATTERNS = html`<svg class="patterns" width="0" height="0" aria-hidden="true">
  <defs>
    <pattern id="waiting" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
      <rect class="stripe" width="1.2" height="6" />
    </pattern>
    <pattern id="failing" width="4" height="4" patternUnits="userSpaceOnUse">
      <rect class="under" width="4" height="4" />
      <rect class="stripe" width="2" height="4" />
    </pattern>
    <pattern id="aborting" width="8" height="8" patternUnits="userSpaceOnUse">
      <rect class="under" width="8" height="8" />
      <rect class="stripe" width="2" height="8" />
    </pattern>
  </defs>
</svg>`;
