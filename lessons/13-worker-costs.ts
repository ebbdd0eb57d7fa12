// A second waiter has to be hired, and each order has to be carried over. For threads that means:
// to start one takes time, and so does each message to it and back (a round trip). A message is
// copied on its way, so large ones take longer.
//
// Whether a thread pays depends on one comparison: how long is the work in a message, and how long
// is its trip?
//
// Claim: a task of a microsecond (a millionth of a second) takes longer in a thread, because of the
// trip. For a task of ten milliseconds the trip does not matter. A thousand small tasks in one
// message pay for one trip. To start a thread takes as long as a hundred trips or more. Large data
// is slow to copy and quick to hand over (transfer) or to share.
import assert from 'node:assert/strict';
import { Piscina } from 'piscina';
import { calibrate, priceOf } from '../src/jobs/price-order.ts';
import { plain } from '../src/report/paint.ts';
import { bar, table } from '../src/report/table.ts';
import { duration, percent, ratio } from '../src/report/units.ts';
import { timesOf } from './measured.ts';
import { byFigures, play } from './stage.ts';
import type { Parcel } from './worker-costs/thread.ts';

// Tasks from a thousandth of a millisecond to ten milliseconds, and a parcel of 16 MiB.
const COSTS_MS = [0.001, 0.01, 0.1, 1, 10];
const BYTES = 16 * 2 ** 20;

export async function run({
  costsMs = COSTS_MS,
  bytes = BYTES,
  transfer = (data: ArrayBuffer) => [data],
  batch = (ids: number[]) => [ids],
  times = timesOf,
} = {}): Promise<void> {
  // A pool of one thread. Its first answer tells how long it took to start. Starting includes
  // loading the module that the thread will run, which is why that module is a small file of its
  // own.
  const start = performance.now();
  const filename = import.meta.resolve('./worker-costs/thread.ts');
  await using pool = new Piscina<Parcel, number>({ filename, maxThreads: 1, minThreads: 1 });
  await pool.run({});
  const startMs = performance.now() - start;

  // The same task, here and in the thread. `times` runs both in turns, many times, and gives the
  // median (the value in the middle) of each, so that one slow moment of the machine does not
  // count.
  let id = 0;
  const tasksOf = (rounds: number) => ({
    here: () => priceOf(++id, rounds),
    there: () => pool.run({ ids: [++id], rounds }),
  });
  // V8 compiles a function well only after it has run some thousand times, and each thread compiles
  // for itself. Measured sooner, one side can be five times slower at the same work. So we warm up
  // both.
  await times(5000, tasksOf(200));
  const roundsPerMs = calibrate(1);
  const { trip: tripMs } = await times(300, { trip: () => pool.run({}) });
  console.log(
    `to start a thread: ${duration(startMs, 2)}; one trip there and back: ${duration(tripMs, 2)}\n`,
  );

  // `here` is the work alone. `there` is the same work and a trip. The difference is what the trip
  // costs. So how much of the time in the thread is the trip? What is left over is the task itself.
  const lines: Array<{ costMs: number; here: number; there: number; tripShare: number }> = [];
  for (const costMs of costsMs) {
    const { here, there } = await times(25, tasksOf(Math.round(costMs * roundsPerMs)));
    lines.push({ costMs, here, there, tripShare: Math.max(0, 1 - here / there) });
  }
  const titles = ['a task takes here', 'in a thread', 'of that, the trip'];
  const cells = lines.map(({ here, there, tripShare }) => [
    duration(here, 2),
    duration(there, 2),
    `${bar(tripShare, 30)} ${percent(tripShare)}`,
  ]);
  const columns = titles.map((title, index) => ({
    title,
    align: index < 2 ? ('right' as const) : ('left' as const),
  }));
  console.log(table(columns, cells, plain).join('\n'));

  // A batch: the ids of many orders in one message. The work is the same in both cases, a thousand
  // tasks of a few microseconds. Only the number of trips differs.
  const ids = Array.from({ length: 1000 }, (_, index) => index + 1);
  // All messages are sent at once. The thread works them off one after the other.
  const send = (parcels: Parcel[]) => Promise.all(parcels.map((parcel) => pool.run(parcel)));
  const { oneByOne, together } = await times(5, {
    oneByOne: () => send(ids.map((each) => ({ ids: [each], rounds: 1 }))),
    together: () => send(batch(ids).map((part) => ({ ids: part, rounds: 1 }))),
  });
  console.log(`\n1,000 small tasks in 1,000 messages: ${duration(oneByOne, 2)}`);
  console.log(`1,000 small tasks in one message:    ${duration(together, 2)}\n`);

  // Three ways to give the thread 16 MiB. Copied, both sides have the data. Transferred, it changes
  // hands and only the thread has it. Shared, there is one piece of memory that both can see. A
  // buffer that was transferred is gone from here, so each run has its own.
  const data = new ArrayBuffer(bytes);
  const shared = new SharedArrayBuffer(bytes);
  const spare = Array.from({ length: 9 }, () => new Uint8Array(bytes).fill(1).buffer);
  const parcels = await times(9, {
    copied: () => pool.run({ data }),
    // "as never": piscina's type was made from the wrong one of postMessage's two signatures.
    transferred: () => pool.run({ data: spare[0]! }, { transferList: transfer(spare.shift()!) as never }),
    shared: () => pool.run({ data: shared }),
  });
  console.log(`${(bytes / 2 ** 10).toLocaleString('en')} KiB to the thread and an answer back`);
  for (const [how, ms] of Object.entries(parcels))
    console.log(`  ${how.padEnd(11)} ${bar(ms / parcels.copied, 30)} ${duration(ms, 2)}`);

  // All of this rests on times, so a busy machine decides nothing. The margins are wide, because
  // machines differ.
  byFigures(() => {
    const smallest = lines[0]!;
    const largest = lines.at(-1)!;
    const starts = ratio(startMs / tripMs);
    assert.ok(
      startMs > 100 * tripMs,
      `a start takes as long as a hundred trips or more, here ${starts} a trip`,
    );
    const slower = ratio(smallest.there / smallest.here);
    assert.ok(
      smallest.tripShare > 0.5,
      `the smallest task is mostly trip in a thread, here ${slower} as long`,
    );
    const shares = lines.slice(0, 3).map(({ tripShare }) => percent(tripShare));
    const [first, second, third] = lines.map(({ tripShare }) => tripShare) as [number, number, number];
    assert.ok(
      first > second && second > third,
      `more work, less share of the trip, here ${shares.join(', ')}`,
    );
    const share = percent(largest.tripShare);
    assert.ok(largest.tripShare < 0.25, `the trip does not matter for the largest task, here ${share}`);
    const batches = `${duration(together, 2)} after ${duration(oneByOne, 2)}`;
    assert.ok(oneByOne > 3 * together, `a batch pays for one message only, here ${batches}`);
    // To copy 16 MiB is work for the processor. To hand it over, or to share it, is a note about
    // where it is.
    const { copied, transferred } = parcels;
    const ways = `${duration(copied, 2)}, ${duration(transferred, 2)}, ${duration(parcels.shared, 2)}`;
    const isQuick = copied > 3 * transferred && copied > 3 * parcels.shared;
    assert.ok(isQuick, `to copy is slow, to transfer or share is quick, here ${ways}`);
  });
}

if (import.meta.main) await play(run, { clock: 'real', measures: true });

// Output:
//
// to start a thread: 36 ms; one trip there and back: 70 µs
//
// a task takes here  in a thread  of that, the trip
//            3.3 µs        76 µs  ████████████████████████████▊ 96 %
//             12 µs        85 µs  █████████████████████████▊ 86 %
//            102 µs       177 µs  ████████████▋ 42 %
//            1.0 ms       1.1 ms  ██▌ 8 %
//             10 ms        10 ms  ▌ 2 %
//
// 1,000 small tasks in 1,000 messages: 72 ms
// 1,000 small tasks in one message:    958 µs
//
// 16,384 KiB to the thread and an answer back
//   copied      ██████████████████████████████ 21 ms
//   transferred ▎ 197 µs
//   shared      ▏ 83 µs
//
// Notice how the bars of the trip get short. From about a millisecond of work in a message, the
// trip hardly matters. So do not ask how many tasks you have. Ask how much work each message
// carries, and batch what is small.
//
// Transfer data rather than share it. Memory that two threads write to needs Atomics, or it has race
// conditions (what you read depends on who was first).
//
// Question: how small must the data be so that a copy is as quick as sharing? Change
// `BYTES = 16 * 2 ** 20` in line 24.
