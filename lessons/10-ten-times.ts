// The article measured 1,000 requests: 120 seconds one by one, 12 seconds asynchronously, and it says that async code
// is "nearly 10 times faster". Ten is no property of async code. It is the number of requests that were in flight.
//
// Claim: with ten in flight it is about ten times faster than one by one. That goes on until work, which does not
// overlap, takes longer than the waits: with a thousand in flight it is not even 500 times.
import assert from 'node:assert/strict';
import type { ApproachName } from '../src/running/registry.ts';
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

/** How many requests were open at once, on average: waiting for the kitchen, or for a CPU that is busy with others. */
function openOf({ spans }: Row): number {
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
    open: openOf(row),
  }));
  const [oneByOne, ten, , thousand] = rows as [(typeof rows)[0], (typeof rows)[0], unknown, (typeof rows)[0]];
  const times = ({ perRequestMs }: typeof oneByOne) => oneByOne.perRequestMs / perRequestMs;

  const right = (title: string) => ({ title, align: 'right' as const });
  const titles = ['in flight', 'per request', 'its CPU', 'loop busy', 'open', ''];
  const cells = rows.map((row) => [
    row.inFlight.toLocaleString('en'),
    duration(row.perRequestMs, 2),
    duration(row.cpuMs, 2),
    percent(row.busy),
    ratio(row.open),
    `${ratio(times(row))} faster`,
  ]);
  console.log(table(titles.map(right), cells, plain).join('\n'));
  console.log('\nTimes faster, of what the number in flight promises:');
  for (const row of rows) {
    const label = row.inFlight.toLocaleString('en').padStart(9);
    console.log(`${label}  ${bar(times(row) / row.inFlight, 30)} ${percent(times(row) / row.inFlight)}`);
  }

  // Waits overlap on any machine. What that gains is less on one that is busy with other things: wide margins.
  assert.ok(ten.open > 5, `ten in flight are open at once, not ${ratio(ten.open)}`);
  assert.ok(times(ten) > 1.5 && times(ten) < 20, `ten in flight: about ten times, not ${ratio(times(ten))}`);
  assert.ok(times(thousand) < 500, `a thousand in flight: not even 500 times, but ${ratio(times(thousand))}`);
}

if (import.meta.main) await play(run, { clock: 'real' });

// Output:
//
// in flight  per request  its CPU  loop busy   open
//         1        52 ms   2.3 ms        3 %  1.00×  1.00× faster
//        10       5.5 ms   578 µs        8 %  9.89×  9.54× faster
//        40       1.6 ms   476 µs       16 %  37.2×  32.3× faster
//     1,000       275 µs   227 µs       63 %   707×   191× faster
//
// Times faster, of what the number in flight promises:
//         1  ██████████████████████████████ 100 %
//        10  ████████████████████████████▋ 95 %
//        40  ████████████████████████▎ 81 %
//     1,000  █████▊ 19 %
//
// Notice "open" beside "faster": hundreds of requests are open at once, but mostly they queue for a CPU and do not wait
// for the kitchen. What a request costs beside its wait does not overlap, and where that is the larger part the ratio
// stops growing. (CPU per request falls down the table because fixed work is shared by more requests.) And "120
// seconds" needed no measuring: 1,000 requests of 120 ms, one after the other.
//
// Question: the article's 12 seconds are 1,000 requests of 120 ms with ten in flight. How many seconds with twenty, and
// how many times faster than one by one? Change `IN_FLIGHT = 10` in line 16.
