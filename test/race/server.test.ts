// The server of the page: what it runs, whom it refuses, and that nothing of it stays.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { request } from 'undici';
import { livingChildren } from '../../src/child.ts';
import { checked } from '../../src/files/schema.ts';
import { isMeasured, type Row } from '../../src/measure/comparison.ts';
import { runDocument, type RunDocument } from '../../src/report/document.ts';
import { headline } from '../../src/report/headline.ts';
import { number } from '../../src/report/units.ts';
import { replayOf } from '../../src/race/replay.ts';
import type { RaceServer } from '../../src/race/server.ts';
import { defaultRun } from '../report/html/runs.ts';
import {
  endless,
  phaseOf,
  post,
  quick,
  raceToItsEnd,
  startRaceServer,
  tokenOf,
  untilChildren,
  watch,
} from './race-server.ts';

const get = async (url: string, headers: Record<string, string> = {}) => {
  const { statusCode, headers: fields, body } = await request(url, { headers });
  return { status: statusCode, fields, text: await body.text() };
};

/** Reads no body: that of a stream, which a server should have refused, would never end. */
const statusOf = async (url: string, headers: Record<string, string>) => {
  const { statusCode, body } = await request(url, { headers });
  body.on('error', () => {}).destroy();
  return statusCode;
};

describe('a race', () => {
  let server: RaceServer;
  before(async () => {
    server = await startRaceServer();
  });
  after(() => server[Symbol.asyncDispose]());

  for (const [mode, turns] of [
    ['turns', 2],
    ['together', 1],
  ] as const) {
    test(`in mode ${mode}: what the page is told is what was measured`, async () => {
      await using page = await watch(server);
      await raceToItsEnd(server, page, quick({ mode, turns }));
      const run = checked(runDocument, JSON.parse((await get(`${server.origin}/run.json`)).text));
      const [comparison] = run.comparisons;
      const rows = comparison!.rows as Row[];
      assert.deepEqual(
        rows.map(({ approach }) => approach),
        ['sequential', 'bounded-pool'],
      );
      for (const row of rows) {
        const head = page.lanes.get(row.approach)!;
        const { phase, done, failed, peakInFlight, measured } = head;
        assert.ok(isMeasured(row));
        assert.equal(row.timeMs.samples.length, turns);
        assert.deepEqual(
          { phase, done, failed, inFlight: head.inFlight },
          { phase: 'done', done: 12, failed: 0, inFlight: 0 },
        );
        // The page counts those of the run that is drawn, and the row has the most of all runs.
        assert.ok(peakInFlight >= 1 && peakInFlight <= row.peakInFlight, `${peakInFlight}`);
        if (turns === 1) assert.equal(peakInFlight, row.peakInFlight);
        assert.equal(measured!.peakInFlight, number(row.peakInFlight));
        assert.equal(measured!.succeeded, '12');
        // If there are several runs, the last one is drawn.
        assert.ok(
          row.timeMs.samples.includes(head.tookMs!),
          `${head.tookMs} of ${row.timeMs.samples.join()}`,
        );
      }
      // How near the pool comes to its four depends on how fast the answers come.
      const [alone, pool] = rows.map(({ peakInFlight }) => peakInFlight);
      assert.equal(alone, 1);
      assert.ok(pool! >= 1 && pool! <= 4, String(pool));
      const { outcome } = page.changes.findLast(({ race }) => race?.outcome)!.race!;
      assert.equal(outcome!.finding, headline(comparison!));
      assert.equal(
        outcome!.doubt?.startsWith('All ran together and shared ') ?? false,
        mode === 'together',
        outcome!.doubt ?? '',
      );
      assert.match(
        outcome!.command,
        new RegExp(`^npm start -- compare fetch-order --requests 12 --concurrency 4 --repeats ${turns} `),
      );
    });
  }

  test('of work that computes: its bars come from the tasks, and each of them is there', async () => {
    await using page = await watch(server);
    const approaches = ['blocking', 'worker-threads'];
    await raceToItsEnd(server, page, quick({ job: 'price-order', cost: 1, threads: 2, approaches }));
    for (const name of approaches) {
      const { done, inFlight, phase } = page.lanes.get(name)!;
      assert.deepEqual({ done, inFlight, phase }, { done: 12, inFlight: 0, phase: 'done' });
    }
  });

  test('with failures tells them apart from what went well, as the API saw them', async () => {
    await using page = await watch(server);
    const approaches = ['bounded-pool'];
    await raceToItsEnd(server, page, quick({ faults: '503:0.5', requests: 40, approaches }));
    const run = JSON.parse((await get(`${server.origin}/run.json`)).text) as RunDocument;
    const [row] = run.comparisons[0]!.rows as Row[];
    const { done, failed } = page.lanes.get('bounded-pool')!;
    assert.deepEqual({ done, failed }, { done: row!.succeeded, failed: row!.failed });
    assert.ok(failed > 0 && done > 0);
  });

  test('lets any client join, also while it runs', async () => {
    await using page = await watch(server);
    assert.equal((await get(`${server.apiOrigin}/curl/orders/7`)).status, 200);
    await page.until(() => page.lanes.get('curl')?.done === 1);
    await post(server, '/start', endless());
    await page.until(() => page.lanes.get('sequential')?.phase === 'warms up');
    const asking = Promise.all([1, 2, 3].map((id) => get(`${server.apiOrigin}/python/orders/${id}`)));
    await page.until(() => page.lanes.get('python')?.done === 3);
    await asking;
    assert.equal(page.lanes.get('python')!.isGuest, true);
    await post(server, '/stop');
  });

  test('runs alone: a second one is refused until the first has ended', async () => {
    await using page = await watch(server);
    const answers = await Promise.all([post(server, '/start', endless()), post(server, '/start', endless())]);
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [202, 409],
    );
    assert.match(answers.find(({ status }) => status === 409)!.error, /a race is running; stop it first/);
    await post(server, '/stop');
    await raceToItsEnd(server, page, quick({ approaches: ['sequential'] }));
  });

  // What such a page gets, and when, is in events.test.ts.
  test('goes on for the others where one page does not read', async () => {
    await using page = await watch(server);
    const { port } = new URL(server.origin);
    const deaf = createConnection(Number(port), '127.0.0.1');
    deaf.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    deaf.pause();
    await once(deaf, 'connect');
    await raceToItsEnd(server, page, quick({ approaches: ['sequential'] }));
    deaf.destroy();
  });
});

describe('nothing stays', () => {
  let server: RaceServer;
  before(async () => {
    server = await startRaceServer({ graceMs: 1 });
  });
  after(() => server[Symbol.asyncDispose]());

  test('of a race that is stopped: its processes have ended when the page hears of it', async () => {
    await using page = await watch(server);
    await post(server, '/start', endless({ mode: 'together' }));
    await page.until(() => [...page.lanes.values()].some(({ phase }) => phase === 'warms up'));
    await untilChildren((count) => count > 1);
    assert.equal((await post(server, '/stop')).status, 204);
    assert.equal(livingChildren().size, 1, 'the API alone');
    await page.until(() => phaseOf(page) === 'stopped');
    assert.ok([...page.lanes.values()].every(({ phase }) => phase === 'stopped' || phase === 'waits'));
  });

  test('of a race whose last page has gone', async () => {
    const [one, other] = [await watch(server), await watch(server)];
    await post(server, '/start', endless());
    await untilChildren((count) => count > 1);
    await one[Symbol.asyncDispose]();
    await other.until(() => phaseOf(other) === 'running');
    await other[Symbol.asyncDispose]();
    await untilChildren((count) => count === 1);
    await using again = await watch(server);
    await again.until(() => phaseOf(again) === 'stopped');
    assert.match(again.changes.at(-1)!.race!.says, /no page looks on/);
  });

  test('of a race that a program started and nobody looks at', async () => {
    await post(server, '/start', endless());
    await using page = await watch(server);
    await page.until(() => phaseOf(page) === 'stopped');
    assert.equal(livingChildren().size, 1);
  });
});

describe('a server at which nobody races', () => {
  let server: RaceServer;
  before(async () => {
    server = await startRaceServer();
  });
  // Whatever a test asked for: nothing was started, and nothing was stopped.
  afterEach(() => assert.equal(livingChildren().size, 1, 'the API alone'));
  after(() => server[Symbol.asyncDispose]());

  const wrong: ReadonlyArray<readonly [name: string, headers: object, says: RegExp]> = [
    ['another origin', { origin: 'http://evil.test' }, /expected a request of the page itself/],
    [
      'another port of this machine',
      { origin: 'http://127.0.0.1:1' },
      /expected a request of the page itself/,
    ],
    ['no origin', { origin: '' }, /expected a request of the page itself/],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, /expected a request of the page itself/],
    [
      'another page of this machine',
      { 'sec-fetch-site': 'same-site' },
      /expected a request of the page itself/,
    ],
    ['a wrong token', { 'x-race-token': 'x'.repeat(22) }, /expected the token of the page; reload it/],
    ['a short token', { 'x-race-token': 'x' }, /expected the token/],
    ['no token', { 'x-race-token': '' }, /expected the token/],
  ];
  for (const [name, headers, says] of wrong) {
    test(`refuses whoever comes with ${name}, and starts and stops nothing`, async () => {
      for (const path of ['/start', '/stop']) {
        const { status, error } = await post(server, path, quick(), headers);
        assert.equal(status, 403);
        assert.match(error, says);
      }
    });
  }

  test('refuses whoever comes under another name of this machine, on every path', async () => {
    for (const path of ['/', '/events', '/main.js', '/run.json']) {
      assert.equal(await statusOf(server.origin + path, { host: 'evil.test' }), 400, path);
    }
    assert.equal(
      (await post(server, '/start', quick(), { host: 'evil.test', origin: 'http://evil.test' })).status,
      400,
    );
  });

  test('lets no other page follow the stream', async () => {
    assert.equal(await statusOf(`${server.origin}/events`, { 'sec-fetch-site': 'cross-site' }), 403);
  });

  test('refuses a body that is no race', async () => {
    for (const [body, status, says] of [
      ['{', 400, /expected JSON/],
      ['x'.repeat(100_000), 413, /at most 4096 bytes/],
      [{ ...quick(), threads: 1e6 }, 400, /race\.threads: expected a whole number from 1 to/],
      [{ ...quick(), requests: 2000, latency: 1000, turns: 9 }, 400, /a race of at most 10 min/],
      [[], 400, /expected an object/],
    ] as const) {
      const answer = await post(server, '/start', body);
      assert.equal(answer.status, status);
      assert.match(answer.error, says);
    }
  });

  test('refuses a path or a method that is none', async () => {
    for (const path of [
      '/nothing',
      '/../package.json',
      '/%2e%2e/package.json',
      '/src/race/server.ts',
      '/run.json',
    ]) {
      assert.equal((await get(server.origin + path)).status, 404, path);
    }
    const { statusCode, body } = await request(server.origin, { method: 'DELETE' });
    await body.dump();
    assert.equal(statusCode, 405);
  });

  test('every answer has the policy, and none lets another origin read it', async () => {
    for (const path of ['/', '/main.js', '/race.css', '/nothing']) {
      const { fields } = await get(server.origin + path, { origin: 'http://evil.test' });
      assert.match(
        String(fields['content-security-policy']),
        /^default-src 'none'; script-src 'self'; style-src 'self'/,
      );
      assert.doesNotMatch(String(fields['content-security-policy']), /unsafe|\*|https?:/);
      assert.equal(fields['access-control-allow-origin'], undefined);
      assert.equal(fields['x-content-type-options'], 'nosniff');
    }
  });

  test('the page and all its files are at most 100 KiB, and ask for nothing elsewhere', async () => {
    const page = await get(server.origin);
    const paths = Array.from(page.text.matchAll(/(?:href|src)="(\/[^"#?]*\.(?:js|css|svg))"/g), ([, path]) =>
      String(path),
    );
    const files = await Promise.all([...new Set(paths)].map((path) => get(server.origin + path)));
    assert.ok(files.length >= 8, String(files.length));
    assert.ok(files.every(({ status }) => status === 200));
    const bytes = [page, ...files].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    assert.ok(bytes <= 100 * 1024, `${bytes} bytes`);
    // Every module that a script imports is among the files that the page names.
    for (const { text } of files) {
      for (const [, name] of text.matchAll(/ from '\.(\/[^']+)';/g)) {
        assert.ok(paths.includes(String(name)), String(name));
      }
      assert.doesNotMatch(text.replaceAll('http://www.w3.org/2000/svg', ''), /https?:\/\//);
    }
  });

  test('each server has a token of its own', async () => {
    await using other = await startRaceServer({ replay: replayOf('run.json', defaultRun()) });
    assert.notEqual(await tokenOf(other), await tokenOf(server));
  });
});

test('nothing stays of a server that is closed, in the middle of a race', async () => {
  const server = await startRaceServer();
  await using page = await watch(server);
  await post(server, '/start', endless());
  await untilChildren((count) => count > 1);
  await server[Symbol.asyncDispose]();
  assert.equal(livingChildren().size, 0);
  assert.ok(page.changes.length > 0);
});
