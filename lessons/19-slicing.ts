// One thread runs one function at a time, to its end (lesson 4). A function that computes for a
// second is a second in which no timer fires, no answer is read and nobody can call it off. That
// delay is the event loop lag. The best cure is another thread (lesson 11). But some work cannot
// move: what it needs is too large to send, or it is too short to pay for the trip.
//
// Such work can be cut into slices. After each slice it awaits `scheduler.yield()` of
// timers/promises, which goes on after one turn of the event loop. In that turn everything runs
// that was ready. An await of something that is ready gives no turn: it only looks polite.
//
// Claim: while 1,000 bills are priced in one go, three orders that are on their way get no answer.
// `await null` after every ten bills changes nothing. In slices of ten bills all three are answered
// meanwhile, and the work stops soon after it was called off.
import assert from 'node:assert/strict';
import { scheduler } from 'node:timers/promises';
import { INSTANT } from '../src/api/conditions.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session } from '../src/api/session.ts';
import { priceOf } from '../src/jobs/price-order.ts';
import { play } from './stage.ts';

const BILLS = 1000;
const ORDERS = 3;
const SLICE = 10;
// Each bill is some microseconds of computing, and nothing in it waits.
const ROUNDS_OF_A_BILL = 10_000;

interface SliceOptions {
  /** How long a slice may last, in milliseconds. */
  readonly sliceMs: number;
  /** Ends the work between two slices, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The clock. */
  readonly now?: () => number;
  /** Gives the event loop a turn. */
  readonly rest?: () => PromiseLike<unknown>;
}

/**
 * Calls `step` for each item, and lets the event loop turn whenever a slice has lasted its time.
 */
export async function inSlices<Item>(
  items: Iterable<Item>,
  step: (item: Item) => void,
  { sliceMs, signal, now = () => performance.now(), rest = () => scheduler.yield() }: SliceOptions,
): Promise<void> {
  signal?.throwIfAborted();
  // By time and not by number: items take different times, and so do machines. To look at the clock
  // costs a tenth of a microsecond. Where an item takes less than that, look at every hundredth.
  let sliceEnd = now() + sliceMs;
  for (const item of items) {
    step(item);
    if (now() < sliceEnd) continue;
    await rest();
    // Whoever called the work off could do it only in this turn, so this is the place to ask.
    signal?.throwIfAborted();
    sliceEnd = now() + sliceMs;
  }
}

/** What else the thread got done while it priced the bills in this way. */
async function evening(slice: typeof inSlices, options: SliceOptions) {
  using _ = intercept({ conditions: INSTANT });
  await using session = new Session({ origin: ORIGIN, connections: ORDERS });
  let priced = 0;
  let turns = 0;
  let pricedAtLastTurn = 0;
  let longestSlice = 0;
  // An immediate runs once in a turn. One that asks for the next one counts the turns.
  let counter = setImmediate(function countTurn() {
    turns++;
    pricedAtLastTurn = priced;
    counter = setImmediate(countTurn);
  });
  function price(id: number): void {
    priceOf(id, ROUNDS_OF_A_BILL);
    priced++;
    longestSlice = Math.max(longestSlice, priced - pricedAtLastTurn);
  }
  // The default clock would do. This one says that a bill takes a millisecond, so that everybody
  // gets the same output.
  const now = () => priced;

  // The orders are sent first. Their answers need no time, but two or three turns of the loop.
  let answered = 0;
  const ids = Array.from({ length: ORDERS }, (_, index) => index + 1);
  const orders = ids.map((id) => session.getJson(`/orders/${id}`).then(() => answered++));
  await slice(Array(BILLS).keys(), price, { ...options, now });
  const meanwhile = { turns, longestSlice, answered };
  await Promise.all(orders);

  // The same bills once more. Now an answer calls the work off: the guests have left. An abort is
  // an event like any other. In a thread that has no turn for it, it does not happen.
  const stop = new AbortController();
  const news = session.getJson('/orders/1').then(() => stop.abort(new Error('the guests have left')));
  priced = 0;
  pricedAtLastTurn = 0;
  await slice(Array(BILLS).keys(), price, { ...options, now, signal: stop.signal }).catch(
    (error: unknown) => {
      // Whoever calls work off expects its end by this error. Any other is a fault.
      if (error !== stop.signal.reason) throw error;
    },
  );
  const pricedWhenStopped = priced;
  await news;
  clearImmediate(counter);
  return { ...meanwhile, pricedWhenStopped };
}

type Seen = Awaited<ReturnType<typeof evening>>;

export async function run({ slice = inSlices } = {}): Promise<void> {
  const whole = await evening(slice, { sliceMs: Infinity });
  // This is what many write who have heard that await gives way to others. The line below it goes
  // on as a microtask, and microtasks run before the loop can turn.
  const polite = await evening(slice, { sliceMs: SLICE, rest: async () => null });
  const sliced = await evening(slice, { sliceMs: SLICE });
  // Nothing here is a time: these are turns of the loop, bills, and orders.
  console.log('(turns of the event loop; slices and stops are told in bills)');
  console.log(`${BILLS} bills         turns  longest slice  answered meanwhile  stopped after`);
  const print = (name: string, { turns, longestSlice, answered, pricedWhenStopped }: Seen) => {
    const figures = `${String(turns).padStart(5)}  ${String(longestSlice).padStart(13)}`;
    const answers = `${answered} of ${ORDERS}`.padStart(18);
    console.log(`${name.padEnd(17)}  ${figures}  ${answers}  ${String(pricedWhenStopped).padStart(13)}`);
  };
  print('in one go', whole);
  print('await null', polite);
  print('scheduler.yield()', sliced);

  // Counts of turns and bills are the same on every machine, however long a bill takes there.
  for (const { turns, answered, pricedWhenStopped } of [whole, polite]) {
    assert.equal(turns, 0, 'turns of the loop in one go, and with await null');
    assert.equal(answered, 0, 'orders answered meanwhile in one go, and with await null');
    assert.equal(pricedWhenStopped, BILLS, 'bills priced after it was called off, without a turn');
  }
  assert.equal(sliced.longestSlice, SLICE, 'the longest slice, in bills');
  assert.equal(sliced.answered, ORDERS, 'orders answered meanwhile, in slices');
  const late = sliced.pricedWhenStopped;
  assert.ok(late <= 5 * SLICE, `in slices it stops soon after it was called off, here after ${late} bills`);
}

if (import.meta.main) await play(run);

// Output:
//
// (turns of the event loop; slices and stops are told in bills)
// 1000 bills         turns  longest slice  answered meanwhile  stopped after
// in one go              0           1000              0 of 3           1000
// await null             0           1000              0 of 3           1000
// scheduler.yield()    100             10              3 of 3             20
//
// Notice that nothing became faster: 1,000 bills are 1,000 bills, and each turn costs a microsecond
// or two more. What became shorter is the time that others wait. A slice of 5 to 10 ms is a good
// length: nobody sees so short a delay, and beside it the price of a turn does not count. (A wait
// for `setTimeout(0)` also gives a turn, but it takes a whole millisecond.)
//
// Slices have a price in correctness too. In one go nobody could change a bill in the middle of the
// sum. Between two slices anybody can. So take a copy of what you compute with, or look again after
// each turn.
//
// Question: a slice is half of the work. Why can nobody call it off any more?
// Change `SLICE = 10` in line 24.
