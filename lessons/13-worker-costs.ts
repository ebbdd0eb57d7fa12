// Another waiter must be hired, and each order must be handed over to him. A thread costs at its start, and each
// message costs a trip there and back, more if it carries much.
//
// Claim: a message costs as much as a small task, so tasks of microseconds are slower in a thread, one by one, than
// here, and tasks of milliseconds do not notice the trip; sent in one batch, small tasks do not either. Starting a
// thread costs as much as hundreds of messages. Large data is slow when cloned and quick when transferred or shared.
import assert from 'node:assert/strict';
import { Piscina } from 'piscina';
import { calibrate, priceOf } from '../src/jobs/price-order.ts';
import { duration, ratio } from '../src/report/units.ts';
import { bar } from '../src/report/table.ts';
import { timesOf } from './measured.ts';
import { play } from './stage.ts';
import type { Parcel } from './worker-costs/thread.ts';

const COSTS_MS = [0.001, 0.01, 0.1, 1, 10];
const BYTES = 16 * 2 ** 20;

export async function run({
  costsMs = COSTS_MS,
  transfer = (data: ArrayBuffer) => [data],
  batch = (ids: number[]) => [ids],
} = {}): Promise<void> {
  const start = performance.now();
  const filename = import.meta.resolve('./worker-costs/thread.ts');
  await using pool = new Piscina<Parcel, number>({ filename, maxThreads: 1, minThreads: 1 });
  await pool.run({});
  const startMs = performance.now() - start;
  const send = (parcels: Parcel[]) => Promise.all(parcels.map((parcel) => pool.run(parcel)));
  let id = 0;
  const tasksOf = (rounds: number) => ({
    here: () => priceOf(++id, rounds),
    there: () => pool.run({ ids: [++id], rounds }),
  });
  // A trap: V8 compiles for good what ran some thousand times, for the values it saw, and a thread compiles for itself.
  // Compared sooner, or after always the same order, one side is five times slower at the same work.
  await timesOf(5000, tasksOf(200));
  const perMs = calibrate(1);
  const { trip: tripMs } = await timesOf(300, { trip: () => pool.run({}) });
  console.log(
    `a thread starts in ${duration(startMs, 2)}, a message takes ${duration(tripMs, 2)} there and back\n`,
  );

  console.log('one task per message, how many times as long as here (full bar: no longer):');
  const slower: number[] = [];
  for (const costMs of costsMs) {
    const { here, there } = await timesOf(25, tasksOf(Math.round(costMs * perMs)));
    slower.push(there / here);
    console.log(`task of ${String(costMs).padStart(5)} ms  ${bar(here / there, 30)} ${ratio(there / here)}`);
  }

  const ids = Array.from({ length: 1000 }, (_, id) => id + 1);
  const { oneByOne, together } = await timesOf(5, {
    oneByOne: () => send(ids.map((id) => ({ ids: [id], rounds: 1 }))),
    together: () => send(batch(ids).map((ids) => ({ ids, rounds: 1 }))),
  });
  console.log(
    `\n1000 messages: ${duration(oneByOne, 2)}, one message of 1000 tasks: ${duration(together, 2)}\n`,
  );

  const [data, shared] = [new ArrayBuffer(BYTES), new SharedArrayBuffer(BYTES)];
  // A transferred buffer is gone from here, so each run needs one of its own.
  const spare = Array.from({ length: 9 }, () => new Uint8Array(BYTES).fill(1).buffer);
  const parcels = await timesOf(9, {
    cloned: () => pool.run({ data }),
    // "as never": piscina's type has taken the wrong one of two signatures of postMessage.
    moved: () => pool.run({ data: spare[0]! }, { transferList: transfer(spare.shift()!) as never }),
    shared: () => pool.run({ data: shared }),
  });
  for (const [how, ms] of Object.entries(parcels)) {
    const size = `${(BYTES / 2 ** 10).toLocaleString('en')} KiB`;
    console.log(`${size} ${how.padEnd(7)} ${bar(ms / parcels.cloned, 30)} ${duration(ms, 2)}`);
  }

  assert.ok(startMs > 100 * tripMs, 'a start costs as much as hundreds of messages');
  assert.ok(slower[0]! > 2, 'a task of a microsecond is not worth a message');
  assert.ok(slower[0]! > slower[1]! && slower[1]! > slower[2]!, 'the more work, the less the trip weighs');
  assert.ok(slower[0]! > 2 * slower.at(-1)!, 'a task of ten milliseconds does not notice the trip');
  assert.ok(oneByOne > 3 * together, 'a batch pays for one message');
  const { cloned, moved } = parcels;
  assert.ok(
    cloned > 3 * moved && cloned > 3 * parcels.shared,
    'to clone is to copy; to transfer or share is not',
  );
}

if (import.meta.main) await play(run, { clock: 'real' });

// Output:
//
// a thread starts in 41 ms, a message takes 59 µs there and back
//
// one task per message, how many times as long as here (full bar: no longer):
// task of 0.001 ms  █▍ 21.5×
// task of  0.01 ms  ████ 7.48×
// task of   0.1 ms  ███████████████▉ 1.89×
// task of     1 ms  ██████████████████████████▉ 1.11×
// task of    10 ms  █████████████████████████████▏ 1.03×
//
// 1000 messages: 69 ms, one message of 1000 tasks: 1.0 ms
//
// 16,384 KiB cloned  ██████████████████████████████ 22 ms
// 16,384 KiB moved   ▎ 222 µs
// 16,384 KiB shared  ▏ 107 µs
//
// Notice where the bars grow long: from about a millisecond of work the trip is small change. The measure of a thread
// is not how many tasks there are, but how much work each message carries. And transfer before you share: memory that
// two threads write needs Atomics.
//
// Question: how small a parcel is cloned as quickly as it is shared? Change `BYTES = 16 * 2 ** 20` in line 17.
