// The page at `/`: what there is, and lines to copy. HTML for a browser, JSON for a program.
import { html, json } from './answers.ts';
import type { Conditions } from './conditions.ts';
import type { Stoves } from './limits.ts';
import { isLoopbackHost } from './loopback-host.ts';
import { ORIGIN } from './origin.ts';
import { allowedBy, type Route } from './routes.ts';

const TITLE = 'The mocked API of async-workbench';

/** A route that lists `routes`. */
export function frontPage(routes: readonly Route[], conditions: Conditions): Route {
  const own: Route = {
    path: '/',
    summary: 'this list, as HTML for a browser and as JSON for a program',
    example: '/',
    get({ request }) {
      const listed = [own, ...routes].map((route) => ({
        path: route.path,
        methods: allowedBy(route),
        summary: route.summary,
        try: `curl ${originOf(request)}${route.example}`,
      }));
      const vary = { vary: 'accept' };
      if (prefersHtml(request.headers.get('accept') ?? '*/*')) {
        return html(pageOf(routes, listed, conditions), vary);
      }
      return json({ name: TITLE, conditions, paths: listed }, 200, vary);
    },
  };
  return own;
}

/** Where the client reached us. The handlers themselves only know the origin that is intercepted. */
function originOf(request: Request): string {
  const host = request.headers.get('host');
  return host !== null && isLoopbackHost(host) ? `http://${host}` : ORIGIN;
}

/** Whether an Accept field asks for HTML more than for JSON. A tie, as in `curl`'s own field, means a program. */
export function prefersHtml(accept: string): boolean {
  const weights = new Map(
    accept.split(',').map((part): [string, number] => {
      const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
      return [type, Number(weight ?? 1)];
    }),
  );
  const weightOf = (...types: string[]): number =>
    types.map((type) => weights.get(type)).find((weight) => weight !== undefined) ?? 0;
  return weightOf('text/html', 'text/*', '*/*') > weightOf('application/json', 'application/*', '*/*');
}

const queueText = ({ queue }: Stoves): string => (queue === undefined ? '' : `, and ${queue} may wait`);

interface PathEntry {
  readonly path: string;
  readonly methods: string;
  readonly summary: string;
  readonly try: string;
}

// Nothing here needs escaping: all text is our own, numbers, names of faults, or a host that was checked.
function pageOf(routes: readonly Route[], listed: readonly PathEntry[], conditions: Conditions): string {
  const { latencyMs, jitterMs, faults = {}, stoves, rate } = conditions;
  const limits = [
    stoves && `At most ${stoves.count} are cooked at once${queueText(stoves)}.`,
    rate && `At most ${rate.perSecond} requests a second are let in, and ${rate.burst} at once.`,
  ].filter((limit) => limit !== undefined);
  const jitter = jitterMs > 0 ? `, and up to ${jitterMs} ms more` : '';
  const wrong = Object.entries(faults).map(
    ([name, rate]) => `${name} for ${Number((rate * 100).toPrecision(6))} %`,
  );
  const links = ['/', ...routes.map(({ example }) => example)];
  const rows = listed.map(
    ({ path, methods, summary }, index) =>
      `<tr><td><a href="${links[index]}"><code>${path}</code></a></td><td>${methods}</td><td>${summary}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${TITLE}</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
td, th { text-align: left; padding: 0.25rem 1rem 0.25rem 0; vertical-align: top; }
pre { overflow-x: auto; }
</style>
</head>
<body>
<h1>${TITLE}</h1>
<p>Every order takes ${latencyMs} ms${jitter}. ${limits.join(' ')} ${
    wrong.length > 0 ? `What goes wrong: ${wrong.join(', ')} of the requests.` : 'Nothing goes wrong here.'
  }</p>
<table>
<tr><th>path</th><th>methods</th><th>what it is</th></tr>
${rows.join('\n')}
</table>
<p>To copy:</p>
<pre>${listed.map((line) => line.try).join('\n')}</pre>
</body>
</html>
`;
}
