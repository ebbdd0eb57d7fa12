// A worker of the queue, on the embedded database: what it does with orders of every kind, and how it ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { after, before, describe, test, type TestContext } from 'node:test';
import { Gate } from '../../src/api/gate.ts';
import { orderOf } from '../../src/api/orders.ts';
import { serve, type Server } from '../../src/api/serve.ts';
import { jobQueue, type Submitting } from '../../src/approaches/job-queue.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { priceOf } from '../../src/jobs/price-order.ts';
import { openBoss, type Boss } from '../../src/queue/boss.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../src/queue/embedded.ts';
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
    api = await serve({ conditions: { latencyMs: 0, jitterMs: 0, seed: 1 }, gate });
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
    while ((await boss.counts('versions')).failed === 0) await boss.counts('versions');
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
    await gate.waitFor(2);
    child.kill('SIGINT');
    assert.equal((await boss.counts('leaving')).taken, 2);
    gate.letGo();
    assert.deepEqual(await ended, [130, null]);
    assert.equal(await stdout, `takes orders from queue leaving in ${database.url}, 2 at once\n`);
    // On a busy machine the signal may come after the answers. What it took meanwhile is held at the API, and given back.
    assert.match(await stderr, /^2 orders done, 0 failed, [0-2] given back\n$/);
    assert.deepEqual(await boss.counts('leaving'), { waiting: 3, taken: 0, completed: 2, failed: 0 });
  });
});
