// The article measured 1,000 requests: 120 seconds one by one, 12 seconds asynchronously. It
// concludes that async code is "nearly 10 times faster". But ten is no property of async code. It
// is the number of requests that were on their way at the same time, which we call "in flight".
//
// If waits overlap completely, ten in flight are ten times as fast as one, and a thousand are a
// thousand times as fast. But a request is not only a wait. The thread must build it, send it, and
// read the answer. That is work, and one thread does one piece of work at a time. When the thread
// has no pause left, more requests in flight gain nothing.
//
// Claim: with ten in flight it is about ten times as fast as one by one. With a thousand in flight
// it is not even 500 times as fast, because the thread is busy for much of the time.
import assert from 'node:assert/strict';
import type { Row } from '../src/measure/comparison.ts';
import { plain } from '../src/report/paint.ts';
import { bar, table } from '../src/report/table.ts';
import { duration, percent, ratio } from '../src/report/units.ts';
import type { ApproachName } from '../src/running/registry.ts';
import { measured } from './measured.ts';
import { byFigures, play } from './stage.ts';

// One by one we send only forty requests: a thousand would take 50 seconds. The API answers each
// after 50 ms.
const REQUESTS = 40;
const IN_FLIGHT = 10;
const MOST = 1000;
const LATENCY_MS = 50;

interface Ingredients {
  readonly pooled?: ApproachName;
  readonly measure?: typeof measured;
}

export async function run({ pooled = 'bounded-pool', measure = measured }: Ingredients = {}): Promise<void> {
  // `measured` runs each approach in a process of its own, and the API in another one. So no
  // approach pays for the work of its neighbour. These are two comparisons, because a thousand
  // requests of 50 ms, one by one, would take 50 seconds.
  const few = await measure({
    job: 'fetch-order',
    approaches: ['sequential', pooled, 'promise-all'],
    requests: REQUESTS,
    concurrency: IN_FLIGHT,
    latencyMs: LATENCY_MS,
  });
  const many = await measure({
    job: 'fetch-order',
    approaches: ['promise-all'],
    requests: MOST,
    latencyMs: LATENCY_MS,
  });

  // A run of 40 requests and one of 1,000 cannot be compared by their length. So we divide by the
  // number of requests: one by one, a request is finished every 50 ms; ten in flight, every 5 ms.
  const line = (inFlight: number, requests: number, row: Row) => ({
    inFlight,
    everyMs: row.timeMs.median / requests,
    busy: row.loopUtilization,
    counted: row.peakInFlight,
  });
  const oneByOne = line(1, REQUESTS, few.row('sequential'));
  const ten = line(IN_FLIGHT, REQUESTS, few.row(pooled));
  const forty = line(REQUESTS, REQUESTS, few.row('promise-all'));
  const thousand = line(MOST, MOST, many.row('promise-all'));
  // How many times as fast as one by one: the measure, divided by what it is compared with.
  const asFast = ({ everyMs }: typeof ten) => oneByOne.everyMs / everyMs;

  // "Thread busy" is the share of the run in which the thread had something to do. Node measures it
  // as the utilization of the event loop. What is left of a run are pauses, in which all requests
  // wait for the kitchen.
  const lines = [oneByOne, ten, forty, thousand];
  const titles = ['in flight', 'one finished every', 'compared with one by one', 'thread busy'];
  const cells = lines.map((each) => [
    each.inFlight.toLocaleString('en'),
    duration(each.everyMs, 2),
    each === oneByOne ? '(the measure)' : `${ratio(asFast(each))} as fast`,
    percent(each.busy),
  ]);
  const columns = titles.map((title) => ({ title, align: 'right' as const }));
  console.log(table(columns, cells, plain).join('\n'));
  // Ten in flight promise ten times the speed. This shows how much of the promise is kept.
  console.log('\nThe gain, as a share of what the number in flight promises:');
  for (const each of lines) {
    const share = asFast(each) / each.inFlight;
    console.log(`${each.inFlight.toLocaleString('en').padStart(9)}  ${bar(share, 30)} ${percent(share)}`);
  }

  // The API counted what was in flight. A count is the same on every machine.
  assert.equal(ten.counted, IN_FLIGHT, 'requests in flight, as the API saw them');
  // Times are not the same anywhere. So the margins are wide, and on a busy machine `byFigures`
  // decides nothing.
  byFigures(() => {
    const gain = asFast(ten) / IN_FLIGHT;
    assert.ok(
      gain > 0.5 && gain < 1.5,
      `ten in flight are about ten times as fast, here ${ratio(asFast(ten))}`,
    );
    const most = asFast(thousand);
    const busy = percent(thousand.busy);
    assert.ok(
      thousand.busy > 0.4,
      `with a thousand in flight the thread is busy for much of the time, here ${busy}`,
    );
    assert.ok(most < 500, `a thousand in flight are not even 500 times as fast, here ${ratio(most)}`);
  });
}

if (import.meta.main) await play(run, { clock: 'real', measures: true });

// Output:
//
// in flight  one finished every  compared with one by one  thread busy
//         1               52 ms             (the measure)          3 %
//        10              5.4 ms             9.68× as fast          7 %
//        40              1.5 ms             34.3× as fast         14 %
//     1,000              209 µs              250× as fast         74 %
//
// The gain, as a share of what the number in flight promises:
//         1  ██████████████████████████████ 100 %
//        10  █████████████████████████████ 97 %
//        40  █████████████████████████▊ 86 %
//     1,000  ███████▌ 25 %
//
// Notice the last line of both tables. A thousand requests promise a gain of a thousand, and most
// of it is not there. The thread was busy for much of the time: requests queued for the thread, and
// no longer for the kitchen. With ten or forty in flight the thread has long pauses, so nearly the
// whole gain is there.
//
// Nobody had to measure the "120 seconds": 1,000 requests of 120 ms, one after the other, are 120
// seconds.
//
// Question: the article's 12 seconds are 1,000 requests of 120 ms with ten in flight. How many
// seconds is it with twenty, and how many times as fast as one by one? Change `IN_FLIGHT = 10` in
// line 24.
