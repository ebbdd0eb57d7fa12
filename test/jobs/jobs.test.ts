// The jobs, opened as trials open them, over the intercepted network.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { assert as check, integer, property } from 'fast-check';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { orderOf } from '../../src/api/orders.ts';
import { ORIGIN } from '../../src/api/origin.ts';
import type { FetchOrderSettings, PriceOrderSettings } from '../../src/jobs/job.ts';
import { openJob } from '../../src/jobs/open.ts';
import { calibrate, expectedChecksum, priceOf } from '../../src/jobs/price-order.ts';
import { lost, recorded } from '../../src/running/recorded.ts';
import type { SavedOrder } from '../../src/jobs/save-order.ts';

const PRICING: PriceOrderSettings = { kind: 'cpu', job: 'price-order', rounds: 1000, costMs: 1 };
const counters = new Counters();
const SETTINGS: FetchOrderSettings = {
  kind: 'io',
  job: 'fetch-order',
  network: 'intercepted',
  origin: ORIGIN,
  connections: 2,
  conditions: INSTANT,
  counters: counters.buffer,
  timeoutMs: 60_000,
};

test('fetch-order returns the order, and the API it came from counts into the shared counters', async () => {
  counters.reset();
  await using job = await openJob(SETTINGS);
  assert.deepEqual(await job.task(5), orderOf(5));
  await assert.rejects(async () => job.task(0), { name: 'StatusError', status: 404 });
  assert.equal(counters.read().started, 1);
});

test('fetch-order as text returns the answer as it came, and refuses one that is another order', async () => {
  const bodies: Readonly<Record<number, string | Buffer>> = {
    1: '\ufeff{"id":1,"big":12345678901234567890 }',
    2: '{"id":1}',
    3: Buffer.from([0x7b, 0xff, 0x7d]),
  };
  const server = createServer((request, response) => {
    response.end(bodies[Number(request.url!.split('/').at(-1))]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { counters: _, ...loopback } = SETTINGS;
  await using job = await openJob({
    ...loopback,
    network: 'loopback',
    origin: `http://127.0.0.1:${port}`,
    asText: true,
  });
  try {
    assert.equal(await job.task(1), bodies[1]);
    await assert.rejects(async () => job.task(2), {
      message: 'the answer is not the order that was asked for',
    });
    await assert.rejects(async () => job.task(3), SyntaxError);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('fetch-order stops at its signal', async () => {
  await using job = await openJob(SETTINGS);
  const left = new Error('the guests have left');
  await assert.rejects(async () => job.task(5, AbortSignal.abort(left)), left);
});

test('a job that is closed has closed its network too', async () => {
  {
    await using _ = await openJob(SETTINGS);
  }
  counters.reset();
  await using later = await openJob(SETTINGS);
  await later.task(1);
  assert.equal(counters.read().started, 1, 'one interception saw the request, not two');
});

test('repeats of a run wait in each thread otherwise', async () => {
  /** What a thread of its own waits for when a task fails for ever. */
  const waitsInThread = async (seed: number): Promise<number[]> => {
    const retries = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    new Int32Array(retries)[0] = 100;
    const worker = new Worker(new URL('./waits-worker.ts', import.meta.url), {
      workerData: { seed, retries },
    });
    const [waits] = (await once(worker, 'message')) as [number[]];
    await worker.terminate();
    return waits;
  };
  const [one, other] = [await waitsInThread(7), await waitsInThread(7)];
  assert.equal(one.length, 3);
  assert.equal(new Set([...one, ...other]).size, 6, 'threads that fail together do not come back together');
});

describe('save-order', () => {
  test('saves the order whole, and returns what fetch_and_save returns', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'save-order-'));
    t.after(() => rm(folder, { recursive: true }));
    await using job = await openJob({ ...SETTINGS, job: 'save-order', folder });
    const saved = (await job.task(5)) as SavedOrder;
    assert.deepEqual(
      { ...saved, timestamp: new Date(saved.timestamp).toISOString() },
      { url: `${ORIGIN}/orders/5`, timestamp: saved.timestamp, status: 200 },
    );
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'order-5.json'), 'utf8')), orderOf(5));
    assert.deepEqual(await readdir(folder), ['order-5.json']);
  });

  test('saves nothing when the API refuses the order, and fails when the folder has vanished', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'save-order-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    await using job = await openJob({ ...SETTINGS, job: 'save-order', folder });
    await assert.rejects(async () => job.task(0), { name: 'StatusError' });
    assert.deepEqual(await readdir(folder), []);
    await rm(folder, { recursive: true });
    await assert.rejects(async () => job.task(1), { code: 'ENOENT' });
  });
});

describe('price-order', () => {
  const ids = integer({ min: 0, max: 2 ** 31 - 1 });
  const rounds = integer({ min: 0, max: 3000 });

  test('does every round: its checksum is that of the leap, and of a slow count with big integers', () => {
    check(
      property(ids, rounds, (id, rounds) => {
        let state = BigInt(id);
        for (let round = 0; round < rounds; round++) state = (state * 1664525n + 1013904223n) % 2n ** 32n;
        assert.equal(priceOf(id, rounds).checksum, Number(state));
        assert.equal(expectedChecksum(id, rounds), Number(state));
      }),
    );
  });

  test('a round more or less, or another order, shows in the checksum', () => {
    check(
      property(ids, rounds, (id, rounds) => {
        assert.notEqual(expectedChecksum(id, rounds + 1), expectedChecksum(id, rounds));
        assert.notEqual(expectedChecksum(id + 1, rounds), expectedChecksum(id, rounds));
      }),
    );
  });

  test('adds up the lines of the order, and is synchronous', async () => {
    await using job = await openJob(PRICING);
    const cents = orderOf(8).lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0);
    assert.deepEqual(job.task(8), { id: 8, cents, checksum: expectedChecksum(8, 1000) });
  });

  test('calibration gives a whole number of rounds, at least one', () => {
    assert.ok(Number.isInteger(calibrate(0.1)));
    // 2 µs for an order and 1 ns for a round, said by a clock of our own.
    const clock = (_orders: number, rounds: number) => 0.002 + rounds * 1e-6;
    assert.deepEqual([calibrate(0, clock), calibrate(4, clock)], [1, 3_998_000]);
  });

  test('calibration counts CPU time: slices of time that others take make no task shorter', (t) => {
    const alone = calibrate(4);
    const nowMs = performance.now.bind(performance);
    // As on a machine with four times the work that it has cores for: for each millisecond of ours, three of others.
    t.mock.method(performance, 'now', () => nowMs() + 3 * Math.floor(nowMs()));
    const crowded = calibrate(4);
    assert.ok(crowded > alone / 2, `${crowded} rounds, not ${alone}`);
  });
});

describe('recorded', () => {
  const burnt = new TypeError('the order burnt');

  test('stays synchronous for a synchronous task', () => {
    const record = recorded((input) => `price ${input}`)(3);
    assert.ok(!(record instanceof Promise));
    const { span, value } = record;
    assert.equal(value, 'price 3');
    assert.deepEqual([span.input, span.thread, span.outcome], [3, 0, 'ok']);
    assert.ok(span.startMs <= span.endMs);
  });

  test('turns a failure into a record with its reason, whichever way it comes', async () => {
    const thrown = await recorded(() => {
      throw burnt;
    })(1);
    const rejected = await recorded(() => Promise.reject(burnt))(1);
    for (const { span } of [thrown, rejected]) {
      assert.deepEqual([span.outcome, span.error], ['failed', 'TypeError']);
    }
    const odd = await recorded(() => Promise.reject('no error at all'))(1);
    assert.equal(odd.span.error, 'no error at all');
  });

  test('waits for a thenable that is no promise, and keeps its failure', async () => {
    /* oxlint-disable unicorn/no-thenable -- they are what is tested */
    // Like what a query builder returns: the query runs when somebody waits for it.
    const query = (then: unknown) => Object.defineProperty({}, 'then', { value: then });
    const served = query((resolve: (value: string) => void) => resolve('soup'));
    const good = await recorded(() => served)(1);
    assert.deepEqual([good.span.outcome, good.value], ['ok', 'soup']);
    const refused = query((_resolve: unknown, reject: (reason: Error) => void) => reject(burnt));
    const bad = await recorded(() => refused)(1);
    assert.deepEqual([bad.span.outcome, bad.span.error], ['failed', 'TypeError']);
    const hostile = Object.defineProperty({}, 'then', {
      get() {
        throw burnt;
      },
    });
    /* oxlint-enable unicorn/no-thenable */
    assert.equal((await recorded(() => hostile)(1)).span.error, 'TypeError');
  });

  test('describes whatever was thrown, and never throws', async () => {
    const speechless = Object.create(null) as object;
    const nameless = Object.defineProperty(new Error(''), 'name', {
      get: () => assert.fail('a hostile getter'),
    });
    const odd = Object.assign(new Error('odd'), { name: Symbol('no text') });
    for (const reason of [undefined, null, speechless, nameless, odd, Object.freeze([]), () => {}, 7n]) {
      const { span } = await recorded(() => Promise.reject(reason))(1);
      assert.equal(span.outcome, 'failed');
      assert.equal(typeof span.error, 'string');
      assert.equal(typeof lost(1, 0, reason).span.error, 'string');
    }
    const long = await recorded(() => Promise.reject('a whole page '.repeat(1000)))(1);
    assert.equal(long.span.error?.length, 200);
  });

  test('tells an abort from a failure by the signal', async () => {
    const { span } = await recorded(() => Promise.reject(burnt))(1, AbortSignal.abort());
    assert.equal(span.outcome, 'aborted');
  });
});
