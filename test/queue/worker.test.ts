// Workers of the queue, on the embedded database: what they do with orders of every kind, how they end, and who replaces them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { after, before, describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startCommand } from '../../bench/soak/started-command.ts';
import { expectAllWhole } from '../../bench/soak/whole-orders.ts';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { Gate } from '../../src/api/gate.ts';
import { orderOf } from '../../src/api/orders.ts';
import { serve, type Server } from '../../src/api/serve.ts';
import { jobQueue, type Submitting } from '../../src/approaches/job-queue.ts';
import { livingChildren } from '../../src/child.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { priceOf } from '../../src/jobs/price-order.ts';
import { openBoss, type Boss } from '../../src/queue/boss.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../src/queue/embedded.ts';
import { QueueFailure } from '../../src/queue/failure.ts';
import { keepWorkers } from '../../src/queue/keep-workers.ts';
import { FORMAT, queuedOrder } from '../../src/queue/order.ts';
import { runWorker, type WorkerTally } from '../../src/queue/worker.ts';
import { ROOT } from '../processes.ts';

describe('a worker of the queue', () => {
  let database: EmbeddedDatabase;
  let boss: Boss;
  let api: Server;
  const gate = new Gate();
  before(async () => {
    database = await startEmbedded();
    boss = await openBoss({ kind: 'server', url: database.url });
    api = await serve({ conditions: INSTANT, gate });
  });
  after(async () => {
    await boss[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  /** The submitter's side of a new queue. */
  async function newQueue(name: string): Promise<Submitting<unknown, unknown>> {
    await boss.makeQueue(name, { attempts: 2, retrySeconds: 0 });
    return boss.submitter(name, name);
  }

  /** A worker in this process, and what it said of orders that are not for it. */
  function working(
    t: TestContext,
    queue: string,
    concurrency = 2,
  ): { readonly stop: () => Promise<WorkerTally>; readonly said: string[] } {
    const end = new AbortController();
    const said: string[] = [];
    const work = runWorker({
      database: { kind: 'server', url: database.url },
      queue,
      concurrency,
      signal: end.signal,
      superviseSeconds: 0,
      onTrouble: (line) => said.push(line),
    });
    const stop = () => {
      end.abort();
      return work;
    };
    t.after(stop);
    return { stop, said };
  }

  const letAllGo = async (count: number) => {
    await gate.waitFor(count);
    gate.letGo();
  };

  test('does every kind of work', async (t) => {
    const submitter = await newQueue('kinds');
    await using folder = await temporaryFolder();
    const { origin } = api;
    const orders = [
      queuedOrder({ job: 'fetch-order', origin, timeoutMs: 60_000, asText: false }, 1),
      queuedOrder({ job: 'save-order', origin, timeoutMs: 60_000, folder: folder.path }, 2),
      queuedOrder({ job: 'price-order', rounds: 10 }, 3),
    ];
    const worker = working(t, 'kinds', 3);
    const [, [fetched, , priced]] = await Promise.all([letAllGo(2), jobQueue(orders, submitter)]);
    assert.deepEqual(fetched, orderOf(1));
    assert.deepEqual(await readdir(folder.path), ['order-2.json']);
    assert.deepEqual(priced, priceOf(3, 10));
    assert.deepEqual(await worker.stop(), { completed: 3, failed: 0, givenBack: 0, late: 0 });
  });

  test('leaves an order of another version to others, says so once, and fails what is no order', async (t) => {
    const submitter = await newQueue('versions');
    await submitter.put([
      { id: 'new', input: { format: FORMAT + 1 } },
      { id: 'newer', input: { format: FORMAT + 1 } },
      { id: 'poison', input: { format: FORMAT, id: 'soup' } },
    ]);
    const worker = working(t, 'versions');
    while ((await boss.counts('versions')).failed === 0) await sleep(20);
    const { failed, givenBack } = await worker.stop();
    assert.deepEqual([failed, givenBack], [2, 2]);
    assert.deepEqual(worker.said, [
      `a job of format ${FORMAT + 1} is left to workers of that version; this worker knows format ${FORMAT}`,
    ]);
    assert.deepEqual(await boss.counts('versions'), { waiting: 2, taken: 0, completed: 0, failed: 1 });
    const [letter] = await boss.deadLetters('versions');
    assert.match(letter!.reason, /^job\.\w+: expected /);
  });

  test('Ctrl-C: it finishes what it has or gives it back, and ends with 130', async () => {
    const submitter = await newQueue('leaving');
    const work = { job: 'fetch-order', origin: api.origin, timeoutMs: 60_000, asText: true } as const;
    const ids = [1, 2, 3, 4, 5];
    await submitter.put(ids.map((id) => ({ id: String(id), input: queuedOrder(work, id) })));
    const args = ['src/cli.ts', 'worker', '--queue', 'leaving', '--concurrency', '2'];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DATABASE_URL: database.url.replace('postgres@', 'postgres:hunter2@') },
    });
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    const ended = once(child, 'exit');
    await Promise.race([gate.waitFor(2), ended]);
    child.kill('SIGINT');
    assert.equal((await boss.counts('leaving')).taken, 2);
    gate.letGo();
    assert.deepEqual(await ended, [130, null]);
    assert.equal(await stdout, `takes orders from queue leaving in ${database.url}, 2 at once\n`);
    // On a busy machine the signal may come after the answers. What it took meanwhile is held at the API, and given back.
    assert.match(await stderr, /^2 orders done, 0 failed, [0-2] given back\n$/);
    assert.deepEqual(await boss.counts('leaving'), { waiting: 3, taken: 0, completed: 2, failed: 0 });
  });

  test('an order that fails every time is reported with its reason; the same command tries it again, and says that there is no worker', async (t) => {
    const worker = working(t, 'failing');
    const counters = new Counters();
    await using kitchen = await serve({ conditions: { ...INSTANT, faults: { 500: 1 } }, counters });
    await using folder = await temporaryFolder();
    const args = ['--folder', folder.path, '--origin', kitchen.origin, '--requests', '2'];
    const save = () =>
      startCommand(['save', '--queue', 'failing', ...args], { environment: { DATABASE_URL: database.url } });
    await using failing = save();
    assert.deepEqual(await failing.ended, {
      code: 1,
      stdout: [
        `0 orders saved to ${folder.path}, 0 kept, 2 failed`,
        '  2 × StatusError 500',
        '  2 orders failed every time, and went to the dead-letter queue',
        '  failing-dead; the same command tries them again',
        '',
      ].join('\n'),
      stderr: '',
    });
    assert.equal(counters.read().started, 10, 'each was tried five times');
    kitchen.behave(INSTANT);
    await worker.stop();
    await using again = save();
    while (again.said() === '' && !again.hasEnded()) await sleep(20);
    working(t, 'failing');
    assert.deepEqual(await again.ended, {
      code: 0,
      stdout: `2 orders saved to ${folder.path}, 0 kept, 0 failed\n`,
      stderr: 'no worker takes the 2 orders in the queue; npm run worker starts a worker\n',
    });
    await expectAllWhole(folder.path, 2);
    assert.equal((await readdir(folder.path)).length, 2, 'nothing is left of the run');
  });

  test('a worker that is killed is replaced, one that cannot use the database is not, and none is left', async () => {
    const before = new Set(livingChildren());
    const trouble = Promise.withResolvers<string>();
    const failure = Promise.withResolvers<unknown>();
    const kept = await keepWorkers(1, {
      settings: { database: { kind: 'server', url: database.url }, queue: 'kept', concurrency: 2 },
      signal: new AbortController().signal,
      onTrouble: trouble.resolve,
      onFailure: failure.resolve,
    });
    const workers = () => [...livingChildren()].filter((pid) => !before.has(pid));
    const [first] = workers();
    process.kill(first!, 'SIGKILL');
    assert.equal(
      await trouble.promise,
      'a worker has ended (the process was ended by SIGKILL); another one takes its place',
    );
    const client = new Client(database.url);
    await client.connect();
    await client.query('alter table async_workbench.job_common rename to gone');
    const reason = await failure.promise;
    assert.ok(reason instanceof QueueFailure, String(reason));
    assert.match(reason.message, /^the database postgres:.* (says|is not|has no|does not)/);
    await kept[Symbol.asyncDispose]();
    assert.deepEqual(workers(), []);
    await client.query('alter table async_workbench.gone rename to job_common');
    await client.end();
  });
});
