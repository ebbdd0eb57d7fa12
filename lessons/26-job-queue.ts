// A pool bounds one process, and threads fill one machine. If the work needs more than that, people
// take a job queue: a list of jobs in a database. A submitter puts jobs in. Workers take them out.
// A worker is a process, on this machine or on any other that reaches the database.
//
// The queue is durable: the jobs are on a disk, and survive the end of every process. For that, each
// job is written several times, and this costs time. And nobody can promise that a job is done
// exactly once. A worker may die after its work, and before it can report it. Then another one does
// the job again. The promise is "at least once". So the work must be idempotent: to do it twice has
// the effect of doing it once.
//
// The queue here is pg-boss, which keeps its jobs in Postgres. The database is PGlite, a Postgres
// in WebAssembly, in a process of its own.
//
// Claim: jobs wait in the queue, even if no worker runs and the database is killed. If a worker is
// killed with 4 orders in hand, another one takes them over. No order is lost, and 4 are done twice.
// If each charge has a key, each guest is charged once. A job takes more than a thousand times as
// long as in a pool.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Pool } from 'pg';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { jobQueue, workOff } from '../src/approaches/job-queue.ts';
import { startChild } from '../src/child.ts';
import { temporaryFolder } from '../src/files/temporary-folder.ts';
import { openBoss, type Boss } from '../src/queue/boss.ts';
import { startEmbedded } from '../src/queue/embedded.ts';
import { duration } from '../src/report/units.ts';
import { BOOKS, QUEUE } from './queue/books.ts';
import type { Charged, WorkerSettings } from './queue/worker.ts';
import { byFigures, play } from './stage.ts';

const ORDERS = Array.from({ length: 40 }, (_, index) => index + 1);
const IN_HAND = 4;
// A worker gives a sign of life (a heartbeat) for each job that it has. If none comes for so long,
// the worker counts as dead, and its jobs wait again.
const HEARTBEAT_SECONDS = 4;

// Every job has an id. To put a job a second time changes nothing. So a submitter can be started
// again, and finds its jobs.
const submitterOf = (boss: Boss) =>
  boss.submitter<number, string>(QUEUE, 'tonight', { heartbeatSeconds: HEARTBEAT_SECONDS });

/** Puts the orders into the queue of a new database, and kills the database. Returns how many wait. */
async function submitAndKill(folder: string, books: string, open: typeof startEmbedded): Promise<number> {
  const killing = new AbortController();
  await using database = await open({ folder, signal: killing.signal });
  await using boss = await openBoss({ kind: 'server', url: database.url });
  await askBooks(database.url, books);
  await boss.makeQueue(QUEUE, { retrySeconds: 0 });
  const queue = await submitterOf(boss);
  await queue.put(ORDERS.map((order, place) => ({ id: String(place), input: order })));
  const { waiting } = await boss.counts(QUEUE);
  // The process gets SIGKILL, so it cannot clean up. What it has confirmed is in its folder.
  killing.abort();
  return waiting;
}

export async function run({
  books = BOOKS,
  submit = submitAndKill,
  open = startEmbedded,
} = {}): Promise<void> {
  await using place = await temporaryFolder();
  const folder = join(place.path, 'data');
  const submitted = await submit(folder, books, open);
  console.log(`${submitted} orders wait in the queue, and no worker runs`);

  // The same folder, so the same jobs.
  await using database = await open({ folder });
  await using boss = await openBoss({ kind: 'server', url: database.url });
  await boss.makeQueue(QUEUE);
  const { waiting } = await boss.counts(QUEUE);
  console.log(`the database was killed and started again: ${waiting} orders wait`);
  assert.equal(waiting, ORDERS.length, 'orders that wait after the database was killed');

  // Two workers (lessons/queue/worker.ts). Each is a bounded pool that draws its inputs from the
  // queue, so it takes no more than it has lanes. The rest waits in the database, not in memory.
  const startWorker = (jams: boolean, signal?: AbortSignal) => {
    const settings: WorkerSettings = { url: database.url, concurrency: IN_HAND, jams };
    return startChild(new URL('./queue/worker.ts', import.meta.url), settings, { signal });
  };
  // The printer of the first one jams. So it charges its guests, and completes no order.
  const killing = new AbortController();
  await using first = startWorker(true, killing.signal);
  for (let count = 0; count < IN_HAND; count++) await first.receive<Charged>();
  const { taken } = await boss.counts(QUEUE);
  console.log(`worker 1 has charged the guests of ${taken} orders, and is killed`);
  killing.abort();
  const killedAtMs = performance.now();

  // The second one does what waits. Like every worker, it also looks for jobs without a heartbeat.
  // The submitter puts its orders once more, which changes nothing, and waits for the results.
  await using _ = startWorker(false);
  let twice = 0;
  const receipts = await jobQueue(ORDERS, await submitterOf(boss), {
    onEnding: ({ attempts }) => (twice += attempts > 1 ? 1 : 0),
  });
  const takenOver = duration(performance.now() - killedAtMs, 2);
  console.log(`worker 2 has done the rest, and those ${twice} too, ${takenOver} after the kill\n`);

  // Each worker charges a guest in two books (lessons/queue/books.ts). The second one has the number
  // of the order as its key, and takes no order twice.
  const lost = ORDERS.filter((order, index) => receipts[index] !== `receipt ${order}`).length;
  const charges = await askBooks(database.url, 'select count(*)::int as number from charges');
  const byKey = await askBooks(database.url, 'select count(*)::int as number from charges_by_key');
  console.log(`orders lost: ${lost}, orders done twice: ${twice}`);
  console.log(`guests charged without a key: ${charges} times`);
  console.log(`guests charged by a key:      ${byKey} times\n`);
  assert.equal(lost, 0, 'orders that are lost');
  assert.equal(twice, IN_HAND, 'orders that are done twice');
  assert.equal(charges, ORDERS.length + IN_HAND, 'charges without a key');
  assert.equal(byKey, ORDERS.length, 'charges by a key');

  // What does a job cost that has nothing to do? Here one process is the submitter and the worker.
  await boss.makeQueue('idle');
  const stop = new AbortController();
  using queue = await boss.worker('idle');
  const working = workOff(queue, () => null, { concurrency: 10, signal: stop.signal });
  const submitter = await boss.submitter('idle', 'tonight');
  // Both do ten jobs at once. The pool gets more jobs: otherwise its time is too short to measure.
  const queueMs = await msOfEach(200, (jobs) => jobQueue(jobs, submitter));
  const poolMs = await msOfEach(20_000, (jobs) => boundedPool(jobs, async () => null, { concurrency: 10 }));
  stop.abort();
  await working;
  console.log(`a job through the queue: ${duration(queueMs, 2)}`);
  console.log(`a job through a pool:    ${duration(poolMs, 2)}`);
  // A time on a busy machine decides nothing. What was counted above is the same on every machine.
  byFigures(() => {
    const times = `${duration(queueMs, 2)} and ${duration(poolMs, 2)}`;
    assert.ok(
      queueMs > 1000 * poolMs,
      `a job takes more than a thousand times as long as in a pool, here ${times}`,
    );
  });
}

/** Asks the database in which the guests are charged. */
async function askBooks(url: string, question: string): Promise<number> {
  const pool = new Pool({ connectionString: url });
  const { rows } = await pool.query<{ readonly number?: number }>(question);
  await pool.end();
  return rows?.[0]?.number ?? 0;
}

/** How long each of so many jobs takes on average. */
async function msOfEach(count: number, work: (jobs: Iterable<number>) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work(Array(count).keys());
  return (performance.now() - start) / count;
}

if (import.meta.main) await play(run, { clock: 'real', measures: true });

// Output:
//
// 40 orders wait in the queue, and no worker runs
// the database was killed and started again: 40 orders wait
// worker 1 has charged the guests of 4 orders, and is killed
// worker 2 has done the rest, and those 4 too, 4.7 s after the kill
//
// orders lost: 0, orders done twice: 4
// guests charged without a key: 44 times
// guests charged by a key:      40 times
//
// a job through the queue: 721 µs
// a job through a pool:    246 ns
//
// Notice that nobody told the queue that worker 1 was dead. Its heartbeats stopped, and worker 2
// looked for such jobs. Until then nobody knew whether it was dead or only slow. So a worker that
// is slow may lose its job to another one too, and both do it. No queue can promise more than "at
// least once". Give each effect a key, here the number of the order, and let the database refuse
// the second one.
//
// A job has its price because the database writes it down when it is put, when it is taken and when
// it is complete. So put much work into a job, as with a message to a thread (lesson 13).
// And take a queue for what it gives: jobs that survive, and workers on any number of machines. On
// another machine, `npm run worker -- --database URL` draws from the queue in that database. The
// worker itself is `workOff` in src/approaches/job-queue.ts.
//
// Question: with a shorter heartbeat the four orders are taken over sooner. Why is it dangerous to
// make it very short, and what saves the guests then?
// Change `HEARTBEAT_SECONDS = 4` in line 36.
