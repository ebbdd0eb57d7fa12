// A pool bounds what is in flight (lesson 7). But where does the rest wait? If orders come faster
// than the kitchen cooks and everybody may put orders into a queue, they wait in memory. The queue
// grows until the orders end, or the memory does.
//
// Backpressure means that the slow side sets the pace of the fast side. An async iterable does that
// by itself, because it is asked for each item: while nobody asks, it reads nothing. A source that
// must run ahead, or several sources for one pool, need a queue with a limited number of places.
// Whoever puts something in waits for a place. Python has asyncio.Queue(maxsize) for this.
//
// Claim: in front of the same pool a queue without a limit holds nearly all of 60 orders. A queue
// with 8 places holds 8, and the source waits. A pool that draws from the source needs no queue.
// All three take the same time. But only the last two stop the source when the consumer leaves.
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

// The shortest way: the pool is handed the source itself. Each lane asks for an order when it is
// free to cook it, and the source reads when it is asked. When the pool ends early, it calls
// `return` of the source, as every `for await` does that is left by break or by an error.
const drawn: Way = (source, serve, signal) => boundedPool(source, serve, { concurrency: STOVES, signal });

/**
 * A queue with so many places, for one consumer and any number of producers. `put` waits for a
 * place, and `for await` takes the items out.
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
    // Not `if`: one place was made free, and several may have been waiting for it.
    while (!this.#end && this.#items.length >= this.#places) await this.#changed.promise;
    if (this.#end) return false;
    this.#items.push(item);
    this.#tell();
    return true;
  }

  /** No more items come. The consumer gets those that wait, and then the error, if there is one. */
  close(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    this.#tell();
  }

  // This is what `for await` and the pool use. An async generator would be shorter. But its
  // `return` waits as long as a `next` waits for an item, and then nobody could leave an empty
  // queue.
  [Symbol.asyncIterator](): AsyncIterator<Item> {
    return {
      next: () => this.#take(),
      // Called when the consumer leaves its loop. Who still waits in `put` must hear of it.
      return: async () => {
        this.#items.length = 0;
        this.close();
        return { done: true, value: undefined };
      },
    };
  }

  async #take(): Promise<IteratorResult<Item>> {
    // The lanes of a pool are several who wait here.
    while (!this.#end && this.#items.length === 0) await this.#changed.promise;
    if (this.#items.length > 0) {
      const value = this.#items.shift()!;
      this.#tell();
      return { done: false, value };
    }
    if (this.#end && 'error' in this.#end) throw this.#end.error;
    return { done: true, value: undefined };
  }

  /** Wakes all who wait, in `put` and in `next`. Each looks again whether its turn has come. */
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
    // However the pool ended, the producer must not stay behind: it may be waiting for a place.
    queue.close();
    await produced;
  }
};

type Dinner = Awaited<ReturnType<typeof dinner>>;

/** What became of a source that offers 60 orders, if its consumer leaves after so many answers. */
async function dinner(way: Way, leavesAfter: number) {
  // A kitchen without a queue of its own: a fifth order at once would be refused with 503.
  const conditions = { latencyMs: 1000, jitterMs: 0, seed: 1, stoves: { count: STOVES, queue: 0 } };
  const counters = new Counters();
  using _ = intercept({ conditions, counters });
  await using session = new Session({ origin: ORIGIN, connections: ORDERS });
  const leaving = new AbortController();
  // What this program did. What the API saw, the API counts itself.
  const tally = { read: 0, begun: 0, served: 0, mostWaiting: 0, isStopped: false };

  // The source reads an order in a hundredth of the time that it takes to cook one. An async
  // generator stands still at `yield` until it is asked for more. Its `finally` runs when the
  // orders end, and also when a consumer leaves early.
  async function* source(): AsyncGenerator<number> {
    try {
      while (tally.read < ORDERS) {
        await wait(READING_MS);
        tally.read++;
        // What was read and is not being cooked waits somewhere in this program.
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

  // The pool in front of the kitchen is as wide as the kitchen, whatever waits in front of the
  // pool.
  for (const { whole } of dinners) assert.equal(whole.served, ORDERS, 'orders served, of each way');
  const times = dinners.map(({ whole }) => whole.took);
  const spread = Math.max(...times) / Math.min(...times);
  assert.ok(spread < 1.05, `all take the same time, here ${times.join(' s, ')} s`);
  // One more than in the queue waits: it was read, and stands at the queue's door or is being
  // handed to a lane.
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
// orders in memory, and each of them waits longer. (Beside 8 places a ninth order waits. It had
// been read before the queue was full, and stands at the door.)
//
// A queue library can offer the same. With p-queue, `await queue.onSizeLessThan(8)` before each
// `add` holds the loop up (its issue 87 asks for that). Some sources cannot wait: guests who walk
// in, clicks, a sensor. There you have to choose what to lose. Refuse the newest, as an API does
// with 503, or drop the oldest, or keep only the latest. A queue without a limit is no choice.
//
// Question: orders are read more slowly than four stoves cook, one every 300 ms. How many wait in
// the queue without a limit then, and why does the claim fall?
// Change `READING_MS = 10` in line 27.
