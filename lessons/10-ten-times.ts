// The article measured 1,000 requests: 120 seconds one by one, 12 seconds asynchronously, and it says that async code
// is "nearly 10 times faster". Ten is no property of async code. It is the number of requests that were in flight.
//
// Claim: with ten in flight it is about ten times faster than one by one. That goes on until a CPU has no time left,
// the client's or the API's: with a thousand in flight it is not even 500 times.
import assert from 'node:assert/strict';
import type { ApproachName } from '../src/approaches/registry.ts';
import type { Row } from '../src/measure/comparison.ts';
import { plain } from '../src/report/paint.ts';
import { bar, table } from '../src/report/table.ts';
import { duration, percent, ratio } from '../src/report/units.ts';
import { measured } from './measured.ts';
import { play } from './stage.ts';

const REQUESTS = 40;
const IN_FLIGHT = 10;
const MOST = 1000;
const LATENCY_MS = 50;

/** How much waiting went on at once, on average: all waits together, over the time from the first to the last. */
function overlapOf({ spans }: Row): number {
  const together = spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const first = Math.min(...spans.map(({ startMs }) => startMs));
  return together / (Math.max(...spans.map(({ endMs }) => endMs)) - first);
}

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

  // Per request, or runs of 40 and of 1,000 could not be compared.
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
    overlap: overlapOf(row),
  }));
  const [oneByOne, ten, , thousand] = rows as [(typeof rows)[0], (typeof rows)[0], unknown, (typeof rows)[0]];
  const times = ({ perRequestMs }: typeof oneByOne) => oneByOne.perRequestMs / perRequestMs;

  const right = (title: string) => ({ title, align: 'right' as const });
  const titles = ['in flight', 'per request', 'its CPU', 'loop busy', 'overlap', ''];
  const cells = rows.map((row) => [
    row.inFlight.toLocaleString('en'),
    duration(row.perRequestMs, 2),
    duration(row.cpuMs, 2),
    percent(row.busy),
    ratio(row.overlap),
    `${ratio(times(row))} faster`,
  ]);
  console.log(table(titles.map(right), cells, plain).join('\n'));
  console.log('\nTimes faster, of what the number in flight promises:');
  for (const row of rows) {
    const label = row.inFlight.toLocaleString('en').padStart(9);
    console.log(`${label}  ${bar(times(row) / row.inFlight, 30)} ${percent(times(row) / row.inFlight)}`);
  }

  // Waits overlap on any machine. What that gains is less on one that is busy with other things: wide margins.
  assert.ok(ten.overlap > 5, `ten in flight overlap, not ${ratio(ten.overlap)}`);
  assert.ok(times(ten) > 1.5 && times(ten) < 20, `ten in flight: about ten times, not ${ratio(times(ten))}`);
  assert.ok(times(thousand) < 500, `a thousand in flight: not even 500 times, but ${ratio(times(thousand))}`);
}

if (import.meta.main) await play(run, { clock: 'real' });

// Output:
//
// in flight  per request  its CPU  loop busy  overlap
//         1        53 ms   1.3 ms        2 %    1.00×  1.00× faster
//        10       5.7 ms   576 µs       10 %    9.79×  9.34× faster
//        40       1.7 ms   384 µs       20 %    37.3×  31.7× faster
//     1,000       885 µs   198 µs       58 %     690×  59.8× faster
//
// Times faster, of what the number in flight promises:
//         1  ██████████████████████████████ 100 %
//        10  ████████████████████████████ 93 %
//        40  ███████████████████████▊ 79 %
//     1,000  █▊ 6 %
//
// Notice "overlap" beside "faster": a thousand waits do overlap, but each request also costs a tenth of a millisecond or
// two of the client's CPU, and as much of the API's. Work does not overlap, and where it is the larger part the ratio
// stops growing. And "120 seconds" needed no measuring: 1,000 requests of 120 ms, one after the other.
//
// Question: the article's 12 seconds are 1,000 requests of 120 ms with ten in flight. How many times
// faster are they with thirty? Change `IN_FLIGHT = 10` in line 16.
