// Ways to make the claim of each lesson false: an ingredient that does not do what the lesson says, for instance a pool that
// has no limit. A lesson whose assertions pass all the same would prove nothing.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as oneWaiter from '../../lessons/01-one-waiter.ts';
import * as firstFetch from '../../lessons/02-first-fetch.ts';
import * as fourStyles from '../../lessons/03-four-styles.ts';
import * as eventLoop from '../../lessons/04-event-loop.ts';
import * as outcomes from '../../lessons/06-outcomes.ts';
import * as fetchAndSave from '../../lessons/05-fetch-and-save.ts';
import * as pool from '../../lessons/07-bounded-pool.ts';
import * as cancellation from '../../lessons/08-cancellation.ts';
import * as retry from '../../lessons/09-retry.ts';
import * as tenTimes from '../../lessons/10-ten-times.ts';
import * as cpuBound from '../../lessons/11-cpu-bound.ts';
import * as memory from '../../lessons/12-memory.ts';
import * as workerCosts from '../../lessons/13-worker-costs.ts';
import * as taskGroup from '../../lessons/14-task-group.ts';
import * as fromAsyncio from '../../lessons/15-from-asyncio.ts';
import * as crawler from '../../lessons/16-crawler.ts';
import * as limits from '../../lessons/17-limits.ts';
import * as backpressure from '../../lessons/18-backpressure.ts';
import * as slicing from '../../lessons/19-slicing.ts';
import * as hedging from '../../lessons/20-hedging.ts';
import * as batching from '../../lessons/21-batching.ts';
import * as context from '../../lessons/22-context.ts';
import * as breaker from '../../lessons/23-circuit-breaker.ts';
import * as stuck from '../../lessons/24-where-is-it-stuck.ts';
import * as database from '../../lessons/25-database.ts';
import * as queue from '../../lessons/26-job-queue.ts';
import { Database, type DatabaseOptions } from '../../lessons/database/database.ts';
import type { LookedAt } from '../../lessons/database/look-into.ts';
import { Loader } from '../../lessons/batching/loader.ts';
import { tasks } from '../../lessons/from-asyncio/tasks.ts';
import { timesOf } from '../../lessons/measured.ts';
import { BOOKS } from '../../lessons/queue/books.ts';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { paced } from '../../src/approaches/paced.ts';
import { promiseAll } from '../../src/approaches/promise-all.ts';
import { retried } from '../../src/approaches/retry.ts';
import * as saveOrder from '../../src/jobs/save-order.ts';
import { startEmbedded } from '../../src/queue/embedded.ts';
import type { settled } from '../../src/approaches/settled.ts';
import type { Task } from '../../src/approaches/task.ts';
import { sequential } from '../../src/approaches/sequential.ts';
import { FIGURES } from './made-up-figures.ts';
import type { Instruments } from './played.ts';
import { rememberingCalls } from './remembering.ts';

const oneByOne: typeof promiseAll = (inputs, task) => sequential(inputs, task);
const atOnce: typeof sequential = async (inputs, task) => promiseAll(await Array.fromAsync(inputs), task);

/** Takes failures for successes. */
const swallowing = ((task: Task<number, unknown>) => async (input: number) => {
  const value = await Promise.try(task, input).catch(() => 'nothing');
  return { status: 'fulfilled', value };
}) as typeof settled;

/** Writes the file before it knows whether there is anything to write. */
const careless: typeof saveOrder.open = (settings) => {
  const job = saveOrder.open(settings);
  const task = async (id: number) => {
    await writeFile(join(settings.folder, `order-${id}.json`), '');
    return job.task(id);
  };
  return { task, [Symbol.asyncDispose]: () => job[Symbol.asyncDispose]() };
};
const idle = async () => {};

/** The evenings in which no wrong ingredient takes part. They cost more than the others. */
const knownEvening = rememberingCalls(limits.evening);
/** Fewer tables than in the lesson, but as many as its claim needs: with the right hedge it holds. */
const smallDinner = rememberingCalls((...[evening, wrap]: Parameters<typeof hedging.dinner>) =>
  hedging.dinner({ ...evening, tables: evening.slowShare < 1 ? 6 : 1 }, wrap),
);
let databasesClosed = 0;
/** One database for all runs: to start it costs as much as a run. A run that closes it is counted, and it stays open. */
const knownDatabase = rememberingCalls(async (options: DatabaseOptions) =>
  Object.assign(await Database.open(options), {
    [Symbol.asyncDispose]: async () => void databasesClosed++,
  }),
);
const databaseWith = (wrong: Parameters<typeof database.run>[0]) =>
  database.run({ ...wrong, open: knownDatabase });
const limitsWith = (wrong: Parameters<typeof limits.run>[0]) => limits.run({ ...wrong, serve: knownEvening });
const hedgingWith = (wrong: Parameters<typeof hedging.run>[0]) =>
  hedging.run({ ...wrong, serve: smallDinner });

/** What stays open until all lessons were played. */
export const leftOpen = new AsyncDisposableStack();
const startedServer = rememberingCalls(async () => leftOpen.use(await startEmbedded()));
/**
 * One server for both wrong runs of lesson 26, and nobody can kill it: to start one costs as much as a run. That a database
 * that was killed has kept its orders is seen in the lesson as it is.
 */
const knownServer: typeof startEmbedded = async () => ({
  ...(await startedServer()),
  [Symbol.asyncDispose]: idle,
});

/** Runs the program that lesson 25 looks into, and does not look. */
async function printedBy(program: URL, args: readonly string[]): Promise<LookedAt> {
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [printed] = await once(createInterface(child.stdout), 'line');
  child.stdin.end();
  await ended;
  return { printed: `${printed}`, tree: '', isAlive: true };
}

/** What lesson 13 measures, as in a textbook, in milliseconds. */
const TEXTBOOK_MS = { trip: 0.07, oneByOne: 70, together: 1, copied: 20, transferred: 0.2, shared: 0.1 };
const TEXTBOOK_COSTS_MS = [0.001, 0.01, 0.1, 1, 10];

/** Lesson 13 by the textbook. Only the works among which is the one that a wrong ingredient changes are measured. */
function workerCostsBut(
  wrong: Parameters<typeof workerCosts.run>[0],
  changed?: keyof typeof TEXTBOOK_MS,
): Promise<void> {
  const { costsMs = TEXTBOOK_COSTS_MS } = wrong ?? {};
  // A task takes here what the lesson wants it to take, and there a trip more. The first ones only warm up.
  const hereMs = [0, ...costsMs];
  const times = async (runs: number, works: Readonly<Record<string, () => unknown>>) => {
    if (changed !== undefined && changed in works) return timesOf(runs, works);
    const here = 'here' in works ? hereMs.shift()! : 0;
    return { ...TEXTBOOK_MS, here, there: here + TEXTBOOK_MS.trip };
  };
  // The lesson fills nine buffers with data to hand over. They are as large as in the lesson only where that is measured.
  const size = changed === 'transferred' ? {} : { bytes: 1024 };
  return workerCosts.run({ ...wrong, ...size, costsMs, times });
}

/** Waits between any two tries for as long as before the second: wrappers of two tries each, one round the other. */
const steady: typeof retried = (task, options) => {
  const twice = { ...options, attempts: 2 };
  return retried(retried(task, twice), twice);
};

/** Knows that it failed, but not what the server said about it. */
const deaf =
  <Input, Output>(task: Task<Input, Output>): Task<Input, Output> =>
  async (input, signal) => {
    try {
      return await task(input, signal);
    } catch {
      throw Object.assign(new Error('failed'), { status: 503 });
    }
  };

/** What many take Promise.all for: it hears of a failure and stops the rest. */
const stopping: typeof promiseAll = (inputs, task) => {
  const stop = new AbortController();
  const all = promiseAll(inputs, (input) => task(input, stop.signal));
  void all.catch(() => stop.abort());
  return all;
};

/** By the lesson's name: ways to make its claim false, each by an ingredient that does not do what the lesson says. */
export const broken: Record<string, ReadonlyArray<(instruments?: Instruments) => Promise<void>>> = {
  'one-waiter': [() => oneWaiter.run({ busy: oneByOne }), () => oneWaiter.run({ patient: atOnce })],
  'first-fetch': [
    () => firstFetch.run({ gather: oneByOne }),
    () => firstFetch.run({ gather: async (inputs, task) => (await promiseAll(inputs, task)).toReversed() }),
  ],
  'four-styles': [
    () => fourStyles.run({ modern: async (dishes, log) => dishes.forEach(log) }),
    () => fourStyles.run({ modern: async () => {} }),
  ],
  'event-loop': [
    () => eventLoop.run({ start: (body) => queueMicrotask(body) }),
    () => eventLoop.run({ rest: () => nextTurn() }),
  ],
  'fetch-and-save': [
    () =>
      fetchAndSave.run({
        open: (settings) => ({ ...saveOrder.open(settings), [Symbol.asyncDispose]: idle }),
      }),
    () => fetchAndSave.run({ open: careless }),
  ],
  outcomes: [() => outcomes.run({ settle: swallowing }), () => outcomes.run({ gather: stopping })],
  'bounded-pool': [() => pool.run({ approach: promiseAll }), () => pool.run({ approach: oneByOne })],
  cancellation: [() => cancellation.run({ limited: (work) => work() })],
  retry: [
    () => retry.run({ retry: (task) => retried(task, { idempotent: true, budget: Infinity }) }),
    () => retry.run({ retry: (task, options) => retried(task, { ...options, idempotent: true }) }),
    () => retry.run({ retry: (task, options) => retried(task, { ...options, baseMs: 0 }) }),
    () => retry.run({ retry: (task, options) => retried(task, { ...options, budget: Infinity }) }),
    () => retry.run({ retry: steady }),
    () => retry.run({ retry: (task, options) => retried(deaf(task), options) }),
  ],
  'ten-times': [(instruments) => tenTimes.run({ ...instruments, pooled: 'sequential' })],
  'cpu-bound': [
    (instruments) => cpuBound.run({ ...instruments, gather: 'worker-threads' }),
    (instruments) => cpuBound.run({ ...instruments, threaded: 'promise-all' }),
  ],
  memory: [
    // What is measured small takes too little memory for the claim, with nothing wrong.
    () => memory.run({ measure: FIGURES['memory by the textbook'], threaded: 'bounded-pool' }),
    () => memory.run({ measure: FIGURES['memory by the textbook'], crowd: 'worker-threads' }),
  ],
  'worker-costs': [
    () => workerCostsBut({ batch: (ids) => ids.map((id) => [id]) }, 'together'),
    () => workerCostsBut({ transfer: () => [] }, 'transferred'),
    () => workerCostsBut({ costsMs: [0.001, 1, 0.1] }),
    () => workerCostsBut({ costsMs: [10] }),
  ],
  'task-group': [
    () => taskGroup.run({ together: async (cooks) => void (await Promise.all(cooks.map((cook) => cook()))) }),
    () =>
      taskGroup.run({
        together: async (cooks) => void (await Promise.allSettled(cooks.map((cook) => cook()))),
      }),
  ],
  'from-asyncio': [
    () => fromAsyncio.run({ map: { tasks: [{ ...tasks[0]!, expect: tasks[1]!.expect }] } }),
    () => fromAsyncio.run({ map: { tasks: [{ ...tasks[0]!, run: () => [] }] } }),
  ],
  crawler: [
    () => crawler.run({ polite: { retries: 0 } }),
    () => crawler.run({ polite: { concurrency: 10 } }),
    () => crawler.run({ polite: { maxUrls: 5 } }),
    () => crawler.run({ gather: (inputs, task) => promiseAll(Array.from(inputs).slice(0, 3), task) }),
  ],
  limits: [
    // A pool with one lane more than the kitchen has places, one that is narrower than it says, and a pace a little too quick.
    () => limitsWith({ bounded: (inputs, task) => boundedPool(inputs, task, { concurrency: 25 }) }),
    () => limitsWith({ bounded: (inputs, task) => boundedPool(inputs, task, { concurrency: 1 }) }),
    () => limitsWith({ pace: (inputs, task) => paced(inputs, task, { perSecond: 11 }) }),
  ],
  backpressure: [
    // Bounded, but only after everything was read. Bounded in reading, but not in what it starts. Deaf to a leave.
    () =>
      backpressure.run({
        queued: async (source, serve) =>
          boundedPool(await Array.fromAsync(source), serve, { concurrency: 4 }),
      }),
    () => backpressure.run({ pulled: (source, serve) => boundedPool(source, serve, { concurrency: 60 }) }),
    () => backpressure.run({ pulled: (source, serve) => boundedPool(source, serve, { concurrency: 4 }) }),
  ],
  // One slice, slices that are too long, slices that nobody can call off, and none that stays without a turn.
  slicing: [
    { sliceMs: Infinity },
    { sliceMs: 200 },
    { signal: new AbortController().signal },
    { rest: () => nextTurn() },
  ].map((wrong) => () => {
    const slice: typeof slicing.inSlices = (bills, price, options) =>
      slicing.inSlices(bills, price, { ...options, ...wrong });
    return slicing.run({ slice });
  }),
  hedging: [
    // It asks once, it asks twice at once, it has no budget, and it never tells the loser.
    () => hedgingWith({ hedge: (task) => async (id, signal) => task(id, signal) }),
    () =>
      hedgingWith({
        hedge: (task) => hedging.hedged(task, { afterMs: 1, percent: 100, mostSaved: Infinity }),
      }),
    () =>
      hedgingWith({
        hedge: (task, { afterMs }) => hedging.hedged(task, { afterMs, percent: 100, mostSaved: Infinity }),
      }),
    () => hedgingWith({ hedge: (task, options) => hedging.hedged((id) => task(id), options) }),
  ],
  batching: [
    // Nobody shares, a missing dish fails its whole batch, a failure is kept, nobody is heard who leaves.
    () =>
      batching.run({
        makeLoader: (fetchMany) => ({
          load: async (id, signal = new AbortController().signal) => (await fetchMany([id], signal)).get(id)!,
        }),
      }),
    () =>
      batching.run({
        makeLoader: (fetchMany, mostKeys) =>
          new Loader(async (ids, signal) => {
            const found = await fetchMany(ids, signal);
            if (found.size < ids.length) throw new Error('a dish is missing');
            return found;
          }, mostKeys),
      }),
    () =>
      batching.run({
        makeLoader: (fetchMany, mostKeys) => {
          const loader = new Loader(fetchMany, mostKeys);
          const kept = new Map<number, ReturnType<typeof loader.load>>();
          return {
            load(id, signal) {
              const answer = kept.get(id) ?? loader.load(id, signal);
              kept.set(id, answer);
              return answer;
            },
          };
        },
      }),
    () =>
      batching.run({
        makeLoader: (fetchMany, mostKeys) => {
          const loader = new Loader(fetchMany, mostKeys);
          return { load: (id) => loader.load(id) };
        },
      }),
  ],
  context: [
    // A bind that binds nothing, a snapshot of nothing, and one that is taken once and for all.
    () => context.run({ keep: (callback) => callback }),
    () =>
      context.run({
        snapshot:
          () =>
          (work, ...rest) =>
            work(...rest),
      }),
    () => {
      const once = AsyncLocalStorage.snapshot();
      return context.run({ keep: (callback) => () => once(callback) });
    },
  ],
  'circuit-breaker': [
    // It takes illness for health, it never probes, and it probes all the time.
    { healthOf: () => 'well' as const },
    { openMs: Infinity },
    { openMs: 0 },
  ].map((wrong) => () => {
    const usual = { failures: 3, openMs: 5000, healthOf: () => 'ill' as const };
    return breaker.run({ makeGuard: () => new breaker.CircuitBreaker({ ...usual, ...wrong }) });
  }),
  // Without a circle nothing hangs.
  'where-is-it-stuck': [() => stuck.run({ stockOf: 'water' })],
  database: [
    // A pool without a limit, an empty queue, and connections for all.
    () => databaseWith({ bounded: (inputs, task) => boundedPool(inputs, task, { concurrency: 40 }) }),
    () => databaseWith({ gather: oneByOne }),
    () => databaseWith({ tables: 5, lookAt: printedBy }),
  ],
  'job-queue': [
    // Books that take an order twice, and a database that has confirmed 40 orders and kept none.
    () => queue.run({ books: BOOKS.replace('primary key', ''), open: knownServer }),
    () => queue.run({ submit: async () => 40, open: knownServer }),
  ],
};

/** Runs of a whole lesson that use what its broken runs have left: evenings that are known, and a database that is open. */
export const sharing: Record<string, () => Promise<void>> = {
  limits: () => limitsWith({}),
  async database() {
    databasesClosed = 0;
    await databaseWith({});
    assert.equal(databasesClosed, 1, 'databases that the lesson closes');
  },
};

/** Runs in which nothing is wrong, where the broken ones are smaller than the lesson, or rest on a textbook. Their claim holds. */
export const small: Record<string, () => Promise<void>> = {
  memory: () => memory.run({ measure: FIGURES['memory by the textbook'] }),
  'worker-costs': () => workerCostsBut({}),
  hedging: () => hedgingWith({}),
};
