// A pool limits how many orders are in flight (lesson 7). But where do the other orders wait? If
// orders come faster than the kitchen cooks, and nothing limits the queue, they wait in memory. The
// queue grows until no more orders come, or until the memory is full.
//
// Backpressure means that the slow side sets the pace of the fast side. An async iterable does this
// by itself: the consumer asks for each item, and while nobody asks, the iterable reads nothing.
// Sometimes a source must run ahead of the consumer, or several sources feed one pool. Then you
// need a queue with a limited number of places. A producer waits until a place is free. Python has
// asyncio.Queue(maxsize) for this.
//
// Claim: in front of the same pool a queue without a limit holds nearly all of 60 orders. A queue
// with 8 places holds 8, and the source waits. A pool that draws from the source (asks it for each
// order) needs no queue. All three take the same time. But only the last two stop the source when
// the consumer leaves.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';
import { Counters } from '../src/api/counters.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session } from '../src/api/session.ts';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { play, seconds } from './stage.ts';

// Sixty orders stand for the million lines of a file, or for messages that never end.
const ORDERS = 60;
const STOVES = 4;
const PLACES = 8;
const READING_MS = 10;
const LEAVES_AFTER = 10;

/** Serves each order of the source, and stops early when the signal aborts. */
type Way = (
  source: AsyncIterable<number>,
  serve: (id: number) => Promise<void>,
  signal: AbortSignal,
) => Promise<unknown>;

// The popular way. p-limit keeps at most four orders in flight, and queues all others, however many
// come. Nothing here makes the loop wait, so it reads as fast as the source can. (There is a second
// fault in it: if an order fails while the loop still reads, nobody awaits it yet. Node then ends
// the process because of an unhandled rejection.)
const endlessQueue: Way = async (source, serve, signal) => {
  const limit = pLimit(STOVES);
  const all: Array<Promise<void>> = [];
  // `await limit(…)` would not help: it waits for the answer, and then one order at a time is
  // cooked.
  for await (const id of source) all.push(limit(() => (signal.aborted ? undefined : serve(id))));
  await Promise.all(all);
};

// The shortest way: give the source itself to the pool. A lane asks the source for an order when it
// is free, and the source reads only then. If the pool ends early, it calls `return` of the source,
// like a `for await` loop that ends by break or by an error.
const drawn: Way = (source, serve, signal) => boundedPool(source, serve, { concurrency: STOVES, signal });

/**
 * A queue with a limited number of places, for one consumer and any number of producers. `put`
 * waits for a place, and `for await` takes the items out.
 */
export class BoundedQueue<Item> implements AsyncIterable<Item> {
  readonly #places: number;
  readonly #items: Item[] = [];
  /** Set when no more items will come, or when nobody takes them any more. */
  #end: { readonly error?: unknown } | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(places: number) {
    this.#places = places;
  }

  /** Resolves to true once the item has a place, and to false if nobody takes items any more. */
  async put(item: Item): Promise<boolean> {
    // A loop and not `if`: when one place gets free, several producers may wait for it.
    while (!this.#end && this.#items.length >= this.#places) await this.#changed.promise;
    if (this.#end) return false;
    this.#items.push(item);
    this.#tell();
    return true;
  }

  /**
   * Says that no more items come. The consumer still gets the items in the queue, and then the
   * error, if there is one.
   */
  close(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    this.#tell();
  }

  // `for await` and the pool call this. An async generator would be shorter. But its `return` has
  // to wait for a pending `next`, so no consumer could leave an empty queue.
  [Symbol.asyncIterator](): AsyncIterator<Item> {
    return {
      next: () => this.#take(),
      // Called when the consumer leaves its loop. Producers that wait in `put` must learn of it.
      return: async () => {
        this.#items.length = 0;
        this.close();
        return { done: true, value: undefined };
      },
    };
  }

  async #take(): Promise<IteratorResult<Item>> {
    // Several lanes of a pool may wait here.
    while (!this.#end && this.#items.length === 0) await this.#changed.promise;
    if (this.#items.length > 0) {
      const value = this.#items.shift()!;
      this.#tell();
      return { done: false, value };
    }
    if (this.#end && 'error' in this.#end) throw this.#end.error;
    return { done: true, value: undefined };
  }

  /**
   * Wakes everything that waits in `put` or in `next`. Each of them checks again whether it can go
   * on.
   */
  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

// A producer and a consumer run side by side, and know only the queue. If the source fails, its
// error goes through the queue: the consumer first gets what was read before, and then the error.
const limitedQueue: Way = async (source, serve, signal) => {
  const queue = new BoundedQueue<number>(PLACES);
  async function produce(): Promise<void> {
    try {
      for await (const id of source) if (!(await queue.put(id))) return;
      queue.close();
    } catch (error) {
      queue.close({ error });
    }
  }
  const produced = produce();
  try {
    await boundedPool(queue, serve, { concurrency: STOVES, signal });
  } finally {
    // The producer must end too, however the pool ended. It may still wait for a place.
    queue.close();
    await produced;
  }
};

type Dinner = Awaited<ReturnType<typeof dinner>>;

/** Serves a source of 60 orders in this way. The consumer leaves after `leavesAfter` answers. */
async function dinner(way: Way, leavesAfter: number) {
  // A kitchen without a queue of its own: a fifth order at once would be refused with 503.
  const conditions = { latencyMs: 1000, jitterMs: 0, seed: 1, stoves: { count: STOVES, queue: 0 } };
  const counters = new Counters();
  using _ = intercept({ conditions, counters });
  await using session = new Session({ origin: ORIGIN, connections: ORDERS });
  const leaving = new AbortController();
  // What this program did. The API counts by itself what it saw.
  const tally = { read: 0, begun: 0, served: 0, mostWaiting: 0, isStopped: false };

  // To read an order takes a hundredth of the time that it takes to cook one. An async generator
  // stops at `yield` until it is asked for more. Its `finally` runs when the orders end, and also
  // when a consumer leaves early.
  async function* source(): AsyncGenerator<number> {
    try {
      while (tally.read < ORDERS) {
        await wait(READING_MS);
        tally.read++;
        // Orders that were read and are not being cooked wait somewhere in this program.
        tally.mostWaiting = Math.max(tally.mostWaiting, tally.read - tally.begun);
        yield tally.read;
      }
    } finally {
      tally.isStopped = tally.read < ORDERS;
    }
  }
  // An order that is refused is lost, and the API has counted it. The others go on.
  async function serve(id: number): Promise<void> {
    tally.begun++;
    const isServed = await session.getJson(`/orders/${id}`).then(
      () => true,
      () => false,
    );
    if (isServed) tally.served++;
    if (tally.served === leavesAfter) leaving.abort();
  }

  const start = performance.now();
  await way(source(), serve, leaving.signal).catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  return { ...tally, took: seconds(performance.now() - start), refused: counters.read().refused };
}

export async function run({ queued = limitedQueue, pulled = drawn } = {}): Promise<void> {
  const ways: Array<[name: string, way: Way]> = [
    ['queue without a limit', endlessQueue],
    [`queue of ${PLACES} places`, queued],
    ['drawn by the pool', pulled],
  ];
  // Each way serves two dinners: one to the end, and one with a consumer that leaves early, because
  // it has what it wanted.
  const dinners: Array<{ whole: Dinner; short: Dinner }> = [];
  console.log(
    `${ORDERS} orders, ${STOVES} stoves        most waiting  refused  time  read for ${LEAVES_AFTER} answers`,
  );
  for (const [name, way] of ways) {
    const whole = await dinner(way, Infinity);
    const short = await dinner(way, LEAVES_AFTER);
    const reading = `${short.read}, ${short.isStopped ? 'then stopped' : 'to the end'}`;
    const figures = [String(whole.mostWaiting).padStart(12), String(whole.refused).padStart(7)];
    console.log(`${name.padEnd(24)}${figures.join('  ')}  ${Math.round(whole.took)} s  ${reading}`);
    dinners.push({ whole, short });
  }

  // The time is the same, because each way has as many orders in flight as there are stoves.
  for (const { whole } of dinners) assert.equal(whole.served, ORDERS, 'orders served, of each way');
  const times = dinners.map(({ whole }) => whole.took);
  const spread = Math.max(...times) / Math.min(...times);
  assert.ok(spread < 1.05, `all take the same time, here ${times.join(' s, ')} s`);
  // One order more than the places may wait: it has been read, but has no place or no lane yet.
  const [endless = 0, limited = 0, direct = 0] = dinners.map(({ whole }) => whole.mostWaiting);
  assert.ok(endless > ORDERS - 2 * STOVES, `without a limit nearly all wait, here ${endless}`);
  assert.ok(limited <= PLACES + 1, `${PLACES} places and the door are enough, not ${limited}`);
  assert.equal(direct, 1, 'orders that wait when the pool draws');
  const stopped = dinners.map(({ short }) => short.isStopped);
  assert.deepEqual(stopped, [false, true, true], 'sources that stop when the consumer leaves');
}

if (import.meta.main) await play(run);

// Output:
//
// 60 orders, 4 stoves        most waiting  refused  time  read for 10 answers
// queue without a limit             56        0  15 s  60, to the end
// queue of 8 places                  9        0  15 s  22, then stopped
// drawn by the pool                  1        0  15 s  13, then stopped
//
// Notice that the time is the same. A longer queue does not make the kitchen faster. It keeps more
// orders in memory, and each of them waits longer. (With 8 places 9 orders wait: the ninth has been
// read, and waits for a place.)
//
// A library can offer the same. With p-queue, `await queue.onSizeLessThan(8)` before each `add`
// makes the loop wait (issue 87 of p-queue asks for that). Some sources cannot wait: guests who
// walk in, clicks, a sensor. Then you have to choose what to lose. Refuse the newest, as an API
// does with 503. Or drop the oldest, or keep only the latest. A queue without a limit only puts
// this choice off, until the memory is full.
//
// Question: now an order is read only every 300 ms, and four stoves cook faster than that. How many
// orders wait in the queue without a limit, and why does the claim fail?
// Change `READING_MS = 10` in line 29.
