// The queue in a database: pg-boss on the embedded PGlite. The shapes of submitter and worker are tested with a queue in
// memory (test/approaches/job-queue.test.ts); here is what only the database does.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Client } from 'pg';
import { jobQueue, workOff, type TakenJob, type Working } from '../../src/approaches/job-queue.ts';
import { deadLetterQueueOf, openBoss, type Boss } from '../../src/queue/boss.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../src/queue/embedded.ts';
import { QueueFailure } from '../../src/queue/failure.ts';
import { SCHEMA } from '../../src/queue/schema.ts';
import { withPatience } from '../patience.ts';

/** The next job of a worker, which comes in a second or two. Each question to PGlite costs it CPU time. */
async function whatComes<Input, Output>(
  worker: Working<Input, Output>,
): Promise<ReadonlyArray<TakenJob<Input>>> {
  for (;;) {
    const taken = await worker.take(1);
    if (taken.length > 0) return taken;
    await sleep(100);
  }
}

async function runSql(url: string, text: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(text);
  await client.end();
}

describe('a queue in the database', () => {
  let database: EmbeddedDatabase;
  let boss: Boss;
  before(async () => {
    database = await startEmbedded();
    boss = await openBoss({ kind: 'server', url: database.url }, { superviseSeconds: 1 });
  });
  after(async () => {
    await boss[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  /** A queue of its own for each test. */
  async function newQueue(options: Parameters<Boss['makeQueue']>[1] = {}): Promise<string> {
    const queue = `test-${randomUUID()}`;
    await boss.makeQueue(queue, { retrySeconds: 0, ...options });
    return queue;
  }

  test('jobs go from the submitter to workers, and outputs come back in the order of the inputs', async () => {
    const queue = await newQueue();
    const submitter = await boss.submitter<number, { price: number }>(queue, 'run');
    const end = new AbortController();
    const workers = [1, 2].map(async () => {
      using worker = await boss.worker<number, { price: number }>(queue);
      const options = { concurrency: 3, signal: end.signal, longestPauseMs: 20 };
      return await workOff(worker, async (id) => ({ price: id * 100 }), options);
    });
    const inputs = [...Array(40).keys()];
    const outputs = await jobQueue(inputs, submitter);
    end.abort();
    assert.deepEqual(
      outputs,
      inputs.map((id) => ({ price: id * 100 })),
    );
    const completed = (await Promise.all(workers)).map((worker) => worker.completed);
    assert.equal(completed[0]! + completed[1]!, 40);
    assert.deepEqual(await boss.counts(queue), { waiting: 0, taken: 0, completed: 40, failed: 0 });
    await boss.removeQueue(queue);
    await assert.rejects(boss.worker(queue), new RegExp(`has no queue ${queue}$`));
  });

  test('a job that is there is not put again, and every kind of JSON comes through', async () => {
    const queue = await newQueue();
    const inputs = [null, 0, '', 'ü\n"', [1, [2]], { a: { b: null } }];
    const run = randomUUID();
    const first = await boss.submitter<unknown, unknown>(queue, run);
    await first.put(inputs.map((input, place) => ({ id: String(place), input })));
    using worker = await boss.worker<unknown, unknown>(queue);
    const taken = await worker.take(2);
    await worker.complete(taken.map((job) => ({ job, output: job.input })));
    // Started again: a new submitter of the same run.
    const again = await boss.submitter<unknown, unknown>(queue, run);
    const end = new AbortController();
    const work = workOff(worker, (input) => input, {
      concurrency: 2,
      signal: end.signal,
      longestPauseMs: 20,
    });
    assert.deepEqual(await jobQueue(inputs, again), inputs);
    end.abort();
    assert.equal((await work).completed, 4);
    // Another run has jobs of its own.
    const other = await boss.submitter(queue, randomUUID());
    assert.deepEqual(await other.endings(['0']), []);
  });

  test('a job that fails every time ends with its reason, also in the dead-letter queue', async () => {
    const queue = await newQueue({ attempts: 3 });
    const submitter = await boss.submitter<string, string>(queue, 'run');
    using worker = await boss.worker<string, string>(queue);
    const end = new AbortController();
    const attempts: number[] = [];
    const work = workOff(
      worker,
      (_input, _signal, { attempt }) => {
        attempts.push(attempt);
        throw new Error('the order burnt');
      },
      { concurrency: 1, signal: end.signal, longestPauseMs: 20 },
    );
    await assert.rejects(jobQueue(['soup'], submitter), new Error('the order burnt'));
    end.abort();
    await work;
    assert.deepEqual(attempts, [1, 2, 3]);
    assert.deepEqual(await boss.deadLetters(queue), [
      { input: 'soup', reason: 'the order burnt', attempts: 3 },
    ]);
    assert.equal((await boss.counts(deadLetterQueueOf(queue))).waiting, 1);
  });

  test('rubbish in the queue, and an output that Postgres refuses, stop no worker', async () => {
    const queue = await newQueue({ attempts: 1 });
    const submitter = await boss.submitter<string, unknown>(queue, 'run');
    const outputs: Readonly<Record<string, unknown>> = { well: 'soup', nul: 'a\0b', half: ['\ud800'] };
    const names = Object.keys(outputs);
    await submitter.put(names.map((id) => ({ id, input: id })));
    const put = 'insert into async_workbench.job (name, data, retry_limit) values';
    await runSql(database.url, `${put} ('${queue}', null, 0), ('${queue}', '[1]', 0)`);
    using worker = await boss.worker<string | undefined, unknown>(queue);
    const taken = await worker.take(names.length + 2);
    const rubbish = taken.filter(({ input }) => input === undefined);
    const orders = taken.filter(({ input }) => input !== undefined);
    assert.equal(rubbish.length, 2);
    await worker.complete(orders.map((job) => ({ job, output: outputs[job.input!] })));
    for (const job of rubbish) await worker.fail(job, new Error('nothing\0'));
    const endings = (await submitter.endings(names)).map((ending) => [
      ending.id,
      'output' in ending ? ending.output : (ending.reason as Error).message,
    ]);
    const refused = 'its output cannot be stored: it has a character that Postgres refuses';
    assert.deepEqual(Object.fromEntries(endings), { well: 'soup', nul: refused, half: refused });
    assert.deepEqual(await boss.counts(queue), { waiting: 0, taken: 0, completed: 1, failed: 4 });
  });

  test('a job that is given back waits as if nobody had taken it, and not before its time', async () => {
    const queue = await newQueue();
    const submitter = await boss.submitter<string, string>(queue, 'run');
    await submitter.put([{ id: 'a', input: 'soup' }]);
    using worker = await boss.worker<string, string>(queue);
    await worker.giveBack(await worker.take(1), 0);
    const again = await worker.take(1);
    assert.deepEqual(
      again.map(({ attempt, input }) => [attempt, input]),
      [[1, 'soup']],
    );
    await worker.giveBack(again, 3_600_000);
    assert.deepEqual(await worker.take(1), []);
    assert.equal((await boss.counts(queue)).waiting, 1);
    await submitter.withdraw(['a']);
    assert.equal((await boss.counts(queue)).waiting, 0);
  });

  test('a submitter that starts again puts what failed once more, with the input of now, and forgets what ended', async () => {
    const queue = await newQueue({ attempts: 1 });
    const submitter = await boss.submitter<string, string>(queue, 'run');
    using worker = await boss.worker<string, string>(queue);
    const jobs = (input: string) => ['waits', 'failed', 'done', 'taken'].map((id) => ({ id, input }));
    await submitter.put(jobs('old').slice(1));
    const [failed, done, taken] = await worker.take(3);
    await worker.fail(failed!, new Error('the order burnt'));
    await worker.complete([{ job: done!, output: 'soup' }]);
    await submitter.put(jobs('old').slice(0, 1));
    await submitter.reopen(jobs('new'));
    assert.deepEqual(await boss.deadLetters(queue), []);
    await submitter.put(jobs('new'));
    assert.deepEqual(
      (await worker.take(4)).map(({ input, attempt }) => [input, attempt]),
      [
        ['new', 1],
        ['new', 1],
      ],
      'that which waited and that which failed',
    );
    assert.equal((await submitter.endings(['done'])).length, 1);
    await submitter.forget(jobs('').map(({ id }) => id));
    assert.deepEqual(await submitter.endings(['done']), []);
    await worker.giveBack([taken!], 0);
    assert.deepEqual(
      (await worker.take(1)).map(({ input }) => input),
      ['new'],
      'that which a worker had, when it is offered again',
    );
  });

  test('jobs of workers that are known to be dead need not wait for the end of their heartbeats', async () => {
    const queue = await newQueue();
    const submitter = await boss.submitter<string, string>(queue, 'run', { heartbeatSeconds: 3600 });
    await submitter.put([{ id: 'a', input: 'soup' }]);
    using dead = await boss.worker<string, string>(queue);
    await dead.take(1);
    dead[Symbol.dispose]();
    await boss.abandon(queue);
    using living = await boss.worker<string, string>(queue);
    const taken = await whatComes(living);
    assert.deepEqual(
      taken.map(({ input, attempt }) => [input, attempt]),
      [['soup', 2]],
    );
  });

  test('the jobs of a worker that gives no sign of life go to another, and its late outputs change nothing', async () => {
    const queue = await newQueue({ attempts: 2 });
    const submitter = await boss.submitter<string, string>(queue, 'run', { heartbeatSeconds: 2 });
    await submitter.put([{ id: 'a', input: 'soup' }]);
    const dead = await boss.worker<string, string>(queue);
    const [lost] = await dead.take(1);
    dead[Symbol.dispose](); // no heartbeat any more
    using worker = await boss.worker<string, string>(queue);
    const taken = await whatComes(worker);
    assert.equal(taken[0]!.attempt, 2);
    await dead.complete([{ job: lost!, output: 'too late' }]);
    assert.equal(dead.late.count, 1);
    assert.deepEqual(await submitter.endings(['a']), []);
    await worker.complete([{ job: taken[0]!, output: 'warm' }]);
    assert.deepEqual(await submitter.endings(['a']), [{ id: 'a', attempts: 2, output: 'warm' }]);
  });

  test('a worker that lives keeps its job, however long it takes', async () => {
    /** What is taken over when a later job's worker dies, and how the job of the living one ends. */
    const attempt = async (heartbeatMs: number) => {
      const heartbeatSeconds = heartbeatMs / 1000;
      const queue = await newQueue();
      const submitter = await boss.submitter<string, string>(queue, 'run', { heartbeatSeconds });
      const marker = await boss.submitter<string, string>(queue, 'marker', { heartbeatSeconds });
      await submitter.put([{ id: 'a', input: 'slow' }]);
      using worker = await boss.worker<string, string>(queue);
      const [slow] = await worker.take(1);
      // Another worker dies later. When its job is taken over, the slow one would have been taken over too.
      await marker.put([{ id: 'b', input: 'marker' }]);
      const dead = await boss.worker<string, string>(queue);
      await dead.take(1);
      dead[Symbol.dispose]();
      const taken = await whatComes(worker);
      await worker.complete([{ job: slow!, output: 'done' }]);
      return { taken: taken.map(({ input }) => input), endings: await submitter.endings(['a']) };
    };
    const expected = { taken: ['marker'], endings: [{ id: 'a', attempts: 1, output: 'done' }] };
    // On a busy machine a living worker may be silent for two seconds.
    const seen = await withPatience(attempt, (each) => isDeepStrictEqual(each, expected), 2000);
    assert.deepEqual(seen, expected);
  });

  test('tables of a newer version are left alone, in one line', async () => {
    const client = new Client(database.url);
    await client.connect();
    const setVersion = async (change: string) => {
      const { rows } = await client.query<{ version: number }>(
        `update ${SCHEMA}.version set version = version ${change} returning version`,
      );
      return rows[0]!.version;
    };
    const newer = await setVersion('+ 1');
    await assert.rejects(openBoss({ kind: 'server', url: database.url }), {
      name: 'QueueFailure',
      message: `the database ${database.url} has the queue's tables in version ${newer}, but this program is older and knows only version ${newer - 1}`,
    });
    await setVersion('- 1');
    await client.end();
  });

  // The last one: it ends the database.
  test('a database that is away is one line, and calls wait for it only as long as their patience says', async () => {
    const away: string[] = [];
    const url = database.url.replace('postgres@', 'postgres:hunter2@');
    const options = { patienceMs: 300, onAway: (failure: QueueFailure) => void away.push(failure.message) };
    await using others = await openBoss({ kind: 'server', url }, options);
    await others.makeQueue('orders');
    using worker = await others.worker('orders');
    await database[Symbol.asyncDispose]();
    await assert.rejects(worker.take(1), (error) => {
      assert.ok(error instanceof QueueFailure);
      assert.match(
        error.message,
        /^the database postgres:\/\/postgres@127\.0\.0\.1:\d+\/postgres (cannot be reached \(ECONNREFUSED\)|closed the connection)$/,
      );
      return true;
    });
    assert.equal(away.length, 1);
    await assert.rejects(openBoss({ kind: 'server', url }), /cannot be reached \(ECONNREFUSED\)$/);
  });
});
