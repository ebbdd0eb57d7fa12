// Whoever is compared does the same work: the API sees the same requests from every approach, every body is read
// to its end, and every thread library runs the same task in every thread.
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Program } from '../../bench/article/foreign.ts';
import { computeBy, sendBy } from '../../bench/article/foreign-ways.ts';
import { node } from '../../bench/article/node.ts';
import { python } from '../../bench/article/python.ts';
import { LeftOut } from '../../bench/suite.ts';
import { SERVERS } from '../../bench/mock/servers.ts';
import { throughput } from '../../bench/mock/throughput.ts';
import { fetchIn, fetchTrial, TIMEOUT_MS, type FetchTrialSettings } from '../../bench/trial.ts';
import { LIBRARIES, untilAllAnswered } from '../../bench/payload/threads.ts';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { orderOf } from '../../src/api/orders.ts';
import { startApi, type ApiProcess } from '../../src/api/start.ts';
import { serve, type Server } from '../../src/api/serve.ts';
import { request } from 'undici';
import { APPROACHES, IN_MEMORY } from '../../src/running/registry.ts';
import type { JobSettings } from '../../src/jobs/job.ts';
import { workOf } from '../../src/running/job-work.ts';
import { tableOf } from '../../src/running/span-table.ts';
import type { QuietMeasurement } from '../../src/measure/trial.ts';
import { pythonHere } from './article/found-here.ts';

const IDS = Array.from({ length: 12 }, (_, index) => index + 1);

describe('fetch-order, by whichever approach', { concurrency: false }, () => {
  let server: Server;
  const counters = new Counters();
  const paths: string[] = [];
  const note = (message: unknown) => {
    paths.push((message as { request: { url: string } }).request.url);
  };
  before(async () => {
    server = await serve({ conditions: INSTANT, counters });
    subscribe('http.server.request.start', note);
  });
  after(async () => {
    unsubscribe('http.server.request.start', note);
    await server[Symbol.asyncDispose]();
  });

  // `blocking` is not among them: it stops this thread, and the server of this test lives in it.
  for (const name of IN_MEMORY.filter((name) => name !== 'blocking')) {
    test(`${name} asks for every order once and reads every body to its end`, async () => {
      paths.length = 0;
      counters.reset();
      const settings: JobSettings = {
        kind: 'io',
        job: 'fetch-order',
        network: 'loopback',
        origin: server.origin,
        connections: 4,
        conditions: INSTANT,
        timeoutMs: TIMEOUT_MS,
      };
      await using opened = await APPROACHES[name].open(workOf(settings), {
        requests: IDS.length,
        concurrency: 4,
        threads: 2,
      });
      const records = await opened.run(IDS);
      assert.deepEqual(
        records.map(({ value }) => value),
        IDS.map(orderOf),
      );
      assert.deepEqual(paths.toSorted(), IDS.map((id) => `/orders/${id}`).toSorted());
      assert.equal(counters.read().completed, IDS.length);
    });
  }
});

describe('a trial', { concurrency: false }, () => {
  let served: ApiProcess;
  before(async () => (served = await startApi(INSTANT)));
  after(() => served[Symbol.asyncDispose]());
  const ask = {
    requests: 6,
    concurrency: 3,
    threads: 2,
    conditions: INSTANT,
  };
  const play = async (more: Partial<FetchTrialSettings>) => {
    const settings = { approach: 'bounded-pool', network: 'loopback', ...ask, ...more } as const;
    await served.behave(settings.conditions);
    const { signal } = new AbortController();
    return fetchTrial(settings, { signal, shared: async () => served as never });
  };

  test('counts as many requests as the API saw, and the sockets that its approach may open', async () => {
    // An instant answer may be there before the next request is sent.
    const { api, measurement } = await play({ conditions: { ...INSTANT, latencyMs: 100 } });
    assert.equal(api?.completed, ask.requests * measurement.timesMs.length);
    assert.equal(api?.peakInFlight, ask.concurrency);
    assert.equal(api?.sockets, ask.concurrency);
  });

  test('on the intercepted network counts what msw saw', async () => {
    const { api, measurement } = await play({ network: 'intercepted' });
    assert.equal(api, undefined);
    assert.equal(measurement.stats?.completed, ask.requests * measurement.timesMs.length);
  });

  /** A trial in no process, at an API that has always seen five requests. `run` is what follows the start of the clock. */
  const playUnseen = (run: () => Promise<QuietMeasurement>, more: Partial<FetchTrialSettings> = {}) => {
    const start = async () => ({ run, [Symbol.asyncDispose]: async () => {} });
    const api = { origin: '', behave: async () => {}, stats: async () => ({ completed: 5 }) };
    const context = { signal: new AbortController().signal, shared: async () => api as never };
    return fetchIn(start, { approach: 'bounded-pool', network: 'loopback', ...ask, ...more }, context);
  };

  test('throws if the API saw another number of requests than were asked for', async () => {
    const twoRuns = async () => ({ timesMs: [1, 1], cpuMs: 1, memory: null, spans: tableOf([]) });
    await assert.rejects(playUnseen(twoRuns), /expected 12 requests at the API, it saw 5/);
  });

  test('throws if the API saw another number in the warm-up, before the clock starts', async () => {
    const run = () => assert.fail('the clock has started');
    await assert.rejects(playUnseen(run, { warmup: 6 }), /expected 6 requests at the API, it saw 5/);
  });

  test('with failing requests throws, so that its row says so', async () => {
    const conditions = { ...INSTANT, faults: { '500': 1 } };
    await assert.rejects(play({ conditions }), /\d+ of 6 failed: /);
  });
});

describe('what a language sends', { concurrency: false }, async () => {
  const REQUESTS = 12;
  const AT_ONCE = 4;
  /** No multiple of REQUESTS, so the last run is shorter. */
  const WARMUP = 30;
  const WARMUP_RUNS = [REQUESTS, REQUESTS, WARMUP - 2 * REQUESTS];
  const ORDERS = Array.from({ length: REQUESTS }, (_, index) => `/orders/${index + 1}`);
  const tellsMemory = existsSync('/proc/self/clear_refs');
  const { signal } = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'async-workbench-fairness-'));
  const notes = join(folder, 'notes');
  const { NODE_OPTIONS: nodeOptions = '' } = process.env;
  /** A program that notes when the one that it runs reads its memory, and when that connects. */
  const noting = (name: string) => fileURLToPath(new URL(`./note-order.${name}`, import.meta.url));
  const here = await pythonHere();
  const notingHere = 'command' in here && tellsMemory ? { ...here, command: join(folder, 'python') } : here;
  const languages = [
    python(notingHere, { atOnce: [AT_ONCE], threads: [AT_ONCE], warmup: WARMUP, costMs: 1 }),
    node({ atOnce: [AT_ONCE], threads: [], warmup: WARMUP, costMs: 1, freeBytes: 0 }),
  ];
  let server: Server;
  const counters = new Counters();
  const asked = new Map<string, number>();
  /** For each time that the API counted anew: how often each order had been asked for until then. */
  const counted: Array<ReadonlyMap<string, number>> = [];
  const note = (message: unknown) => {
    const { url } = (message as { request: { url: string } }).request;
    asked.set(url, (asked.get(url) ?? 0) + 1);
  };
  before(async () => {
    server = await serve({ conditions: INSTANT, counters });
    subscribe('http.server.request.start', note);
    process.env['NOTES'] = notes;
    process.env['NODE_OPTIONS'] = `${nodeOptions} --import=${pathToFileURL(noting('mjs')).href}`;
    if (notingHere === here || 'missing' in here) return;
    const script = `#!/bin/sh\nexec '${here.command}' '${noting('py')}' '${notes}' "$@"\n`;
    await writeFile(join(folder, 'python'), script, { mode: 0o755 });
  });
  after(async () => {
    delete process.env['NOTES'];
    process.env['NODE_OPTIONS'] = nodeOptions;
    unsubscribe('http.server.request.start', note);
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  /** The API of this test, in the place of a process of its own. It counts anew when it is told to. */
  const api = () => {
    const stats = async () => ({ ...counters.read(), sockets: 0, cpuMs: 0 });
    const behave = () => {
      counted.push(new Map(asked));
      asked.clear();
      counters.reset();
      return stats();
    };
    return { origin: server.origin, stats, behave };
  };
  const context = { signal, shared: async () => api() as never };

  for (const language of languages) {
    for (const way of language.waiting) {
      test(`${language.name}, ${way.name}, is the same requests, and every body is read`, async (t) => {
        counted.length = 0;
        await writeFile(notes, '');
        const sent = await way.send(REQUESTS, context).catch((error: unknown) => {
          if (!(error instanceof LeftOut)) throw error;
          t.skip(error.message);
          return undefined;
        });
        if (!sent) return;
        const { timesMs, peakInFlight, peakMiB, baselineMiB } = sent;
        const lanes = way.atOnce === 'all' ? REQUESTS : way.atOnce;
        assert.equal(counted.length, 2, 'the warm-up is counted for itself');
        const timesOf = (index: number) => WARMUP_RUNS.filter((orders) => index < orders).length;
        assert.deepEqual(counted[1], new Map(ORDERS.map((order, index) => [order, timesOf(index)])));
        assert.equal(timesMs.length, 1, 'no language runs more often than the others');
        assert.deepEqual(asked, new Map(ORDERS.map((order) => [order, 1])));
        assert.equal(counters.read().completed, counters.read().started);
        assert.ok(peakInFlight >= 1 && peakInFlight <= lanes, `${peakInFlight} at once`);
        if (!tellsMemory) return;
        assert.ok(baselineMiB! > 1 && baselineMiB! < peakMiB! + 1, `${baselineMiB} of ${peakMiB} MiB`);
        const order = (await readFile(notes, 'utf8')).trim().split('\n');
        assert.match(
          order.join(' '),
          /^memory( memory)*( connection)+$/,
          'the memory is that before all requests',
        );
      });
    }
  }

  test('is a failure if a program reads less than every body, or sends another number', async () => {
    // It sends nothing. What the API would have seen of it comes from the test.
    const program = (bytes: number): Program => ({
      called: 'Salt',
      command: process.execPath,
      args: [
        '-e',
        `const says = [{ ready: true }, { timeMs: 1, cpuMs: 1, bytes: ${bytes} }];
        process.stdin.on('data', () => console.log(JSON.stringify(says.shift())));`,
      ],
    });
    const send = (fetches: number, bytes: number, warm = 1) => {
      const seen = [warm, fetches];
      const stats = async () => ({ completed: seen.shift(), peakInFlight: 1 });
      const itsContext = { signal, shared: async () => ({ ...api(), stats }) as never };
      return sendBy(program(bytes), { requests: 1, warmup: 1, atOnce: 1 }, itsContext);
    };
    const whole = Buffer.byteLength(JSON.stringify(orderOf(1)));
    assert.deepEqual((await send(1, whole)).timesMs, [1]);
    await assert.rejects(send(2, whole), /expected 1 requests at the API, it saw 2/);
    await assert.rejects(send(1, whole, 0), /expected 1 requests at the API, it saw 0/);
    await assert.rejects(send(1, whole - 1), /expected \d+ bytes in all bodies, got \d+/);
    // The next case has told the API to answer at once, and this one must not tell it anything more.
    const stop = new AbortController();
    counted.length = 0;
    const late = { ...api(), stats: async () => (stop.abort(new Error('late')), { completed: 1 }) };
    const itsContext = { signal: stop.signal, shared: async () => late as never };
    await assert.rejects(sendBy(program(whole), { requests: 1, warmup: 1, atOnce: 1 }, itsContext), /late/);
    assert.equal(counted.length, 1, 'the API was told once how to answer');
    const computes = {
      ...program(0),
      args: ['-e', 'console.log(\'{"checksums":[1]}\'); process.stdin.resume()'],
    };
    await assert.rejects(
      computeBy(computes, { tasks: 1, rounds: 10, workers: 1 }, context),
      /expected the checksums of 1 task of 10 rounds, got others/,
    );
  });
});

describe('a thread library', () => {
  for (const [name, open] of Object.entries(LIBRARIES)) {
    test(`${name} runs the task in each of its threads, and in no other`, async () => {
      const own = new Set<number>();
      await using pool = await open(2);
      await untilAllAnswered(pool, 2);
      for (let task = 0; task < 20; task++) own.add(await pool.run(10));
      assert.ok(own.size <= 2);
      assert.ok(!own.has(0), 'thread 0 is the one that asks');
    });
  }
});

describe('a kind of server', () => {
  for (const [name, start] of Object.entries(SERVERS)) {
    test(`${name} gives the same JSON for the same order`, async () => {
      await using server = await start();
      for (const id of [1, 7, 99]) {
        const { statusCode, headers, body } = await request(`${server.origin}/orders/${id}`);
        const text = await body.text();
        assert.deepEqual([statusCode, text], [200, JSON.stringify(orderOf(id))]);
        assert.equal(headers['content-type'], 'application/json');
        assert.equal(headers['content-length'], String(Buffer.byteLength(text)));
      }
    });
  }

  test('is measured with every answer checked, in figures above 0', async () => {
    const found = await throughput({ server: 'this API', requests: 50, concurrency: 5 });
    for (const [figure, value] of Object.entries(found)) assert.ok(Number(value) > 0, figure);
  });
});
