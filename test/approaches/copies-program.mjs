// Runs beside copies of src/approaches, without their types, on whatever Node it is started with: the ways that only a
// failure, an abort or an async source takes. Plain JavaScript, since old versions of Node read nothing else.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { adaptive, aimd, gradient } from './adaptive.mjs';
import { blocking } from './blocking.mjs';
import { boundedPool } from './bounded-pool.mjs';
import { endings, GiveBack, jobQueue, workOff } from './job-queue.mjs';
import { paced } from './paced.mjs';
import { promiseAll } from './promise-all.mjs';
import { retried } from './retry.mjs';
import { sequential } from './sequential.mjs';
import { settled } from './settled.mjs';
import { streamMap } from './stream-map.mjs';
import { TaskGroup } from './task-group.mjs';
import { batchSizeFor, workerThreads } from './worker-threads.mjs';

const burnt = new Error('the order burnt');
const left = new Error('the guests have left');
const threads = { run: async (batch) => batch.map((input) => input * 2) };
const double = async (input) => input * 2;
const approaches = {
  sequential,
  promiseAll,
  boundedPool: (inputs, task, options) => boundedPool(inputs, task, { ...options, concurrency: 2 }),
  streamMap: (inputs, task, options) => streamMap(inputs, task, { ...options, concurrency: 2 }),
  paced: (inputs, task, options) => paced(inputs, task, { ...options, perSecond: 1000, concurrency: 2 }),
  adaptive,
  workerThreads: (inputs, task, options) =>
    workerThreads(inputs, { run: async (batch, { signal }) => [await task(batch[0], signal)] }, options),
};

/** A task that runs until its signal stops it. */
const untilStopped = (signal) =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

for (const [name, approach] of Object.entries(approaches)) {
  assert.deepEqual(await approach([1, 2, 3], double), [2, 4, 6], name);
  const throws = () => {
    throw burnt;
  };
  await assert.rejects(approach([1, 2, 3], throws), burnt, name);
  await assert.rejects(
    approach([1, 2, 3], async () => throws()),
    burnt,
    name,
  );
  const { signal } = new AbortController();
  await approach([1, 2], double, { signal });
  assert.equal(getEventListeners(signal, 'abort').length, 0, name);
  await assert.rejects(approach([1], double, { signal: AbortSignal.abort(left) }), left, name);
  const guests = new AbortController();
  const run = approach([1, 2], (_, given) => untilStopped(given), { signal: guests.signal });
  await turn();
  guests.abort(left);
  await assert.rejects(run, left, name);
}

async function* slowly() {
  for (const input of [1, 2, 3]) {
    await turn();
    yield input;
  }
}
async function* spoiled() {
  yield 1;
  throw burnt;
}
for (const approach of [approaches.sequential, approaches.boundedPool]) {
  assert.deepEqual(await approach(slowly(), double), [2, 4, 6]);
  await assert.rejects(
    approach(slowly(), () => Promise.reject(burnt)),
    burnt,
  );
  await assert.rejects(approach(spoiled(), double), burnt);
}
await assert.rejects(boundedPool([1], double, { concurrency: NaN }), TypeError);

await assert.rejects(streamMap([1], double, { concurrency: 0 }), TypeError);
const inOrder = (highWaterMark) => {
  const started = [];
  let resolve;
  const slow = new Promise((settle) => {
    resolve = settle;
  });
  const task = (input) => {
    started.push(input);
    return input === 1 ? slow : input;
  };
  const run = streamMap([1, 2, 3, 4, 5, 6, 7, 8, 9], task, { concurrency: 3, ...highWaterMark });
  return { started, resolve, run };
};
for (const [highWaterMark, before] of [
  [{}, 5],
  [{ highWaterMark: 6 }, 9],
]) {
  const { started, resolve, run } = inOrder(highWaterMark);
  for (let turns = 0; turns < 50; turns++) await turn();
  assert.equal(started.length, before);
  resolve(1);
  assert.equal((await run).length, 9);
}
await assert.rejects(paced([1], double, { perSecond: 0 }), TypeError);
await assert.rejects(adaptive([1], double, { most: 0.5 }), TypeError);
for (const rule of [aimd, gradient]) {
  let refusals = 0;
  const busy = async (input) => {
    if (input === 2 && ++refusals < 3) throw { status: 429, headers: new Headers({ 'retry-after-ms': '1' }) };
    return input;
  };
  assert.deepEqual(await adaptive([1, 2, 3], busy, { rule }), [1, 2, 3]);
  assert.equal(refusals, 3);
}

assert.deepEqual(
  blocking([1, 2], (input) => input * 2),
  [2, 4],
);
assert.throws(
  () =>
    blocking([1], () => {
      throw burnt;
    }),
  burnt,
);

assert.equal(batchSizeFor({ costMs: 0.01, count: 100_000, threads: 2 }), 500);
assert.deepEqual(await workerThreads([1, 2, 3], threads, { batchSize: 2 }), [2, 4, 6]);
await assert.rejects(workerThreads([1], threads, { batchSize: 0 }), TypeError);

assert.deepEqual(await settled(() => Promise.reject(burnt))(1), { status: 'rejected', reason: burnt });

let tries = 0;
const patient = retried(
  async () => {
    if (++tries === 1) throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
    return 'served';
  },
  { idempotent: true, budget: 1, baseMs: 1 },
);
assert.equal(await patient(1), 'served');
await assert.rejects(patient(1, AbortSignal.abort(left)), left);
const guest = new AbortController();
const waiting = retried(() => Promise.reject(Object.assign(burnt, { status: 503 })), {
  idempotent: true,
  budget: 9,
  baseMs: 60_000,
})(1, guest.signal);
await turn();
guest.abort(left);
await assert.rejects(waiting, left);
assert.throws(() => retried(double, { idempotent: true, budget: NaN }), TypeError);

assert.equal(await TaskGroup.run(async (group) => group.start(() => 'soup')), 'soup');
await assert.rejects(
  TaskGroup.run(async (group, signal) => {
    void group.start(untilStopped);
    void group.start(() => Promise.reject(burnt));
    await untilStopped(signal);
  }),
  ({ name, errors }) => name === 'AggregateError' && errors.length === 1 && errors[0] === burnt,
);
const outer = new AbortController();
const block = TaskGroup.run((group) => group.start(untilStopped), { signal: outer.signal });
outer.abort(left);
await assert.rejects(block, left);
const group = new TaskGroup();
void group.start(() => Promise.reject(burnt));
await assert.rejects(group[Symbol.asyncDispose](), AggregateError);
await group[Symbol.asyncDispose]();

/** A queue of one run in memory. Job 1 fails once, and job 2 is given back once. */
function queueInMemory() {
  const waiting = [];
  const ended = new Map();
  return {
    put: async (jobs) => void waiting.push(...jobs.map((job) => ({ ...job, attempt: 0 }))),
    endings: async (ids) => ids.flatMap((id) => ended.get(id) ?? []),
    withdraw: async () => {},
    take: async (most) => waiting.splice(0, most).map((job) => ({ ...job, attempt: job.attempt + 1 })),
    complete: async (done) => {
      for (const { job, output } of done) ended.set(job.id, { id: job.id, attempts: job.attempt, output });
    },
    fail: async (job, reason) => {
      if (job.attempt === 1) waiting.push(job);
      else ended.set(job.id, { id: job.id, attempts: job.attempt, reason });
    },
    giveBack: async (jobs) => void waiting.push(...jobs),
  };
}
const database = queueInMemory();
const closing = new AbortController();
const worker = workOff(
  database,
  (input, _signal, { attempt }) => {
    if (input === 1 && attempt === 1) throw burnt;
    if (input === 2 && attempt === 1) throw new GiveBack('not mine', 0);
    if (input === 3) throw burnt;
    return input * 2;
  },
  { concurrency: 2, signal: closing.signal },
);
assert.deepEqual(await jobQueue([1, 2], database, { idOf: String, most: 1 }), [2, 4]);
for await (const [place, ending] of endings([3], database, { idOf: String })) {
  assert.deepEqual([place, ending], [0, { id: '3', attempts: 2, reason: burnt }]);
}
await assert.rejects(jobQueue([3], database, { idOf: String }), burnt);
await assert.rejects(jobQueue([4], database, { signal: AbortSignal.abort(left) }), left);
closing.abort();
assert.deepEqual(await worker, { completed: 2, failed: 3, givenBack: 1 });
await assert.rejects(workOff(database, double, { concurrency: 0 }), TypeError);
const gone = new Error('the database is gone');
await assert.rejects(workOff({ take: () => Promise.reject(gone) }, double, { concurrency: 1 }), gone);

console.log(`all held on ${process.version}`);
