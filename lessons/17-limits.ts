// Every service has limits, even if it does not tell them. One limit is how many requests it can
// work on at once: it has so many cores, so many connections to its database, so many stoves. More
// requests wait in a queue. When the queue is full, the service refuses them with status 503. The
// other limit is how many requests it takes within a second. This is called a rate limit. A client
// above it is refused with status 429.
//
// A refusal costs the service work too, and the client has to send the request again. So it is
// polite to stay within the limits. It is also quick: a service does not work faster because more
// requests wait.
//
// Claim: a kitchen with 8 stoves refuses nothing to a pool of 8. If all orders are sent at once,
// most are lost. With retries none is lost, but hundreds of requests are refused, and it takes
// longer. A wider pool takes as long as the pool of 8, but each answer takes longer. No pool fits a
// rate limit, because its rate depends on how fast the answers come. A paced pool starts a fixed
// number in each second, and nothing is refused.
import assert from 'node:assert/strict';
import type { Conditions } from '../src/api/conditions.ts';
import { Counters } from '../src/api/counters.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { chance } from '../src/api/random.ts';
import { Session } from '../src/api/session.ts';
import { adaptive } from '../src/approaches/adaptive.ts';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { paced } from '../src/approaches/paced.ts';
import { promiseAll } from '../src/approaches/promise-all.ts';
import { retried } from '../src/approaches/retry.ts';
import { settled } from '../src/approaches/settled.ts';
import type { Task } from '../src/approaches/task.ts';
import { play, seconds } from './stage.ts';

const IDS = Array.from({ length: 100 }, (_, index) => index + 1);
const STOVES = 8;
const QUEUE = 16;
const PER_SECOND = 10;

// Two kitchens. The first needs a second for each order. The second needs 0.1 to 0.3 s, but takes
// only ten orders in a second. `npm run api -- --stoves 8,16` and `npm run api -- --rate 10` open
// such kitchens on a port, for any client.
const FEW_STOVES: Conditions = {
  latencyMs: 1000,
  jitterMs: 0,
  seed: 1,
  stoves: { count: STOVES, queue: QUEUE },
};
const RATE_LIMIT: Conditions = {
  latencyMs: 100,
  jitterMs: 200,
  seed: 1,
  rate: { perSecond: PER_SECOND, burst: 1 },
};

// Every approach gets the same task, which fetches one order. The approach decides how many run at
// once.
type Approach = (task: Task<number, unknown>) => Promise<unknown>;

// A refused order is sent again after the time in Retry-After, or a bit later (lesson 9). The
// random part comes from a seed, so that everybody gets the same output.
function again(task: Task<number, unknown>): Task<number, unknown> {
  let draws = 0;
  const random = () => chance(1, 'jitter', draws++);
  return retried(task, { idempotent: true, budget: Infinity, attempts: 1000, random });
}

const allAtOnce: Approach = (task) => promiseAll(IDS, settled(task));
const allAgain: Approach = (task) => promiseAll(IDS, again(task));
// Nobody tells it the number. It sends more until it is refused, then less, then more again.
const adapting: Approach = (task) => adaptive(IDS, task);

/** What an approach costs both sides: its own times, and what the kitchen counted. */
export async function evening(conditions: Conditions, approach: Approach) {
  const counters = new Counters();
  using _ = intercept({ conditions, counters });
  await using session = new Session({ origin: ORIGIN, connections: IDS.length });
  const answers: number[] = [];
  const start = performance.now();
  await approach(async (id, signal) => {
    const asked = performance.now();
    await session.getJson(`/orders/${id}`, signal);
    answers.push(performance.now() - asked);
  });
  const took = seconds(performance.now() - start);
  // The average time of a request that gets a dish. Refusals are left out, because they are quick.
  const answer = seconds(answers.reduce((sum, time) => sum + time) / answers.length);
  return { served: answers.length, took, answer, ...counters.read() };
}

export async function run({ bounded = boundedPool, pace = paced, serve = evening } = {}): Promise<void> {
  // A pool whose tasks are tried again after a refusal.
  const pool = (concurrency: number) => (task: Task<number, unknown>) =>
    bounded(IDS, again(task), { concurrency });
  const title = (kitchen: string) =>
    console.log(`${kitchen.padEnd(18)}   served  refused    queue     time  an answer takes`);
  // One line of the table. Each approach gets the same orders, and a new kitchen.
  async function show(name: string, conditions: Conditions, approach: Approach) {
    const seen = await serve(conditions, approach);
    const counts = [seen.served, seen.refused, seen.longestQueue].map((count) => String(count).padStart(9));
    const times = `${String(Math.round(seen.took)).padStart(7)} s${`${seen.answer.toFixed(1)} s`.padStart(17)}`;
    console.log(name.padEnd(18) + counts.join('') + times);
    return seen;
  }

  title(`${STOVES} stoves`);
  // This is quick because orders are lost. A row with losses must never be called the fastest.
  const lost = await show('all at once', FEW_STOVES, allAtOnce);
  const crowd = await show('and with retries', FEW_STOVES, allAgain);
  // As many as the kitchen has room for, on its stoves and in its queue.
  const wide = await show(`pool of ${STOVES + QUEUE}`, FEW_STOVES, pool(STOVES + QUEUE));
  const fit = await show(`pool of ${STOVES}`, FEW_STOVES, pool(STOVES));
  const found = await show('adaptive', FEW_STOVES, adapting);

  // First the losses. With retries nothing is lost, but many requests are needed.
  assert.equal(lost.served, STOVES + QUEUE, 'orders served of all at once: as many as there is room for');
  for (const { served } of [crowd, wide, fit, found])
    assert.equal(served, IDS.length, 'orders served, of everybody who comes again');
  assert.ok(crowd.refused > IDS.length, `all at once is refused many times, here ${crowd.refused}`);
  assert.equal(fit.refused, 0, `requests that are refused, of a pool of ${STOVES}`);
  assert.ok(
    found.refused < crowd.refused / 10,
    `the adaptive pool learns, and is refused ${found.refused} times`,
  );
  // Then the times. The stoves set the pace of both pools, and the wide one only fills the queue.
  assert.ok(crowd.took > 1.2 * fit.took, `all at once takes longer, here ${crowd.took} s and ${fit.took} s`);
  assert.ok(wide.took < 1.1 * fit.took, `both pools take as long, here ${wide.took} s and ${fit.took} s`);
  assert.ok(wide.answer > 2 * fit.answer, `answers to the wide pool take longer, here ${wide.answer} s`);

  console.log();
  title(`${PER_SECOND} a second`);
  const rush = await show('all with retries', RATE_LIMIT, allAgain);
  const eight = await show('pool of 8', RATE_LIMIT, pool(8));
  // An answer takes 0.2 s on average. So two in flight should be ten in a second, on average.
  const two = await show('pool of 2', RATE_LIMIT, pool(2));
  const even = await show('paced', RATE_LIMIT, (task) => pace(IDS, again(task), { perSecond: PER_SECOND }));

  // Nobody loses an order here either. After each refusal a client waits longer (backoff, lesson 9).
  // The kitchen could have served somebody in that time.
  for (const { served } of [rush, eight, two, even])
    assert.equal(served, IDS.length, 'orders served, of everybody who comes again');
  assert.equal(even.refused, 0, 'requests that are refused, of the paced pool');
  for (const { refused, took } of [rush, eight, two])
    assert.ok(refused > 0 && took > even.took, `no pool fits a rate, here ${refused} refused in ${took} s`);
}

if (import.meta.main) await play(run);

// Output:
//
// 8 stoves             served  refused    queue     time  an answer takes
// all at once              24       76       16      3 s            2.0 s
// and with retries        100      353       16     20 s            2.1 s
// pool of 24              100        0       16     13 s            2.8 s
// pool of 8               100        0        0     13 s            1.0 s
// adaptive                100        8       16     16 s            1.7 s
//
// 10 a second          served  refused    queue     time  an answer takes
// all with retries        100      570        0     43 s            0.2 s
// pool of 8               100      172        0     21 s            0.2 s
// pool of 2               100       65        0     17 s            0.2 s
// paced                   100        0        0     10 s            0.2 s
//
// Notice the two pools at the stoves. Both take 13 s, because the stoves set the pace. In the wide
// pool every answer takes nearly three times as long, because its orders wait in the kitchen's
// queue. This is Little's law: requests in flight = answers per second × seconds per answer. Here
// that is 8 × 1 = 8. All requests beyond 8 only wait.
//
// How do you know the limits of a service? Its documentation may tell them. Otherwise its 429 and
// 503 show that you have reached one. With --stoves and --rate, `npm start` tries each approach at
// such a service. If nobody knows the number, an adaptive pool looks for it.
//
// Question: the kitchen gets a queue of 100 places, so it refuses nobody any more. What is the
// price, and who pays it?
// Change `QUEUE = 16` in line 34.
