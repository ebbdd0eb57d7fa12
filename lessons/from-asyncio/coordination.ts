// Part 2 of the map: what keeps tasks out of each other's way, how values travel between them, and threads.
import { AsyncLocalStorage } from 'node:async_hooks';
import { pbkdf2 } from 'node:crypto';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { threadId } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { paced } from '../../src/approaches/paced.ts';
import { BoundedQueue } from '../18-backpressure.ts';
import { seconds } from '../stage.ts';
import type { Row } from './row.ts';

/** The thread of the row to_thread runs this. It is the export of a module, because a function cannot be sent to a thread. */
export default function inThread(): number {
  return threadId;
}

class Door implements AsyncDisposable {
  readonly name: string;
  readonly #log: string[];
  constructor(name: string, log: string[]) {
    this.name = name;
    this.#log = log;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await turn();
    this.#log.push(`${this.name} closed`);
  }
}

async function* dishes(): AsyncGenerator<string> {
  for (const dish of ['soup', 'trout']) yield sleep(1000, dish);
}

export const coordination: readonly Row[] = [
  {
    python: 'Semaphore(2)',
    node: 'boundedPool, concurrency: 2',
    differs: 'In Python every task exists and waits. A pool draws its inputs one by one.',
    async run() {
      let inFlight = 0;
      let peak = 0;
      const task = async () => {
        peak = Math.max(peak, ++inFlight);
        await sleep(1000);
        inFlight--;
      };
      await boundedPool(Array(6).keys(), task, { concurrency: 2 });
      return peak;
    },
    expect: 2,
  },
  {
    python: 'aiolimiter',
    node: 'paced of src/approaches, lesson 17',
    differs: 'aiolimiter lets a burst through first. paced spreads all starts.',
    async run() {
      const starts: number[] = [];
      const begin = performance.now();
      const task = () => starts.push(seconds(performance.now() - begin));
      await paced(Array(3).keys(), task, { perSecond: 1 });
      return starts;
    },
    expect: [0, 1, 2],
  },
  {
    python: 'async with lock',
    node: 'navigator.locks.request(name, work)',
    differs: 'The lock has a name, and all threads of the process share it.',
    async run() {
      let balance = 0;
      const pay = async () => {
        const before = balance;
        await sleep(10);
        balance = before + 1;
      };
      await Promise.all(Array.from({ length: 5 }, pay));
      const without = balance;
      balance = 0;
      await Promise.all(Array.from({ length: 5 }, () => navigator.locks.request('balance', pay)));
      return [without, balance];
    },
    expect: [1, 5],
  },
  {
    python: 'Queue(maxsize=1)',
    node: 'BoundedQueue of lesson 18',
    differs: 'Not built in. When a consumer has left, `put` resolves to false.',
    async run() {
      const queue = new BoundedQueue<number>(1);
      const log: string[] = [];
      async function produce() {
        for (const item of [1, 2, 3]) if (await queue.put(item)) log.push(`put ${item}`);
        queue.close();
      }
      const produced = produce();
      await sleep(1000);
      log.push('a slow consumer');
      const items = await Array.fromAsync(queue);
      await produced;
      return [...log, ...items];
    },
    expect: ['put 1', 'a slow consumer', 'put 2', 'put 3', 1, 2, 3],
  },
  {
    python: 'await writer.drain()',
    node: 'await writer.ready, web streams',
    differs: 'Python waits after writing, Node before it. write() itself never does.',
    // `ready` says that there is room.
    async run() {
      const { readable, writable } = new TransformStream<number, number>();
      const writer = writable.getWriter();
      const reader = readable.getReader();
      const log: string[] = [];
      async function produce() {
        for (const item of [1, 2, 3]) {
          await writer.ready;
          log.push(`put ${item}`);
          void writer.write(item);
        }
        await writer.close();
      }
      const produced = produce();
      await sleep(1000);
      log.push('a slow consumer');
      while (!(await reader.read()).done);
      await produced;
      return log;
    },
    expect: ['put 1', 'a slow consumer', 'put 2', 'put 3'],
  },
  {
    python: 'Event',
    node: 'Promise.withResolvers()',
    differs: 'A promise cannot be cleared. Make a new one.',
    async run() {
      const { promise, resolve } = Promise.withResolvers<string>();
      const waiting = Promise.all([promise, promise]);
      resolve('served');
      return waiting;
    },
    expect: ['served', 'served'],
  },
  {
    python: 'async with a, b',
    node: 'await using a, b',
    differs: 'The resource is not told of the error, and cannot suppress it.',
    async run() {
      const log: string[] = [];
      try {
        await using outer = new Door('outer', log);
        await using inner = new Door('inner', log);
        throw new Error(`between ${outer.name} and ${inner.name}`);
      } catch {
        log.push('caught');
      }
      return log;
    },
    expect: ['inner closed', 'outer closed', 'caught'],
  },
  {
    python: 'async for, comprehension',
    node: 'for await, Array.fromAsync',
    run: () => Array.fromAsync(dishes()),
    expect: ['soup', 'trout'],
  },
  {
    python: 'contextvars.ContextVar',
    node: 'AsyncLocalStorage, lesson 22',
    async run() {
      const guest = new AsyncLocalStorage<string>();
      const serve = async () => {
        await sleep(100);
        return guest.getStore();
      };
      return Promise.all([guest.run('Ada', serve), guest.run('Bela', serve)]);
    },
    expect: ['Ada', 'Bela'],
  },
  {
    python: 'to_thread(function)',
    node: 'a module in a thread, by piscina',
    differs: 'A function cannot be sent to a thread. But there is no GIL.',
    async run() {
      await using pool = new Piscina<undefined, number>({ filename: import.meta.filename, maxThreads: 1 });
      const elsewhere = await pool.run(undefined);
      try {
        structuredClone(() => 1);
      } catch (error) {
        return [threadId, elsewhere > 0, (error as Error).name];
      }
      return 'a function travelled';
    },
    expect: [0, true, 'DataCloneError'],
  },
  {
    python: 'to_thread(pbkdf2_hmac)',
    node: 'pbkdf2 of node:crypto',
    differs: "Runs in libuv's pool of four threads, for files, DNS, crypto, zlib.",
    async run() {
      let turns = 0;
      const timer = setImmediate(function count() {
        turns++;
        if (turns < 1000) setImmediate(count);
      });
      const { length } = await promisify(pbkdf2)('secret', 'salt', 200_000, 16, 'sha256');
      clearImmediate(timer);
      return [length, turns > 0];
    },
    expect: [16, true],
  },
];
