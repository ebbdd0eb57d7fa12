// One waiter can serve many tables, because cooking is not his work. He is the thread, which runs the code; the
// kitchen is the I/O: network, disk, all that code waits for. Awaiting, he is free for other tables; this one waits.
//
// Claim: dishes that take 2, 1 and 3 seconds are served after 6 seconds if the waiter waits for each before he
// takes the next order, and after 3 seconds, the time of the slowest, if he does not.
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

export async function run({ patient = sequential, busy = promiseAll } = {}): Promise<void> {
  // The same two lines of work, whichever way the waiter goes about it: order, then wait for the dish.
  async function dinner(approach: typeof promiseAll): Promise<Timeline> {
    const timeline = new Timeline();
    await approach(ORDERS, ({ dish, takes }) => timeline.during(dish, () => cook(takes * 1000)));
    return timeline;
  }

  const waiting = await dinner(patient);
  const serving = await dinner(busy);
  console.log(`He waits for each dish before he orders the next: ${waiting.end} s\n${waiting.rows()}\n`);
  console.log(`He takes the next order meanwhile: ${serving.end} s\n${serving.rows(waiting.end)}`);

  // No dish cooked faster, and there is still one waiter. Only the waits no longer queue.
  const times = ORDERS.map(({ takes }) => takes);
  assert.equal(
    waiting.end,
    times.reduce((sum, time) => sum + time),
    'one by one takes the sum',
  );
  assert.equal(serving.end, Math.max(...times), 'together takes as long as the slowest');
}

if (import.meta.main) await play(run);

// Output:
//
// He waits for each dish before he orders the next: 6 s
// trout    ━━━━━━━━━━━━                          0.0 – 2.0 s
// salad                ━━━━━━                    2.0 – 3.0 s
// risotto                    ━━━━━━━━━━━━━━━━━━  3.0 – 6.0 s
//
// He takes the next order meanwhile: 3 s
// trout    ━━━━━━━━━━━━                          0.0 – 2.0 s
// salad    ━━━━━━                                0.0 – 1.0 s
// risotto  ━━━━━━━━━━━━━━━━━━                    0.0 – 3.0 s
//
// Notice that the bars are as long in both pictures: nothing became faster, the waits overlap.
//
// Question: the salad takes 4 seconds instead of 1. How long is dinner either way?
// Change `takes: 1` in line 15.
