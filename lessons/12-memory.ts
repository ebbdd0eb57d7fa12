// Waiting costs memory: something must remember what to do when the answer comes. A request that
// waits needs some tens of kilobytes, nearly all for its connection. A thread that waits needs
// megabytes, because each thread has a whole JavaScript engine of its own. (1 MiB, a mebibyte, is
// 1,024 KiB, about a million bytes.)
//
// The article says that async code takes "about 40 % less memory than multi-threading". But how
// much one saves depends on how many requests wait at once. So we do not measure a number here, we
// measure a curve.
//
// Claim: the memory of a pool hardly grows with the requests in flight, that of threads grows by
// megabytes for each one. So the saving can be small or large: 40 % is one point on the curve. And
// a thousand requests that wait cost less than sixteen threads.
import assert from 'node:assert/strict';
import { bar } from '../src/report/table.ts';
import { mebibytes, percent } from '../src/report/units.ts';
import type { ApproachName } from '../src/running/registry.ts';
import { knownMemory, measured } from './measured.ts';
import { byFigures, play } from './stage.ts';

// The points of the curve, in requests that wait at the same time.
const CURVE = [1, 4, 16];
const MOST = 1000;
const COLUMNS = 30;

interface Ingredients {
  readonly threaded?: ApproachName;
  readonly crowd?: ApproachName;
  readonly measure?: typeof measured;
}

export async function run(ingredients: Ingredients = {}): Promise<void> {
  const { threaded = 'worker-threads', crowd = 'promise-all', measure = measured } = ingredients;
  const job = 'fetch-order';
  // One point of the curve: the same requests by a pool, then by as many threads as the pool has in
  // flight.
  const comparing = CURVE.map(async (inFlight) => {
    const { row } = await measure({
      job,
      approaches: ['bounded-pool', threaded],
      requests: 4 * inFlight,
      concurrency: inFlight,
      threads: inFlight,
    });
    // The operating system keeps a mark: the most memory that the process ever had. It counts
    // everything, also what every Node program needs before it does anything.
    const pool = knownMemory(row('bounded-pool')).peakMiB;
    const threads = knownMemory(row(threaded)).peakMiB;
    return { inFlight, pool, threads, saving: 1 - pool / threads };
  });
  // All of them at the same time. That makes them slower, but we do not look at times here.
  const crowding = measure({ job, approaches: [crowd], requests: MOST, threads: 16 });
  const [many, ...points] = await Promise.all([crowding, ...comparing]);
  const crowded = knownMemory(many.row(crowd));

  // All bars have one scale, on which sixteen threads are the full width.
  const few = points[0]!;
  const last = points.at(-1)!;
  const draw = (label: string, value: number) =>
    console.log(`  ${label.padEnd(11)} ${bar(value / last.threads, COLUMNS)} ${mebibytes(value)}`);
  for (const { inFlight, pool, threads, saving } of points) {
    console.log(`${inFlight} in flight: the pool takes ${percent(saving)} less`);
    draw('pool', pool);
    draw(inFlight === 1 ? '1 thread' : `${inFlight} threads`, threads);
  }
  console.log(`${MOST.toLocaleString('en')} in flight, no threads`);
  draw('Promise.all', crowded.peakMiB);

  // What one more costs: the difference between two bars, divided by how many more there are.
  const perThread = (last.threads - few.threads) / (last.inFlight - few.inFlight);
  const perRequest = crowded.overBaselineMiB / MOST;
  console.log(`\none more thread costs  ${mebibytes(perThread)}`);
  console.log(`one more request costs ${Math.round(perRequest * 1024)} KiB or less`);

  byFigures(() => {
    assert.ok(last.threads > 2 * last.pool, 'sixteen threads take more than twice the memory of the pool');
    const growth = `from ${percent(few.saving)} to ${percent(last.saving)}`;
    assert.ok(last.saving > few.saving + 0.2, `the saving grows with the requests in flight, here ${growth}`);
    assert.ok(perThread > 20 * perRequest, 'a thread costs at least as much as twenty requests');
    const peak = mebibytes(crowded.peakMiB);
    assert.ok(crowded.peakMiB < last.threads, `a thousand requests cost less than 16 threads, here ${peak}`);
  });
}

if (import.meta.main) await play(run, { clock: 'real', measures: true });

// Output:
//
// 1 in flight: the pool takes 19 % less
//   pool        ██████▋ 87.4 MiB
//   1 thread    ████████ 107 MiB
// 4 in flight: the pool takes 46 % less
//   pool        ██████▋ 87.8 MiB
//   4 threads   ████████████▎ 163 MiB
// 16 in flight: the pool takes 78 % less
//   pool        ██████▋ 88.3 MiB
//   16 threads  ██████████████████████████████ 399 MiB
// 1,000 in flight, no threads
//   Promise.all ██████████▍ 137 MiB
//
// one more thread costs  19.5 MiB
// one more request costs 62 KiB or less
//
// Notice where the saving passes the article's 40 %: between one thread and four. Python's threads
// share one interpreter and cost less, so its curve is another one. ("Or less", because the peak
// also holds the answers that had arrived.)
//
// Question: between which two numbers in flight does the saving pass 40 %? Change
// `CURVE = [1, 4, 16]` in line 21.
