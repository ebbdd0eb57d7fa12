// One waiter can serve many tables, because the waiter does not cook. In this course the waiter is
// the thread: it runs your code, one line after the other. The kitchen is I/O (input and output):
// the network, the disk, everything that your code waits for. While the kitchen cooks for one
// table, the waiter can take the order of the next.
//
// `await` marks the place where the waiter leaves a table. The lines below it wait for the dish.
// The thread does not wait: it looks for other work.
//
// Claim: dishes that take 2, 1 and 3 seconds are on the table after 6 seconds if the waiter waits
// for each dish before taking the next order. They are there after 3 seconds, the time of the
// slowest, if all orders are taken at once.
import assert from 'node:assert/strict';
import { setTimeout as cook } from 'node:timers/promises';
import { promiseAll } from '../src/approaches/promise-all.ts';
import { sequential } from '../src/approaches/sequential.ts';
import { Timeline } from './picture.ts';
import { play } from './stage.ts';

const ORDERS = [
  { dish: 'trout', takes: 2 },
  { dish: 'salad', takes: 1 },
  { dish: 'risotto', takes: 3 },
];

// In every lesson `run` takes the things that the lesson is about as parameters: here the two
// approaches. The defaults are the real things. The tests of this course hand in something else,
// for example a "busy" waiter who waits after all, and then the claim must turn out false. Without
// that, nobody would know whether the lesson can notice anything.
export async function run({ patient = sequential, busy = promiseAll } = {}): Promise<void> {
  // The work is the same for both waiters: send the order to the kitchen, wait for the dish. Only
  // the approach differs, and the approach is a function that gets the inputs and the work.
  async function dinner(approach: typeof promiseAll): Promise<Timeline> {
    const timeline = new Timeline();
    await approach(ORDERS, ({ dish, takes }) => timeline.during(dish, () => cook(takes * 1000)));
    return timeline;
  }

  const oneByOne = await dinner(patient);
  const allAtOnce = await dinner(busy);
  console.log(`The waiter waits for each dish before the next order: ${oneByOne.end} s`);
  console.log(`${oneByOne.rows()}\n`);
  console.log(`The waiter takes all orders at once: ${allAtOnce.end} s`);
  console.log(allAtOnce.rows(oneByOne.end));

  // No dish was cooked faster, and there is still one waiter. The waits overlap now, and that is
  // the whole gain.
  const times = ORDERS.map(({ takes }) => takes);
  const sum = times.reduce((total, time) => total + time);
  assert.equal(`${oneByOne.end} s`, `${sum} s`, 'one by one takes the sum of all times');
  assert.equal(
    `${allAtOnce.end} s`,
    `${Math.max(...times)} s`,
    'all at once takes as long as the slowest dish',
  );
}

if (import.meta.main) await play(run);

// Output:
//
// The waiter waits for each dish before the next order: 6 s
// trout    ━━━━━━━━━━━━                          0.0 – 2.0 s
// salad                ━━━━━━                    2.0 – 3.0 s
// risotto                    ━━━━━━━━━━━━━━━━━━  3.0 – 6.0 s
//
// The waiter takes all orders at once: 3 s
// trout    ━━━━━━━━━━━━                          0.0 – 2.0 s
// salad    ━━━━━━                                0.0 – 1.0 s
// risotto  ━━━━━━━━━━━━━━━━━━                    0.0 – 3.0 s
//
// Notice that each bar is as long in the second picture as in the first. Nothing became faster. The
// waits overlap.
//
// Question: the salad takes 4 seconds instead of 1. How long is dinner for each waiter?
// Change `takes: 1` in line 21.
