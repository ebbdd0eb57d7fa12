// Async code overlaps waits. Some work waits for nothing: adding up a bill, parsing a file,
// resizing a picture. Such work is called CPU-bound, because only the processor (CPU) limits it.
// There `await` gains nothing: one thread runs all your JavaScript, and it can add up one bill at a
// time. The article says the same of Python, whose GIL (a lock) lets only one thread run Python
// code at a time.
//
// More hands help. A worker thread is a second waiter, with a JavaScript engine of its own, and it
// can run on another core of the machine. A thread pool keeps some of them ready and gives each the
// next piece of work.
//
// Claim: Promise.all and a pool of promises compute one order at a time and gain nothing. Threads
// compute as many orders at once as there are threads.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { plain } from '../src/report/paint.ts';
import { timeline } from '../src/report/timeline.ts';
import { ratio } from '../src/report/units.ts';
import type { ApproachName } from '../src/running/registry.ts';
import { measured } from './measured.ts';
import { byFigures, play } from './stage.ts';

const COST_MS = 5;
const ORDERS = 24;
// More threads than cores would only take turns. Two are the least that can show anything.
const THREADS = Math.max(2, Math.min(4, availableParallelism()));

interface Ingredients {
  readonly gather?: ApproachName;
  readonly threaded?: ApproachName;
  readonly measure?: typeof measured;
}

/** A ratio of two times in words. Less than a tenth of difference is no difference in a single run. */
function comparedWith(speedup: number): string {
  if (speedup > 1.1) return `${ratio(speedup)} as fast`;
  return speedup < 0.9 ? `takes ${ratio(1 / speedup)} as long` : 'as fast';
}

export async function run(ingredients: Ingredients = {}): Promise<void> {
  const { gather = 'promise-all', threaded = 'worker-threads', measure = measured } = ingredients;
  // Pricing an order takes 5 ms of pure computing. Every approach does the same 24 orders, in
  // processes of their own.
  const { row, comparison } = await measure({
    job: 'price-order',
    approaches: ['sequential', gather, 'bounded-pool', threaded],
    requests: ORDERS,
    concurrency: 10,
    threads: THREADS,
    costMs: COST_MS,
  });
  const speedupOf = (name: ApproachName) => row(name).speedup ?? 0;
  // The same orders split over separate processes, in the same run. This is the most that this
  // machine could give.
  const possible = comparison.machineSpeedup ?? 1;

  console.log(`${'approach'.padEnd(20)}  orders at once  compared with one by one`);
  const print = (name: string, atOnce: number, words: string) =>
    console.log(`${name.padEnd(20)}  ${String(atOnce).padStart(14)}  ${words}`);
  print('sequential', row('sequential').peakInFlight, '(the measure)');
  for (const name of ['bounded-pool', gather, threaded] as const)
    print(name, row(name).peakInFlight, comparedWith(speedupOf(name)));
  print('separate processes', THREADS, comparedWith(possible));

  // A picture of the first four orders: each line is an order, time goes to the right.
  for (const name of [gather, threaded] as const) {
    const picture = timeline(row(name).spans.slice(0, 4), { width: 60, rows: 4, paint: plain });
    console.log(`\n${name}\n${picture.join('\n')}`);
  }

  // How many orders were computed at once is a count, the same on every machine.
  for (const name of [gather, 'bounded-pool'] as const)
    assert.equal(row(name).peakInFlight, 1, `orders that ${name} computes at once`);
  assert.equal(row(threaded).peakInFlight, THREADS, `orders that ${threaded} computes at once`);
  byFigures(() => {
    for (const name of [gather, 'bounded-pool'] as const) {
      const words = comparedWith(speedupOf(name));
      assert.ok(speedupOf(name) < 1.25, `${name} gains nothing, here: ${words}`);
    }
    // Half of what processes gain, at least. On a single core nobody gains anything, and nothing is
    // asked of threads.
    const words = `${threaded}: ${comparedWith(speedupOf(threaded))}; processes: ${comparedWith(possible)}`;
    assert.ok(
      speedupOf(threaded) - 1 > (possible - 1) / 2 - 0.1,
      `threads gain like processes, here ${words}`,
    );
  });
}

if (import.meta.main) await play(run, { clock: 'real', measures: true });

// Output:
//
// approach              orders at once  compared with one by one
// sequential                         1  (the measure)
// bounded-pool                       1  as fast
// promise-all                        1  as fast
// worker-threads                     2  1.80× as fast
// separate processes                 2  1.97× as fast
//
// promise-all
// #1 █████████████
// #2 ·············████████████████
// #3 ·····························███████████████
// #4 ············································█████████████
//
// worker-threads
// #1 AAAAAAAAAAAAAAAAAAAAAAAAAAA
// #2 ·BBBBBBBBBBBBBBBBBBBBBBBBBBB
// #3 ·····························AAAAAAAAAAAAAAAAAAAAAAAAAAAA
// #4 ·····························BBBBBBBBBBBBBBBBBBBBBBBBBB
//
// Notice the staircase in the first picture: each order begins when the one before it ends,
// although all were started together. A task without an `await` runs to its end as soon as it is
// called. In the second picture the letters are the threads. Their blocks stand above each other,
// so two orders were computed at the same moment.
//
// While an order is computed, the thread can do nothing else: timers come late, and requests wait
// for their answer. The time by which they are late is called the event loop lag.
//
// Question: what do threads gain on orders of a hundredth of a millisecond? Change `COST_MS = 5` in
// line 22.
