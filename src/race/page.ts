// The page as HTML: the form, the places where lanes and figures will stand, and how to join with a client of one's own. It
// is complete before any script runs. Its scripts are files of this server, and nothing comes from elsewhere.
import { readFileSync } from 'node:fs';
import { html, type Markup } from '../report/html/escape.ts';
import { barKey, legendOf, limitKey } from '../report/html/legend.ts';
import { PATTERNS } from '../report/html/page.ts';
import { APPROACHES } from '../running/registry.ts';
import { JOBS } from '../jobs/open.ts';
import { allApproaches, MODES, numberFields, raceJobs, startSettings, type NumberField } from './settings.ts';

export interface PageOptions {
  /** Where clients ask for orders. */
  readonly apiOrigin: string;
  /** What a POST has to bring along. */
  readonly token: string;
  /** Whether a saved run is played, and none is started. */
  readonly isReplay: boolean;
}

const SCRIPTS = [
  'main.js',
  'live.js',
  'replay.js',
  'form.js',
  'stage.js',
  'lane.js',
  'draw.js',
  'table.js',
  'words.js',
];
const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

export interface Asset {
  readonly type: string;
  readonly text: string;
}

const assetOf = (file: string, type: keyof typeof TYPES): Asset => ({
  type: TYPES[type],
  text: readFileSync(new URL(file, import.meta.url), 'utf8'),
});

/** The files of the page by their paths. The report's style is the page's too. */
export const assets = (): ReadonlyMap<string, Asset> =>
  new Map([
    ['/report.css', assetOf('../report/html/report.css', 'css')],
    ['/race.css', assetOf('page/race.css', 'css')],
    ['/icon.svg', assetOf('page/icon.svg', 'svg')],
    ...SCRIPTS.map((name): [string, Asset] => [`/${name}`, assetOf(`page/${name}`, 'js')]),
  ]);

/** Nothing but what this server serves, and no code in the page itself. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function racePage({ apiOrigin, token, isReplay }: PageOptions): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="race-token" content="${token}" />
        <title>The race – async-workbench</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/report.css" />
        <link rel="stylesheet" href="/race.css" />
        <script type="module" src="/main.js"></script>
        ${SCRIPTS.slice(1).map((name) => html`<link rel="modulepreload" href="/${name}" />`)}
      </head>
      <body data-mode="${isReplay ? 'replay' : 'live'}">
        ${PATTERNS}
        <header class="top">
          <p class="brand">async-workbench</p>
          <h1>${isReplay ? 'The race, played from a saved run' : 'The race'}</h1>
        </header>
        <noscript>
          <p class="doubt">
            This page draws with JavaScript, and it is off here. npm start makes the same comparison without a
            page. It prints the times, a picture and the finding as text.
          </p>
        </noscript>
        <main>
          ${isReplay ? player : form()}
          <p id="connection" class="doubt" role="alert"></p>
          <p id="says"></p>
          <p id="live" class="unseen" role="status"></p>
          <section id="outcome" hidden>
            <h2 id="finding"></h2>
            <p id="doubt" class="doubt"></p>
            <p class="settings">
              The same as a command: <button type="button" id="copy-command">Copy</button>
            </p>
            <pre id="command" class="command" tabindex="0"></pre>
            ${isReplay ? null : html`<p><a id="keep" href="/run.json" download="run.json">Keep this run as a file</a></p>`}
          </section>
          <section class="picture of-lanes" aria-label="What is in flight">
            <p id="asked" class="settings"></p>
            ${legend(isReplay)}
            <div class="panel axis" aria-hidden="true">
              <div class="plot"><div id="axis"></div></div>
            </div>
            <div id="lanes"></div>
          </section>
          <section class="of-lanes">
            <h2>The same as a table</h2>
            <div class="scroll" tabindex="0" role="group" aria-label="The lanes as a table">
              <table id="table">
                <caption>
                  The lanes
                </caption>
                <thead></thead>
                <tbody></tbody>
              </table>
            </div>
          </section>
          ${isReplay ? null : join(apiOrigin)}
        </main>
      </body>
    </html> `.text;
}

const legend = (isReplay: boolean): Markup =>
  legendOf([
    barKey('ok', isReplay ? 'a request or a task' : 'a request as the API sees it, or a task'),
    barKey('failed', 'failed'),
    limitKey('ideal time of the approach: the shortest that its settings allow'),
    html`<li>
      <svg class="key" width="28" height="10" aria-hidden="true">
        <path class="beat-key" d="M1 10V1M8 10V1" />
        <path class="frozen-key" d="M12 8H28" />
      </svg>
      heartbeat of the event loop; a red line where it stood still
    </li>`,
  ]);

function form(): Markup {
  const { approaches } = startSettings();
  return html`<form id="settings" autocomplete="off">
    <div class="fields">
      <p>
        <label for="job">job</label>
        <select id="job" name="job">
          ${raceJobs.map(
            (job) =>
              html`<option value="${job}" data-kind="${JOBS[job].kind}">
                ${job}: ${JOBS[job].summary}
              </option>`,
          )}
        </select>
      </p>
      <p>
        <label for="mode">runs</label>
        <select id="mode" name="mode">
          <option value="${MODES[0]}">in turns: fair, each has the machine for itself</option>
          <option value="${MODES[1]}">together: a show, all share the cores and the API</option>
        </select>
      </p>
      ${numberFields().map(slider)} ${words('faults', 'what goes wrong', 'for instance 503:0.1,reset:0.05')}
      ${words('stoves', 'stoves', 'orders cooked at once, for instance 8 or 8,40')}
      ${words('rate', 'rate', 'requests let in a second, for instance 100 or 100,10')}
      <p data-for="io">
        <label for="seed">seed</label>
        <input id="seed" name="seed" type="number" min="0" max="${2 ** 31 - 1}" value="1" required />
      </p>
    </div>
    <fieldset>
      <legend>approaches</legend>
      ${allApproaches.map(
        (name) =>
          html`<label title="${APPROACHES[name].summary}"
            ><input
              type="checkbox"
              name="approaches"
              value="${name}"
              ${approaches.includes(name) ? html`checked` : null}
            />
            ${name}</label
          > `,
      )}
    </fieldset>
    <p class="buttons">
      <button id="start" type="submit" disabled>Start</button>
      <button id="stop" type="button" disabled>Stop</button>
      <button id="again" type="button" disabled>Again</button>
      <a id="share" href="/">Link to these settings</a>
    </p>
    <p id="complaint" class="bad" role="alert"></p>
  </form>`;
}

function slider({ name, label, unit, min, max, start, kind, approach }: NumberField): Markup {
  const slides = `${name}-slider`;
  const title = unit === undefined ? label : `${label} (${unit})`;
  const concerns = [
    kind === undefined ? null : html`data-for="${kind}"`,
    approach === undefined ? null : html`data-approach="${approach}"`,
  ];
  return html`<p ${concerns}>
    <label for="${name}">${title}</label>
    <input id="${name}" name="${name}" type="number" min="${min}" max="${max}" value="${start}" required />
    <input
      id="${slides}"
      type="range"
      min="${min}"
      max="${max}"
      value="${start}"
      data-slides="${name}"
      aria-label="${title}, slider"
    />
  </p>`;
}

const words = (name: string, label: string, example: string): Markup =>
  html`<p data-for="io">
    <label for="${name}">${label}</label>
    <input id="${name}" name="${name}" type="text" maxlength="200" placeholder="${example}" />
  </p>`;

const player: Markup = html`<form id="player" autocomplete="off">
  <p class="buttons">
    <label id="which" hidden
      >job
      <select id="comparison"></select
    ></label>
    <button id="play" type="button" disabled>Play</button>
    <label
      >speed
      <select id="speed">
        <option value="0.1">a tenth</option>
        <option value="0.25">a quarter</option>
        <option value="1" selected>as it was</option>
        <option value="4">four times</option>
        <option value="16">16 times</option>
      </select></label
    >
    <output id="time">0.00 s</output>
  </p>
  <input id="scrub" type="range" min="0" max="1000" value="0" step="1" aria-label="time in the run" />
</form>`;

/** A line for a shell, and one in a language that is not ours. */
function join(apiOrigin: string): Markup {
  const curl = `for order in $(seq 40); do curl -s ${apiOrigin}/curl/orders/$order -o /dev/null & done; wait`;
  const python = `python3 -c "
from concurrent.futures import ThreadPoolExecutor as Pool
from urllib.request import urlopen
with Pool(10) as pool: list(pool.map(lambda order: urlopen('${apiOrigin}/python/orders/%d' % order).read(), range(1, 41)))"`;
  const line = (id: string, name: string, text: string) =>
    html`<p>${name} <button type="button" data-copies="${id}">Copy</button></p>
      <pre id="${id}" tabindex="0">${text}</pre>`;
  return html`<section id="join">
    <h2>Join with any client</h2>
    <p>
      Any program that asks for <code>${apiOrigin}/NAME/orders/7</code> gets a lane with that name, at any
      time, also during a race. The API keeps the settings of the last race.
    </p>
    ${line('join-curl', 'All at once, by a shell:', curl)}
    ${line('join-python', 'Ten threads, by Python:', python)}
    ${line('join-node', 'One by one, by Node:', `node -e "(async () => { for (let order = 1; order <= 40; order++) await (await fetch('${apiOrigin}/node/orders/' + order)).json() })()"`)}
  </section>`;
}
