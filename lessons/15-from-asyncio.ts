// A map for those who come from Python's asyncio. Each row says what Python writes, what Node
// writes, and, after the sign ≠, what is different. 29 of the 32 rows have a small program for
// Node's side. This lesson runs them. If one of them does not do what its row says, the lesson fails.
//
// The first three rows are in this file. The others are in lessons/from-asyncio; read them as you
// need them.
//
// Claim: every row does what the map says. Most of asyncio has a counterpart in Node. The one large
// difference is the first row: a coroutine waits to be started, and a promise stands for work that
// has already begun.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { coordination } from './from-asyncio/coordination.ts';
import { libraries } from './from-asyncio/libraries.ts';
import type { Row } from './from-asyncio/row.ts';
import { tasks } from './from-asyncio/tasks.ts';
import { play, timed } from './stage.ts';

// A row holds the two spellings, what is different, a program for Node's side, and what that
// program must give.
const essentials: readonly Row[] = [
  {
    python: 'cook()',
    node: 'cook()',
    differs: 'Python: nothing happens yet. Node: cook has begun.',
    // The log tells which came first: the work of cook, or the line below its call.
    run() {
      const log: string[] = [];
      const cook = async () => void log.push('cooking');
      void cook();
      log.push('called');
      return log;
    },
    expect: ['cooking', 'called'],
  },
  // No `differs`: the two do the same. Both give way to other tasks while they sleep.
  {
    python: 'asyncio.sleep(1)',
    node: 'setTimeout(1000) of timers/promises',
    run: () => timed(() => sleep(1000)),
    expect: 1,
  },
  {
    python: 'gather(cook(), eat())',
    node: 'Promise.all([cook(), eat()])',
    differs: 'To cancel a gather cancels its children. Promise.all has no cancel.',
    // What is the same needs proof too. It is often said that gather stops the others when one
    // fails. It does not, and neither does Promise.all.
    async run() {
      const log: string[] = [];
      const sibling = sleep(2000).then(() => log.push('the sibling went on'));
      const failing = sleep(1000).then(() => Promise.reject(new Error('burnt')));
      await Promise.all([failing, sibling]).catch(() => log.push('caught'));
      await sibling;
      // Both give the results in the order of the input, whoever was quicker.
      return [...log, ...(await Promise.all([sleep(20, 'slow'), sleep(10, 'quick')]))];
    },
    expect: ['caught', 'the sibling went on', 'slow', 'quick'],
  },
];

// Part 1 is what asyncio itself offers for tasks. Part 2 is what tasks have in common: locks,
// queues, what is open or shared, and threads. Part 3 is the libraries that the article names.
const MAP = {
  'starting, waiting, stopping': [...essentials, ...tasks],
  'sharing, handing on, threads': coordination,
  libraries,
};

export async function run({ map = MAP }: { map?: Record<string, readonly Row[]> } = {}): Promise<void> {
  const parts = Object.entries(map);
  for (const [index, [title, rows]] of parts.entries()) {
    console.log(`Part ${index + 1} of ${parts.length}: ${title}\n`);
    console.log(`  ${'Python'.padEnd(25)} Node`);
    // Rows run one after the other. They share a clock and a process, and would disturb each other.
    for (const { python, node, differs, run, expect } of rows) {
      // `run` is missing where no program can show it, and then nothing is expected.
      assert.deepEqual(await run?.(), expect, `"${python}" in Node does what the map says`);
      console.log(`  ${python.padEnd(25)} ${node}`);
      if (differs) console.log(`    ≠ ${differs}`);
    }
    console.log();
  }

  // The last line says how many rows were executed, because a row without a program proves
  // nothing.
  const rows = Object.values(map).flat();
  const same = rows.filter(({ differs }) => !differs).length;
  const executed = rows.filter(({ run }) => run).length;
  console.log(`${rows.length} rows, ${executed} of them executed; ${same} show no difference`);
}

if (import.meta.main) await play(run);

// Output:
//
// Part 1 of 3: starting, waiting, stopping
//
//   Python                    Node
//   cook()                    cook()
//     ≠ Python: nothing happens yet. Node: cook has begun.
//   asyncio.sleep(1)          setTimeout(1000) of timers/promises
//   gather(cook(), eat())     Promise.all([cook(), eat()])
//     ≠ To cancel a gather cancels its children. Promise.all has no cancel.
//   create_task(cook())       const task = cook()
//     ≠ Python begins at the next turn of the event loop, Node at once.
//   python -m asyncio pstree PID npm run awaiting -- PID
//     ≠ Built into Python 3.14. For Node it is in this repository (lesson 24).
//   asyncio.run(main())       await main()
//     ≠ If main never settles, Python hangs. Node ends with exit code 13.
//   gather(return_exceptions) Promise.allSettled([...])
//     ≠ Python mixes results and exceptions. Node labels each of them.
//   wait(FIRST_COMPLETED)     Promise.race, Promise.any
//     ≠ race throws if the first one failed, and does not say who is left.
//   as_completed([...])       asCompleted of tasks.ts
//     ≠ Not built in. Ours ends at the first failure.
//   wait_for(cook(), 1)       cook(AbortSignal.timeout(1000))
//     ≠ Python cancels cook. In Node, cook must listen to the signal.
//   task.cancel()             controller.abort()
//     ≠ Python throws into the task. A promise has no cancel, only a signal.
//   async with TaskGroup()    TaskGroup.run of src/approaches
//     ≠ Not built in. There is no except* for its AggregateError.
//   call_soon, call_later     setImmediate, setTimeout
//     ≠ queueMicrotask runs before both, and can keep them from ever running.
//
// Part 2 of 3: sharing, handing on, threads
//
//   Python                    Node
//   Semaphore(2)              boundedPool, concurrency: 2
//     ≠ In Python every task exists and waits. A pool draws its inputs one by one.
//   aiolimiter                paced of src/approaches, lesson 17
//     ≠ aiolimiter lets a burst through first. paced spreads all starts.
//   async with lock           navigator.locks.request(name, work)
//     ≠ The lock has a name, and all threads of the process share it.
//   Queue(maxsize=1)          BoundedQueue of lesson 18
//     ≠ Not built in. When a consumer has left, `put` resolves to false.
//   await writer.drain()      await writer.ready, web streams
//     ≠ Python waits after writing, Node before it. write() itself never does.
//   Event                     Promise.withResolvers()
//     ≠ A promise cannot be cleared. Make a new one.
//   async with a, b           await using a, b
//     ≠ The resource is not told of the error, and cannot suppress it.
//   async for, comprehension  for await, Array.fromAsync
//   contextvars.ContextVar    AsyncLocalStorage, lesson 22
//   to_thread(function)       a module in a thread, by piscina
//     ≠ A function cannot be sent to a thread. But there is no GIL.
//   to_thread(pbkdf2_hmac)    pbkdf2 of node:crypto
//     ≠ Runs in libuv's pool of four threads, for files, DNS, crypto, zlib.
//
// Part 3 of 3: libraries
//
//   Python                    Node
//   aiohttp.ClientSession     Session, an undici Agent
//     ≠ No limit of connections unless you set one. aiohttp has 100.
//   aiohttp.web               node:http
//     ≠ It has no routes. Hono and Fastify have.
//   FastAPI                   Hono, or Fastify
//     ≠ Types are gone at run time, so checking input needs a schema.
//   aiofiles.open             open of node:fs/promises
//   asyncpg.create_pool()     new Pool() of pg, lesson 25
//     ≠ asyncpg refuses a query on a busy connection. pg queues it, until pg 9.
//   async with pool.acquire() pool.connect(), release()
//     ≠ No block gives it back. Without release in a finally, the pool runs dry.
//   motor                     the mongodb driver
//     ≠ Not executed here: no MongoDB runs inside a Node process.
//   Celery, arq               a job queue, lesson 26
//     ≠ pg-boss needs Postgres and no broker. A job may run twice here too.
//
// 32 rows, 29 of them executed; 4 show no difference
//
// Notice "libuv's pool" in part 2. Node has threads too: libuv, Node's library for I/O, runs calls
// for files, DNS, crypto and zlib in four threads. aiofiles does the same for files in Python. Four
// slow reads of files hold up every DNS lookup.
//
// Question: put an await at the beginning of cook. What has cook done when the call returns?
// Change `void log.push('cooking')` in line 29.
