// A kitchen with four stoves is not helped by a hundred orders at once. A bounded pool keeps C jobs in flight: C
// lanes, and each takes the next input as soon as it is free.
//
// Claim: the API never sees more than C requests, and N orders of latency L take N·L/C (N/C rounded up). Waves
// (Promise.all over slices of C) bound as well, but here, where every fourth order is slow, take twice as long.
import assert from 'node:assert/strict';
import { setTimeout as cook } from 'node:timers/promises';
import { Counters } from '../src/api/counters.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { intercept } from '../src/api/intercept.ts';
import { Session } from '../src/api/session.ts';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import type { Task } from '../src/approaches/task.ts';
import { Timeline } from './picture.ts';
import { play } from './stage.ts';

const IDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const CONCURRENCY = 4;
const SLOW_SECONDS = 4;

const pool = (ids: number[], task: Task<number, unknown>): Promise<unknown> =>
  boundedPool(ids, task, { concurrency: CONCURRENCY });

// The popular detour: each wave waits for its slowest, and meanwhile the lanes of the others are empty.
async function waves(ids: number[], task: Task<number, unknown>): Promise<void> {
  for (let start = 0; start < ids.length; start += CONCURRENCY) {
    await Promise.all(ids.slice(start, start + CONCURRENCY).map((id) => task(id)));
  }
}

export async function run({ approach = pool } = {}): Promise<void> {
  const counters = new Counters();
  using _ = intercept({ conditions: { latencyMs: 1000, jitterMs: 0, seed: 1 }, counters });
  await using session = new Session({ origin: ORIGIN, connections: IDS.length });
  const even = new Timeline();
  await approach(IDS, (id) => even.during(String(id), () => session.getJson(`/orders/${id}`)));
  // The API counts, not the pool: nobody should be the judge of his own promise.
  const { peakInFlight } = counters.read();
  console.log(`Even orders, pool: ${even.end} s, ${peakInFlight} in flight\n${even.lanes()}\n`);
  assert.equal(peakInFlight, CONCURRENCY, 'never more than C in flight');
  assert.equal(even.end, (IDS.length * 1) / CONCURRENCY, 'N·L/C');

  // Every fourth order is a roast. The rest still take one second.
  async function uneven(way: typeof pool) {
    const timeline = new Timeline();
    const takes = (id: number) => (id % 4 === 1 ? SLOW_SECONDS : 1);
    await way(IDS, (id) => timeline.during(String(id), () => cook(takes(id) * 1000)));
    return timeline;
  }
  const [drawn, sliced] = [await uneven(approach), await uneven(waves)];
  console.log(`Uneven orders, pool: ${drawn.end} s\n${drawn.lanes(sliced.end)}\n`);
  console.log(`Uneven orders, waves: ${sliced.end} s\n${sliced.lanes()}`);
  assert.ok(sliced.end >= 1.7 * drawn.end, 'waves take twice as long, or nearly');
}

if (import.meta.main) await play(run);

// Output:
//
// Even orders, pool: 3 s, 4 in flight
// │1━━━━━━━━━━━5━━━━━━━━━━━9━━━━━━━━━━━│
// │2━━━━━━━━━━━6━━━━━━━━━━━10━━━━━━━━━━│
// │3━━━━━━━━━━━7━━━━━━━━━━━11━━━━━━━━━━│
// │4━━━━━━━━━━━8━━━━━━━━━━━12━━━━━━━━━━│
//
// Uneven orders, pool: 6 s
// │1━━━━━━━━━━━11━                     │
// │2━━5━━━━━━━━━━━                     │
// │3━━6━━8━━10━12━                     │
// │4━━7━━9━━━━━━━━━━━                  │
//
// Uneven orders, waves: 12 s
// │1━━━━━━━━━━━5━━━━━━━━━━━9━━━━━━━━━━━│
// │2━━         6━━         10━         │
// │3━━         7━━         11━         │
// │4━━         8━━         12━         │
//
// Notice the empty lanes of the waves: three cooks of four stand idle for three seconds, three times. In the pool a
// roast holds up its own lane only.
//
// Question: does the claim survive roasts of two seconds? Change `SLOW_SECONDS = 4` in line 19.
