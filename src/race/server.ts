// The server of the page. It listens on this machine only, and answers only to names of this machine. Only its own page can
// start anything: no other page can read its token, and a request that a browser sends for another page is refused.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startApi } from '../api/start.ts';
import { targetOf } from '../api/target.ts';
import { INSTANT } from '../api/conditions.ts';
import { DocumentError } from '../files/schema.ts';
import { jsonPieces } from '../files/json-pieces.ts';
import type { RunDocument } from '../report/document.ts';
import { Board } from './board.ts';
import { Events } from './events.ts';
import { assets, POLICY, racePage } from './page.ts';
import type { Replay } from './protocol.ts';
import { runRace } from './run.ts';
import { checkedSettings, comparisonSettings, startSettings } from './settings.ts';

// An import of node:http would read all its exports. One of them loads fetch, HTTP/2 and TLS, which takes 40 ms of CPU time.
const { createServer } = process.getBuiltinModule('node:http');

export interface RaceServerOptions {
  /** Where the page is; 0 takes a free port, and so it is for the API. */
  readonly port: number;
  readonly apiPort: number;
  readonly signal: AbortSignal;
  /** A saved run to play. Nothing is raced then. */
  readonly replay?: Replay | undefined;
  /** How long a race goes on without a page that looks on, in milliseconds. Without it, five seconds: a reload takes less. */
  readonly graceMs?: number;
}

export interface RaceServer extends AsyncDisposable {
  /** Where the page is. */
  readonly origin: string;
  /** Where clients ask for orders; undefined where a saved run is played. */
  readonly apiOrigin: string | undefined;
}

const GRACE_MS = 5000;
/** About two frames of a screen. */
const EVERY_MS = 33;
const MOST_BODY_BYTES = 4096;

/** What every answer says. */
const FIELDS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** Something that was asked for is refused, with a status and a sentence. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Serves the page until `signal` aborts or it is disposed. A race that runs then is stopped, and its processes end.
 * @throws the error of `listen`, for instance EADDRINUSE; a ChildError if the API does not start
 */
export async function serveRace(options: RaceServerOptions): Promise<RaceServer> {
  const { port, apiPort, signal, replay, graceMs = GRACE_MS } = options;
  await using resources = new AsyncDisposableStack();
  const board = new Board();
  const files = assets();
  const token = randomBytes(16).toString('base64url');
  /** The one that runs. There is at most one. */
  let race: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  /** What the last race measured, if it came to its end. */
  let lastRun: RunDocument | undefined;
  /** Stops a race that nobody looks at. */
  let leaving: NodeJS.Timeout | undefined;
  const stopRace = async (why: string) => {
    race?.stop.abort(new Error(why));
    await race?.ended;
  };

  const server = createServer({ requireHostHeader: false }, (request, response) => {
    for (const [name, value] of Object.entries(FIELDS)) response.setHeader(name, value);
    answer(request, response).catch((error: unknown) => refuse(response, error));
  });
  server.listen({ host: '127.0.0.1', port });
  await once(server, 'listening');
  resources.defer(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const conditions = conditionsAtRest();
  const api = replay
    ? undefined
    : resources.use(
        await startApi(conditions, { port: apiPort, signal, onLanes: (batch) => board.see(batch) }),
      );
  const events = new Events({
    whole: () => board.whole(),
    onPages(pages) {
      clearTimeout(leaving);
      if (pages === 0 && race) leaving = setTimeout(() => void stopRace('no page looks on'), graceMs);
    },
  });
  resources.defer(() => events.close());
  const telling = setInterval(() => {
    const change = board.take();
    if (change) events.tell(change);
  }, EVERY_MS);
  resources.defer(() => clearInterval(telling));
  resources.defer(async () => {
    clearTimeout(leaving);
    await stopRace('the server ends');
  });
  const page = racePage({ apiOrigin: api?.origin ?? '', token, isReplay: replay !== undefined });

  const owned = resources.move();
  return {
    origin,
    apiOrigin: api?.origin,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targetOf(request);
    if ('refused' in target) throw new Refusal(400, target.refused);
    const [path] = target.path.split('?', 1);
    if (request.method === 'POST') {
      checkOwn(request);
      if (path === '/start') await start(request, response);
      else if (path === '/stop') await stop(response);
      else throw new Refusal(404, `nothing at ${path}`);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new Refusal(405, `${request.method} is not allowed`);
    }
    const file = files.get(path!);
    if (file) send(response, file.type, file.text);
    else if (path === '/') send(response, 'text/html; charset=utf-8', page);
    else if (path === '/events' && request.method === 'GET' && !replay) {
      checkSite(request);
      const last = request.headers['last-event-id'];
      events.join(response, Array.isArray(last) ? undefined : last);
    } else if (path === '/run.json' && lastRun) {
      response.writeHead(200, { 'content-type': 'application/json' });
      for (const piece of jsonPieces(lastRun)) response.write(piece);
      response.end();
    } else if (path === '/replay.json' && replay) {
      send(response, 'application/json', JSON.stringify(replay));
    } else throw new Refusal(404, `nothing at ${path}`);
  }

  /** A browser says for whom it asks. Other clients say nothing. */
  function checkSite({ headers }: IncomingMessage): void {
    const site = headers['sec-fetch-site'] ?? 'same-origin';
    if (site !== 'same-origin') throw new Refusal(403, 'expected a request of the page itself');
  }

  function checkOwn(request: IncomingMessage): void {
    checkSite(request);
    const { host, origin: from } = request.headers;
    if (from !== `http://${host}`) throw new Refusal(403, 'expected a request of the page itself');
    const given = Buffer.from(String(request.headers['x-race-token'] ?? ''));
    const right = Buffer.from(token);
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      throw new Refusal(403, 'expected the token of the page; reload it');
    }
  }

  async function start(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!api) throw new Refusal(409, 'a saved run is played here; npm run race without a file races');
    const settings = checkedSettings(await bodyOf(request));
    if (race) throw new Refusal(409, 'a race is running; stop it first');
    const stop = new AbortController();
    const ends = Promise.withResolvers<void>();
    race = { stop, ended: ends.promise };
    lastRun = undefined;
    if (events.pages === 0) leaving = setTimeout(() => void stopRace('no page looks on'), graceMs);
    runRace(settings, { board, api, signal: AbortSignal.any([signal, stop.signal]) })
      .then(
        (run) => {
          lastRun = run;
        },
        () => {}, // the board has said why
      )
      .finally(() => {
        race = undefined;
        ends.resolve();
      });
    response.writeHead(202).end();
  }

  async function stop(response: ServerResponse): Promise<void> {
    await stopRace('somebody pressed Stop');
    response.writeHead(204).end();
  }
}

/** How the API behaves before the first race: as the form says when the page is opened. */
function conditionsAtRest() {
  const settings = comparisonSettings(startSettings());
  return settings.kind === 'io' ? settings.conditions : INSTANT;
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += part as string;
    if (text.length > MOST_BODY_BYTES) throw new Refusal(413, `expected at most ${MOST_BODY_BYTES} bytes`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'expected JSON');
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const text = JSON.stringify({ error: message });
  // What is left of a body that was refused is not read, so the connection ends here.
  response.writeHead(statusOf(error), { 'content-type': 'application/json', connection: 'close' }).end(text);
}

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  return error instanceof DocumentError ? 400 : 500;
}
