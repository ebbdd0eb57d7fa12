// The article measured 1,000 requests: 120 seconds one by one, 12 seconds asynchronously, and it says that async code
// is "nearly 10 times faster". Ten is no property of async code. It is the number of requests that were in flight.
//
// Claim: with ten in flight it is about ten times faster than one by one. That goes on until a CPU has no time left,
// the client's or the API's: with a thousand in flight it is not even 500 times.
import assert from 'node:assert/strict';
import type { ApproachName } from '../src/approaches/registry.ts';
import { plain } from '../src/report/paint.ts';
import { bar, table } from '../src/report/table.ts';
import { duration, percent, ratio } from '../src/report/units.ts';
import { measured } from './measured.ts';
import { play } from './stage.ts';

const REQUESTS = 60;
const IN_FLIGHT = 10;
const MOST = 1000;
const LATENCY_MS = 20;

export async function run({ pooled = 'bounded-pool' }: { pooled?: ApproachName } = {}): Promise<void> {
  // Two comparisons, because a thousand requests one by one would take the article's two minutes. Each approach runs
  // in a process of its own, and so does the API: nobody's work is on another's bill.
  const job = 'fetch-order';
  const few = await measured({
    job,
    approaches: ['sequential', pooled, 'promise-all'],
    requests: REQUESTS,
    concurrency: IN_FLIGHT,
    latencyMs: LATENCY_MS,
  });
  const many = await measured({ job, approaches: ['promise-all'], requests: MOST, latencyMs: LATENCY_MS });

  // Per request, or runs of 60 and of 1,000 could not be compared.
  const rows = [
    { inFlight: 1, row: few.row('sequential'), requests: REQUESTS },
    { inFlight: IN_FLIGHT, row: few.row(pooled), requests: REQUESTS },
    { inFlight: REQUESTS, row: few.row('promise-all'), requests: REQUESTS },
    { inFlight: MOST, row: many.row('promise-all'), requests: MOST },
  ].map(({ inFlight, row, requests }) => ({
    inFlight,
    perRequestMs: row.timeMs.median / requests,
    cpuMs: row.cpuMs / requests,
    busy: row.loopUtilization,
  }));
  const [oneByOne, ten, , thousand] = rows as [(typeof rows)[0], (typeof rows)[0], unknown, (typeof rows)[0]];
  const times = ({ perRequestMs }: typeof oneByOne) => oneByOne.perRequestMs / perRequestMs;

  const right = (title: string) => ({ title, align: 'right' as const });
  const header = [right('in flight'), right('per request'), right('its CPU'), right('loop busy'), right('')];
  const cells = rows.map((row) => [
    row.inFlight.toLocaleString('en'),
    duration(row.perRequestMs, 2),
    duration(row.cpuMs, 2),
    percent(row.busy),
    `${ratio(times(row))} faster`,
  ]);
  console.log(table(header, cells, plain).join('\n'));
  console.log('\nTimes faster, of what the number in flight promises:');
  for (const row of rows) {
    const label = row.inFlight.toLocaleString('en').padStart(9);
    console.log(`${label}  ${bar(times(row) / row.inFlight, 30)} ${percent(times(row) / row.inFlight)}`);
  }

  // The margins are wide: the machine may be busy with other things.
  assert.ok(times(ten) > 5 && times(ten) < 20, `ten in flight: about ten times, not ${ratio(times(ten))}`);
  assert.ok(times(thousand) < 500, `a thousand in flight: not even 500 times, but ${ratio(times(thousand))}`);
  assert.ok(oneByOne.busy < 0.5, 'one by one, the thread has little to do but wait');
}

if (import.meta.main) await play(run, { clock: 'real' });

// Output:
//
// in flight  per request  its CPU  loop busy
//         1        23 ms   942 µs        4 %  1.00× faster
//        10       2.9 ms   481 µs       19 %  7.88× faster
//        60       787 µs   261 µs       44 %  29.1× faster
//     1,000       558 µs   216 µs       54 %  41.0× faster
//
// Times faster, of what the number in flight promises:
//         1  ██████████████████████████████ 100 %
//        10  ███████████████████████▋ 79 %
//        60  ██████████████▌ 48 %
//     1,000  █▎ 4 %
//
// Notice the column "its CPU": a request in flight costs a tenth of a millisecond or two of the client, and as much of
// the API. Waits overlap without limit, work does not, and where it becomes the larger part the ratio stops growing.
// Notice too what "120 seconds" was: 1,000 requests of 120 ms, one after the other. No measuring needed.
//
// Question: the article's 12 seconds are 1,000 requests of 120 ms with ten in flight. How many times
// faster are they with thirty? Change `IN_FLIGHT = 10` in line 15.
