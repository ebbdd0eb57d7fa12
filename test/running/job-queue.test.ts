// The job queue as an approach: real worker processes draw from a real queue in the embedded database, which all tests share.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from 'pg';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { Gate } from '../../src/api/gate.ts';
import { serve } from '../../src/api/serve.ts';
import type { FetchOrderSettings, OwnJobSettings } from '../../src/jobs/job.ts';
import { drawFor } from '../../src/jobs/open-own.ts';
import type { ServerDatabase } from '../../src/queue/database.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../src/queue/embedded.ts';
import { SCHEMA } from '../../src/queue/schema.ts';
import { GiveUp } from '../../src/running/give-up.ts';
import { openQueue } from '../../src/running/job-queue.ts';
import { workOf } from '../../src/running/job-work.ts';
import { ownWorkOf } from '../../src/running/own-run.ts';
import type { RunSize } from '../../src/running/work.ts';
import { folder, type Folder } from '../own/modules.ts';
import { isRunning } from '../processes.ts';

const SIZE: RunSize = { requests: 12, concurrency: 4, threads: 1, workers: 2 };
const INPUTS = Array.from({ length: SIZE.requests }, (_, index) => index + 1);

/** Waits until `count` requests are held, or until `running` ends: a run that fails sends none, and must not hang the test. */
const held = (gate: Gate, count: number, running: Promise<unknown>): Promise<unknown> =>
  Promise.race([gate.waitFor(count), running]);

/** The names of the queues of comparisons. */
async function queuesIn({ url }: EmbeddedDatabase): Promise<string[]> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select name from ${SCHEMA}.queue where name like 'compare-%'`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

describe('the job queue', () => {
  let database: EmbeddedDatabase;
  let server: ServerDatabase;
  let made: Folder;
  before(async () => {
    [database, made] = await Promise.all([startEmbedded(), folder()]);
    server = { kind: 'server', url: database.url };
  });
  after(async () => {
    await Promise.all([database[Symbol.asyncDispose](), made[Symbol.asyncDispose]()]);
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith('async-workbench-database-'));
    assert.deepEqual(left, [], 'the database removes its data');
  });

  const fetching = (origin: string, more: Partial<FetchOrderSettings> = {}): FetchOrderSettings => ({
    kind: 'io',
    job: 'fetch-order',
    network: 'loopback',
    origin,
    connections: 2,
    conditions: INSTANT,
    timeoutMs: 60_000,
    ...more,
  });

  /** A module of the reader's as work, with its inputs drawn. */
  async function own(name: string, source: string, more: Partial<OwnJobSettings> = {}) {
    await made.write(name, source);
    const settings: OwnJobSettings = {
      kind: 'own',
      job: 'own-work',
      path: join(made.path, name),
      inputs: SIZE.requests,
      costMs: 1,
      timeoutMs: 60_000,
      ...more,
    };
    const giveUp = new GiveUp();
    const { inputs } = await drawFor(settings);
    giveUp.begin(inputs.length);
    return { work: ownWorkOf(settings, inputs, giveUp), giveUp };
  }

  test('two workers share the concurrency, the records come back in order, and nothing is left afterwards', async () => {
    const [counters, gate] = [new Counters(), new Gate()];
    await using api = await serve({ conditions: INSTANT, counters, gate });
    let pids: readonly number[];
    {
      await using opened = await openQueue(workOf(fetching(api.origin)), SIZE, server);
      pids = opened.beside!.workers;
      assert.equal(pids.length, 2);
      assert.ok(pids.every(isRunning));
      assert.equal(opened.beside!.database, undefined, 'it is not ours');
      const running = opened.run(INPUTS);
      await held(gate, SIZE.concurrency, running);
      for (let answered = 0; answered < SIZE.requests; answered++) {
        await held(gate, 1, running);
        gate.letGo(1);
      }
      const records = await running;
      assert.deepEqual(
        records.map(({ span: { input, outcome }, value }) => [input, outcome, (value as { id: number }).id]),
        INPUTS.map((id) => [id, 'ok', id]),
      );
      assert.deepEqual(new Set(records.map(({ span }) => span.thread)), new Set([1, 2]));
      assert.equal(opened.beside!.begunAgain(), 0);
      assert.equal(counters.read().peakInFlight, SIZE.concurrency);
      const again = opened.run([7]);
      await held(gate, 1, again);
      gate.letGo();
      assert.equal((await again)[0]!.span.outcome, 'ok');
      assert.deepEqual(await opened.run([]), []);
    }
    assert.ok(!pids.some(isRunning));
    assert.deepEqual(await queuesIn(database), []);
  });

  test('a failure is a record and is repeated only as often as the run allows, in each run anew', async () => {
    const counters = new Counters();
    await using api = await serve({ conditions: { ...INSTANT, faults: { '503': 1 } }, counters });
    const retries = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const work = workOf(fetching(api.origin, { retries }));
    await using opened = await openQueue(work, SIZE, server);
    for (const budget of [4, 2]) {
      counters.reset();
      new Int32Array(retries)[0] = budget;
      const records = await opened.run(INPUTS);
      assert.ok(records.every(({ span }) => span.outcome === 'failed' && span.error === 'StatusError 503'));
      // Each worker has its half, and the last of it repeats nothing, as in one process.
      const { started } = counters.read();
      assert.ok(started >= SIZE.requests && started <= SIZE.requests + budget, `${started} of ${budget}`);
    }
    assert.equal(opened.beside!.begunAgain(), 0, 'the queue itself hands nothing out again');
  });

  test('own work gets its inputs and gives its results through the queue; what JSON or Postgres cannot carry has failed in one line', async () => {
    const { work, giveUp } = await own(
      'dates.mjs',
      `export const inputs = 'soup pie tea egg jam fig ham rye nut oat'.split(' ').map((dish) => ({ dish }));
       export const task = async ({ dish }) => {
         if (dish === 'pie') return { dish, at: new Date(0) };
         if (dish === 'jam') throw new Error('burnt \\0 to \\ud83c ashes');
         return dish === 'egg' ? undefined : { served: dish };
       };`,
    );
    await using opened = await openQueue(work, { ...SIZE, requests: 10, workers: 1 }, server);
    const records = await opened.run(INPUTS.slice(0, 10));
    assert.deepEqual(
      records.map(({ span, value }) => span.error ?? value ?? null),
      [
        { served: 'soup' },
        'the result has a Date at .at, and a queue carries only JSON',
        { served: 'tea' },
        null,
        'burnt \ufffd to \ufffd ashes',
        ...['fig', 'ham', 'rye', 'nut', 'oat'].map((dish) => ({ served: dish })),
      ],
    );
    assert.equal(giveUp.signal.aborted, false);
  });

  test('own work that fails too often is stopped, and so is a task that never ends', async () => {
    const failing = await own(
      'fails.mjs',
      `export const inputs = Array.from({ length: 12 }, (_, index) => index);
       export const task = async () => { throw new RangeError('burnt'); };`,
    );
    await using opened = await openQueue(failing.work, { ...SIZE, workers: 1 }, server);
    await assert.rejects(failing.giveUp.watch(opened.run(INPUTS, failing.giveUp.signal)), {
      name: 'GivenUpError',
      message: /more than a fifth: \d+ × RangeError/,
    });
    const hanging = await own(
      'hangs.mjs',
      'export const inputs = [1, 2]; export const task = (input) => input === 2 ? new Promise(() => {}) : input;',
      { timeoutMs: 50 },
    );
    await using waiting = await openQueue(hanging.work, { ...SIZE, requests: 2, workers: 1 }, server);
    await assert.rejects(hanging.giveUp.watch(waiting.run([1, 2], hanging.giveUp.signal)), {
      name: 'GivenUpError',
      message: /the task of input 2 did not end within 50 ms/,
    });
  });

  test('when no worker is left the run ends with the reason of the last one', async () => {
    const { work } = await own(
      'leaves.mjs',
      'export const inputs = [1, 2, 3]; export const task = () => { process.exit(7); };',
    );
    await using opened = await openQueue(work, { ...SIZE, requests: 3 }, server);
    await assert.rejects(opened.run([1, 2, 3]), {
      name: 'GivenUpError',
      message: /^a worker of the queue: the process ended with exit code 7$/,
    });
  });

  test('an abort ends the run with its reason, and takes back what no worker has begun', async () => {
    const [counters, gate] = [new Counters(), new Gate()];
    await using api = await serve({ conditions: INSTANT, counters, gate });
    const work = workOf(fetching(api.origin, { connections: SIZE.concurrency }));
    await using opened = await openQueue(work, { ...SIZE, workers: 1 }, server);
    const controller = new AbortController();
    const running = opened.run(INPUTS, controller.signal);
    await held(gate, SIZE.concurrency, running);
    const reason = new Error('the guests have left');
    controller.abort(reason);
    await assert.rejects(running, (error) => error === reason);
    assert.equal(counters.read().started, SIZE.concurrency);
  });
});

test('a database that cannot be used is the outcome of the approach, in one line and without the password', async () => {
  const database: ServerDatabase = { kind: 'server', url: 'postgres://me:geheim@127.0.0.1:1/orders' };
  const work = workOf({ kind: 'cpu', job: 'price-order', rounds: 1, costMs: 1 });
  await assert.rejects(openQueue(work, SIZE, database), {
    name: 'GivenUpError',
    message: 'the database postgres://me@127.0.0.1:1/orders cannot be reached (ECONNREFUSED)',
  });
});
