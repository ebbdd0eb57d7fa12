// A kitchen with four stoves does not cook faster when a hundred orders arrive at once. It only
// gets crowded. A bounded pool keeps at most C jobs in flight (started, and not finished yet). It
// has C lanes, and each lane takes the next input as soon as its last job is done.
//
// To take no more than one can handle is called backpressure: the slow side sets the pace, and the
// input waits its turn.
//
// Claim: the API never sees more than C requests at once, and N orders that take L seconds each
// need N·L/C seconds (N/C rounded up). Waves, Promise.all over slices of C inputs, are bounded too.
// But where every fourth order is slow, as here, they take twice as long.
import assert from 'node:assert/strict';
import { setTimeout as cook } from 'node:timers/promises';
import { Counters } from '../src/api/counters.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session } from '../src/api/session.ts';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import type { Task } from '../src/approaches/task.ts';
import { Timeline } from './picture.ts';
import { play } from './stage.ts';

const IDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const CONCURRENCY = 4;
const SLOW_SECONDS = 4;

// The pool of this project: `boundedPool(inputs, task, { concurrency })`. Read it next; its first
// lines are all that you need to know by heart.
const pool = (ids: number[], task: Task<number, unknown>): Promise<unknown> =>
  boundedPool(ids, task, { concurrency: CONCURRENCY });

// The popular detour. Every wave waits for its slowest order, and the other lanes stand empty
// meanwhile. This is called head-of-line blocking: one slow item holds up those behind it.
async function waves(ids: number[], task: Task<number, unknown>): Promise<void> {
  for (let start = 0; start < ids.length; start += CONCURRENCY) {
    await Promise.all(ids.slice(start, start + CONCURRENCY).map((id) => task(id)));
  }
}

export async function run({ approach = pool } = {}): Promise<void> {
  const counters = new Counters();
  using _ = intercept({ conditions: { latencyMs: 1000, jitterMs: 0, seed: 1 }, counters });
  // The session would allow twelve connections. Only the pool holds the requests back.
  await using session = new Session({ origin: ORIGIN, connections: IDS.length });
  const even = new Timeline();
  await approach(IDS, (id) => even.during(String(id), () => session.getJson(`/orders/${id}`)));
  // The API counts what is in flight, not the pool: nobody should be the judge in their own case.
  const { peakInFlight } = counters.read();
  console.log(`Twelve orders of 1 s, pool: ${even.end} s, at most ${peakInFlight} in flight`);
  console.log('(each line is a lane; a number stands where its order starts)');
  console.log(`${even.lanes()}\n`);
  assert.equal(peakInFlight, CONCURRENCY, 'the most requests in flight');
  assert.equal(`${even.end} s`, `${(IDS.length * 1) / CONCURRENCY} s`, 'the pool takes N·L/C');

  // When all orders take the same time, waves would be as good as a pool: all lanes are free at the
  // same moment. In life they never take the same time.
  //
  // Now orders 1, 5 and 9 are roasts, which are slow. The rest still takes one second.
  async function uneven(way: typeof pool) {
    const timeline = new Timeline();
    const takes = (id: number) => (id % 4 === 1 ? SLOW_SECONDS : 1);
    await way(IDS, (id) => timeline.during(String(id), () => cook(takes(id) * 1000)));
    return timeline;
  }
  const pooled = await uneven(approach);
  const sliced = await uneven(waves);
  console.log(`Three of them are roasts of ${SLOW_SECONDS} s, pool: ${pooled.end} s`);
  console.log(`${pooled.lanes(sliced.end)}\n`);
  console.log(`The same in waves: ${sliced.end} s`);
  console.log(sliced.lanes());
  const ratio = sliced.end / pooled.end;
  assert.ok(ratio >= 1.7, `waves take about twice as long as the pool, here ${ratio.toFixed(1)} times`);
}

if (import.meta.main) await play(run);

// Output:
//
// Twelve orders of 1 s, pool: 3 s, at most 4 in flight
// (each line is a lane; a number stands where its order starts)
// │1━━━━━━━━━━━5━━━━━━━━━━━9━━━━━━━━━━━│
// │2━━━━━━━━━━━6━━━━━━━━━━━10━━━━━━━━━━│
// │3━━━━━━━━━━━7━━━━━━━━━━━11━━━━━━━━━━│
// │4━━━━━━━━━━━8━━━━━━━━━━━12━━━━━━━━━━│
//
// Three of them are roasts of 4 s, pool: 6 s
// │1━━━━━━━━━━━11━                     │
// │2━━5━━━━━━━━━━━                     │
// │3━━6━━8━━10━12━                     │
// │4━━7━━9━━━━━━━━━━━                  │
//
// The same in waves: 12 s
// │1━━━━━━━━━━━5━━━━━━━━━━━9━━━━━━━━━━━│
// │2━━         6━━         10━         │
// │3━━         7━━         11━         │
// │4━━         8━━         12━         │
//
// Notice the empty lanes of the waves: three of four stoves are cold for three seconds, three
// times. In the pool a roast holds up its own lane only. The next orders go to the others.
//
// Question: does the claim survive roasts of two seconds? Change `SLOW_SECONDS = 4` in line 24.
