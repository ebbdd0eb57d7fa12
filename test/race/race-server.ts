// A race server in this process, for tests, and a client that asks it as its own page would.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { request } from 'undici';
import { livingChildren } from '../../src/child.ts';
import type { Change, LaneHead } from '../../src/race/protocol.ts';
import { serveRace, type RaceServer, type RaceServerOptions } from '../../src/race/server.ts';
import { startSettings } from '../../src/race/settings.ts';
import { until } from '../turns.ts';

/** A race that takes no longer than its processes. */
export const quick = (more: object = {}) => ({
  ...startSettings(),
  approaches: ['sequential', 'bounded-pool'],
  requests: 12,
  latency: 2,
  concurrency: 4,
  turns: 1,
  ...more,
});

/** A race that ends when it is stopped. */
export const endless = (more: object = {}) =>
  quick({ requests: 500, latency: 1000, ...more, concurrency: 200 });

export function startRaceServer(options: Partial<RaceServerOptions> = {}): Promise<RaceServer> {
  return serveRace({ port: 0, apiPort: 0, signal: new AbortController().signal, ...options });
}

/** The token that the page has. */
export async function tokenOf({ origin }: RaceServer): Promise<string> {
  const { body } = await request(origin);
  return /name="race-token" content="([^"]+)"/.exec(await body.text())![1]!;
}

/** Posts as the page does, but for `headers`. */
export async function post(server: RaceServer, path: string, body?: unknown, headers: object = {}) {
  const { origin } = server;
  const answer = await request(origin + path, {
    method: 'POST',
    headers: {
      origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      'x-race-token': await tokenOf(server),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
  });
  const text = await answer.body.text();
  return {
    status: answer.statusCode,
    error: text === '' ? '' : (JSON.parse(text) as { error: string }).error,
  };
}

/**
 * Nothing here takes so long, on a busy machine either. A race that should have stopped would go on for many minutes: the
 * test has to fail before, so that its server ends with its processes.
 */
const GIVE_UP_MS = 90_000;
const waitedFor = (holds: (count: number) => boolean) =>
  `waited ${GIVE_UP_MS / 1000} s for ${holds.toString()}`;

/** Resolves once so many processes of this one live. */
export async function untilChildren(isFine: (count: number) => boolean): Promise<void> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  await until(() => isFine(livingChildren().size) || performance.now() > giveUpAt);
  const { size } = livingChildren();
  if (!isFine(size)) throw new Error(`${waitedFor(isFine)}; ${size} processes live`);
}

export interface Watching extends AsyncDisposable {
  /** What the page knows of the lanes. */
  readonly lanes: Map<string, LaneHead>;
  readonly changes: Change[];
  /** Resolves once `holds` does, looked at after each change. */
  until(holds: () => boolean): Promise<void>;
}

/** Looks on as a page does, without drawing. */
export async function watch({ origin }: RaceServer): Promise<Watching> {
  const { port } = new URL(origin);
  const socket = createConnection(Number(port), '127.0.0.1').setEncoding('utf8');
  socket.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  const changes: Change[] = [];
  const lanes = new Map<string, LaneHead>();
  const waiting: Array<() => void> = [];
  let text = '';
  socket.on('data', (part: string) => {
    // Chunk sizes stand on lines of their own, between the lines of the stream.
    text += part;
    for (;;) {
      const found = /data: (\{.*\})\n/.exec(text);
      if (!found) break;
      text = text.slice(found.index + found[0].length);
      const change = JSON.parse(found[1]!) as Change;
      changes.push(change);
      if (change.isWhole) lanes.clear();
      for (const { head } of change.lanes) lanes.set(head.name, head);
      for (const look of waiting) look();
    }
  });
  await once(socket, 'connect');
  const watching: Watching = {
    lanes,
    changes,
    async until(holds) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = () => {
        if (holds()) resolve();
      };
      const told = () => `the page was told: ${JSON.stringify(changes.findLast(({ race }) => race)?.race)}`;
      const closes = () =>
        reject(new Error(`the stream ended, and ${holds.toString()} does not hold; ${told()}`));
      const late = setTimeout(() => reject(new Error(`${waitedFor(holds)}; ${told()}`)), GIVE_UP_MS);
      waiting.push(look);
      socket.once('close', closes);
      look();
      try {
        await promise;
      } finally {
        clearTimeout(late);
        socket.off('close', closes);
        waiting.splice(waiting.indexOf(look), 1);
      }
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      if (!socket.closed) await once(socket, 'close');
    },
  };
  await watching.until(() => changes.length > 0);
  return watching;
}

/** The phase that the page was told last. */
export const phaseOf = ({ changes }: Watching) =>
  changes.findLast(({ race }) => race !== undefined)!.race!.phase;

/** Runs a race to its end. Returns when the page has heard of it. */
export async function raceToItsEnd(server: RaceServer, page: Watching, settings: object): Promise<void> {
  const { length } = page.changes;
  const { status, error } = await post(server, '/start', settings);
  if (status !== 202) throw new Error(error);
  // What the page was told before was of another race.
  await page.until(() => page.changes.findLastIndex(({ race }) => race?.phase === 'over') >= length);
}
