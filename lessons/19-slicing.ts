// One thread runs one function at a time, to its end (lesson 4). While a function computes for a
// second, no timer fires, no answer is read, and nothing can stop the function. This delay is
// called event loop lag. The best cure is another thread (lesson 11). But some work cannot move
// there: its data is too large to send, or the work is too short to be worth a message.
//
// Such work can be cut into slices. After each slice it awaits `scheduler.yield()` of
// node:timers/promises. The event loop then makes one turn: everything that is ready runs, and
// after that the work goes on. To await something that is already settled gives no turn. It only
// looks as if it did.
//
// Claim: while 1,000 bills are priced in one go, three orders that are on their way get no answer.
// `await null` after every ten bills changes nothing. In slices of ten bills all three are answered
// meanwhile. And if the work is called off (stopped by an abort), it stops soon.
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

/** Calls `step` for each item, and lets the event loop turn after each slice. */
export async function inSlices<Item>(
  items: Iterable<Item>,
  step: (item: Item) => void,
  { sliceMs, signal, now = () => performance.now(), rest = () => scheduler.yield() }: SliceOptions,
): Promise<void> {
  signal?.throwIfAborted();
  // A slice is a time and not a number of items: items take different times, and so do machines.
  // One look at the clock costs a tenth of a microsecond. If an item takes less than that, look at
  // the clock only after every hundredth item.
  let sliceEnd = now() + sliceMs;
  for (const item of items) {
    step(item);
    if (now() < sliceEnd) continue;
    await rest();
    // The signal can abort only during this turn, so this is the place to check it.
    signal?.throwIfAborted();
    sliceEnd = now() + sliceMs;
  }
}

/** What else the thread did while it priced the bills in this way. */
async function evening(slice: typeof inSlices, options: SliceOptions) {
  using _ = intercept({ conditions: INSTANT });
  await using session = new Session({ origin: ORIGIN, connections: ORDERS });
  let priced = 0;
  let turns = 0;
  let pricedAtLastTurn = 0;
  let longestSlice = 0;
  // An immediate runs once in a turn. This one sets the next one each time, so it counts the turns.
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

  // The orders are sent first. Their answers take no time, but they need two or three turns of the
  // loop.
  let answered = 0;
  const ids = Array.from({ length: ORDERS }, (_, index) => index + 1);
  const orders = ids.map((id) => session.getJson(`/orders/${id}`).then(() => answered++));
  await slice(Array(BILLS).keys(), price, { ...options, now });
  const meanwhile = { turns, longestSlice, answered };
  await Promise.all(orders);

  // The same bills once more. Now an answer calls the work off: the guests have left. An abort
  // needs a turn of the event loop, like every event. Without a turn it does not happen.
  const stop = new AbortController();
  const news = session.getJson('/orders/1').then(() => stop.abort(new Error('the guests have left')));
  priced = 0;
  pricedAtLastTurn = 0;
  await slice(Array(BILLS).keys(), price, { ...options, now, signal: stop.signal }).catch(
    (error: unknown) => {
      // This error is expected: the abort causes it. Any other error is a fault.
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
  // Many programs do this, because their authors heard that `await` lets other code run. But the
  // rest of the function goes on as a microtask, and all microtasks run before the loop can turn.
  const polite = await evening(slice, { sliceMs: SLICE, rest: async () => null });
  const sliced = await evening(slice, { sliceMs: SLICE });
  // No figure here is a time: these are turns of the loop, bills, and orders.
  console.log('(turns of the event loop; the slice and the stop are numbers of bills)');
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
// (turns of the event loop; the slice and the stop are numbers of bills)
// 1000 bills         turns  longest slice  answered meanwhile  stopped after
// in one go              0           1000              0 of 3           1000
// await null             0           1000              0 of 3           1000
// scheduler.yield()    100             10              3 of 3             20
//
// Notice that the work itself did not become faster. Each turn even adds a microsecond or two. But
// other work waits for a shorter time. A slice of 5 to 10 ms is a good length: nobody notices so
// short a delay, and the cost of a turn is small beside it. (A wait for `setTimeout(0)` also gives
// a turn, but it takes a whole millisecond.)
//
// Slices can also make a result wrong. Without slices no other code can change a bill in the middle
// of the sum. Between two slices any code can. So compute with a copy, or read the data again after
// each turn.
//
// Question: a slice is now half of the work. Why can nobody call the work off any more?
// Change `SLICE = 10` in line 25.
