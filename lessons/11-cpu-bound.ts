// Nobody waits for the kitchen when the waiter himself has to add up the bill. Async code overlaps waits; in work that
// waits for nothing there is nothing to overlap. The article says so of Python and its GIL, the lock that lets only one
// thread run Python at a time, and it is as true here: one thread runs JavaScript, and `await` hires nobody.
//
// Claim: Promise.all and a pool compute one order at a time, and take as long as all the work does in one thread.
// Threads compute several at once, one on each core.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import type { ApproachName } from '../src/running/registry.ts';
import { plain } from '../src/report/paint.ts';
import { ratio } from '../src/report/units.ts';
import { timeline } from '../src/report/timeline.ts';
import { measured } from './measured.ts';
import { play } from './stage.ts';

const COST_MS = 5;
const ORDERS = 24;
/** More threads than cores would share what there is; two on a single core take turns and gain nothing. */
const THREADS = Math.max(2, Math.min(4, availableParallelism()));

interface Ingredients {
  readonly gather?: ApproachName;
  readonly threaded?: ApproachName;
}

export async function run(ingredients: Ingredients = {}): Promise<void> {
  const { gather = 'promise-all', threaded = 'worker-threads' } = ingredients;
  const { row, comparison } = await measured({
    job: 'price-order',
    approaches: ['sequential', gather, 'bounded-pool', threaded],
    requests: ORDERS,
    concurrency: 10,
    threads: THREADS,
    costMs: COST_MS,
  });

  for (const name of ['sequential', 'bounded-pool', gather, threaded] as const) {
    const { spans, speedup, peakInFlight } = row(name);
    const atOnce = peakInFlight === 1 ? 'one at a time' : 'several at once';
    console.log(`${name}: ${atOnce}, ${ratio(speedup ?? 0)}`);
    if (name !== gather && name !== threaded) continue;
    console.log(`${timeline(spans.slice(0, 4), { width: 60, rows: 4, paint: plain }).join('\n')}\n`);
  }
  // The same orders, split over separate processes: what this machine could give at best, in this very minute.
  const possible = comparison.machineSpeedup ?? 1;
  console.log(`Separate processes, one for each thread: ${ratio(possible)}`);

  for (const name of [gather, 'bounded-pool'] as const) {
    const { peakInFlight, timeMs, cpuMs } = row(name);
    assert.equal(peakInFlight, 1, `${name} computes one order at a time`);
    // Against its own CPU time, which is the same however busy the machine is with other things.
    assert.ok(timeMs.median > 0.6 * cpuMs, `${name} takes the time of all the work`);
  }
  assert.equal(row(threaded).peakInFlight, THREADS, 'every thread computes');
}

if (import.meta.main) await play(run, { clock: 'real' });

// Output:
//
// sequential: one at a time, 1.00×
// bounded-pool: one at a time, 1.01×
// promise-all: one at a time, 1.00×
// #1 ███████████████
// #2 ···············██████████████
// #3 ·····························██████████████
// #4 ···········································██████████████
//
// worker-threads: several at once, 1.63×
// #1 AAAAAAAAAAAAAAAAAAA
// #2 ·BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
// #3 ·························AAAAAAAAAAAAAAAAAAAAA
// #4 ···································BBBBBBBBBBBBBBBBBBBBBB
//
// Separate processes, one for each thread: 1.98×
//
// Notice the staircases: each order starts when the one before it ends, however it was started. A task without an
// await runs to its end as soon as it is called. In the last picture the letters are threads, and their bars stand
// below each other: different orders at the same moment.
//
// Question: what do threads gain on orders of a hundredth of a millisecond? Change `COST_MS = 5` in line 16.
