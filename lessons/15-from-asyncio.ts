// A map from asyncio to Node, row by row: what Python writes, what Node writes, and a small program that runs Node's
// side. The first three rows are below, the others in lessons/from-asyncio: read them as you need them.
//
// Claim: every row does what the map says: most of asyncio has a counterpart. But a coroutine is lazy, a promise is not.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { coordination } from './from-asyncio/coordination.ts';
import { libraries } from './from-asyncio/libraries.ts';
import type { Row } from './from-asyncio/row.ts';
import { tasks } from './from-asyncio/tasks.ts';
import { play, timed } from './stage.ts';

const essentials: readonly Row[] = [
  {
    python: 'cook()',
    node: 'cook()',
    differs: 'nothing happens there; here it has begun',
    run() {
      const log: string[] = [];
      const cook = async () => void log.push('cooking');
      void cook();
      log.push('called');
      return log;
    },
    expect: ['cooking', 'called'],
  },
  {
    python: 'asyncio.sleep(1)',
    node: 'setTimeout(1000) of timers/promises',
    run: () => timed(() => sleep(1000)),
    expect: 1,
  },
  {
    python: 'gather(cook(), eat())',
    node: 'Promise.all([cook(), eat()])',
    differs: 'cancelling gather cancels its children',
    // After a failure there is no difference, contrary to what is often said: gather too lets the siblings run on.
    async run() {
      const log: string[] = [];
      const sibling = sleep(2000).then(() => log.push('the sibling went on'));
      const failing = sleep(1000).then(() => Promise.reject(new Error('burnt')));
      await Promise.all([failing, sibling]).catch(() => log.push('caught'));
      await sibling;
      return [...log, ...(await Promise.all([sleep(20, 'slow'), sleep(10, 'quick')]))];
    },
    expect: ['caught', 'the sibling went on', 'slow', 'quick'],
  },
];

const MAP = { essentials, tasks, coordination, libraries };

export async function run({ map = MAP }: { map?: Record<string, readonly Row[]> } = {}): Promise<void> {
  for (const rows of Object.values(map)) {
    // One after the other: rows share a clock and a process, and should not hear each other.
    for (const { python, node, differs, run, expect } of rows) {
      const seen = await run?.();
      const shown = `${python} → ${node}: expected ${JSON.stringify(expect)}, got ${JSON.stringify(seen)}`;
      assert.ok(isDeepStrictEqual(seen, expect), shown);

      const sign = differs ? `≠ ${differs}` : '=';
      console.log(`${python.padEnd(25)} ${node.padEnd(35)} ${sign}`);
    }
  }

  const rows = Object.values(map).flat();
  console.log(`${rows.length} rows, ${rows.filter((row) => row.run).length} executed`);
}

if (import.meta.main) await play(run);

// Output:
//
// cook()                    cook()                              ≠ nothing happens there; here it has begun
// asyncio.sleep(1)          setTimeout(1000) of timers/promises =
// gather(cook(), eat())     Promise.all([cook(), eat()])        ≠ cancelling gather cancels its children
// create_task(cook())       const task = cook()                 ≠ begins at the next turn there, at once here
// asyncio.run(main())       await main()                        ≠ never settled: hangs there, exit code 13 here
// gather(return_exceptions) Promise.allSettled([...])           ≠ results and exceptions mixed there, tagged here
// wait(FIRST_COMPLETED)     Promise.race, Promise.any           ≠ race throws, and does not say who is left
// as_completed([...])       asCompleted of tasks.ts             ≠ not built in; ours ends at the first failure
// wait_for(cook(), 1)       cook(AbortSignal.timeout(1000))     ≠ cancels there; here it asks who listens
// task.cancel()             controller.abort()                  ≠ throws into the task there; a promise has no cancel
// async with TaskGroup()    TaskGroup.run of src/approaches     ≠ not built in; no except* for its AggregateError
// call_soon, call_later     setImmediate, setTimeout            ≠ queueMicrotask comes before both, and can starve them
// Semaphore(2)              boundedPool, concurrency: 2         ≠ tasks exist and wait there; a pool draws inputs
// async with lock           navigator.locks.request(name, work) ≠ named, one for the whole process
// Queue(maxsize=1)          TransformStream                     ≠ write takes all: await ready first; one producer
// Event                     Promise.withResolvers()             ≠ a promise cannot be cleared
// async with a, b           await using a, b                    ≠ closing hears of no error, and cannot swallow it
// async for, comprehension  for await, Array.fromAsync          =
// contextvars.ContextVar    AsyncLocalStorage                   =
// to_thread(function)       a module in a thread, by piscina    ≠ functions cannot travel; but there is no GIL
// to_thread(pbkdf2_hmac)    pbkdf2 of node:crypto               ≠ a hidden pool of 4: files, DNS, crypto, zlib
// aiohttp.ClientSession     Session, an undici Agent            ≠ no limit unless told; aiohttp has 100
// aiohttp.web               node:http                           ≠ no routes: Hono, Fastify
// FastAPI                   Hono, or Fastify                    ≠ types are gone at run time: it needs schemas
// aiofiles.open             open of node:fs/promises            =
// asyncpg                   postgres, pg; here PGlite           ≠ a busy connection refuses there; PGlite queues
// motor                     the mongodb driver                  ≠ not executed: no engine runs in a Node process
// 27 rows, 26 executed
//
// Notice "a hidden pool of 4": Node too has threads for what the system cannot do without waiting, as aiofiles has.
// Nobody asks for them, and four slow files are enough to hold up every DNS lookup.
//
// Question: what has happened when the call returns, if cook begins with an await of anything?
// Change `void log.push('cooking')` in line 21.
