// Most answers of a service are quick, and a few are slow: a disk was busy, a garbage collection
// ran, a packet was lost. The few slow ones are called the tail. It is measured in percentiles: 99
// of 100 answers come within the time p99. An average hides the tail.
//
// A client that sends one request seldom meets the tail. A client that needs twenty answers at once
// (a fan-out) waits for the slowest of the twenty, so it often meets the tail. One cure is hedging:
// if there is no answer after the time p95, send a second request, take the answer that comes
// first, and end the other request. Hedging costs requests, so it needs a budget. And it must do no
// harm to ask twice.
//
// Claim: one order in 50 is slow, but about every third table with 20 orders waits for one. Hedging
// after p95 saves nearly all of these tables, and sends a twentieth more requests. If the whole
// kitchen is slow, hedging saves nobody, and without a budget it doubles the load.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { http } from 'msw';
import { INSTANT } from '../src/api/conditions.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { chance } from '../src/api/random.ts';
import { Session } from '../src/api/session.ts';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { promiseAll } from '../src/approaches/promise-all.ts';
import type { Task } from '../src/approaches/task.ts';
import { play, seconds } from './stage.ts';

const TABLES_AT_ONCE = 8;
const ORDERS_OF_A_TABLE = 20;
const SLOW_MS = 10_000;
const SLOW_SHARE = 1 / 50;
// At most ten of a hundred orders may be asked for twice.
const PERCENT = 10;
// The seed decides who is unlucky. It is the same for everybody who runs this lesson.
const SEED = 1;

interface HedgeOptions {
  /** When the second request is sent, in milliseconds. p95 is the usual choice. */
  readonly afterMs: number;
  /** At most this many of a hundred inputs are asked for twice. */
  readonly percent: number;
  /** Hedges that were not needed are saved for later, but at most this many. Default: 20. */
  readonly mostSaved?: number;
}

const LATE = Symbol('late');

/**
 * Wraps a task. The new task starts the old one a second time when it is late. It works with every
 * approach. Use it only for work that may be done twice.
 *
 * It rejects with what the first try threw, unless the second one succeeds.
 */
export function hedged<Input, Output>(
  task: Task<Input, Output>,
  { afterMs, percent, mostSaved = 20 }: HedgeOptions,
): (input: Input, signal?: AbortSignal) => Promise<Output> {
  // All inputs share one budget. Without it a slow service, which is late with every answer, would
  // get twice its load just then. Each input earns a part of a hedge. A hedge spends a whole one.
  let earnedPercent = 0;
  return async (input, signal) => {
    earnedPercent = Math.min(earnedPercent + percent, mostSaved * 100);
    // Ends the slower request, and the timer. The caller's signal ends both requests. The timer
    // does not get the caller's signal, or the caller would see its error and not the task's.
    const stop = new AbortController();
    const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const ask = async () => task(input, both);
    try {
      const first = ask();
      const late = wait(afterMs, LATE, { signal: stop.signal });
      // A failure before that time ends the wait, as an answer does. Hedging does not repeat
      // failures: a retry does that (lesson 9).
      const seen = await Promise.race([first, late]);
      if (seen !== LATE) return seen;
      if (earnedPercent < 100) return await first;
      earnedPercent -= 100;
      // Now two requests race. `Promise.any` takes the first success, and fails only if both fail.
      // Then the caller gets the first error and no AggregateError, as without hedging.
      return await Promise.any([first, ask()]).catch((error: AggregateError) =>
        Promise.reject(error.errors[0]),
      );
    } finally {
      stop.abort();
    }
  };
}

/** The time within which this percentage of the answers came. It is one of the measured times. */
function percentile(times: readonly number[], percent: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1]!;
}

interface Evening {
  readonly tables: number;
  /** The part of all requests that is slow. */
  readonly slowShare: number;
}

/** Serves all tables. `wrap` may hedge the task that fetches an order. */
export async function dinner({ tables, slowShare }: Evening, wrap = (task: Task<number, unknown>) => task) {
  const orders = tables * ORDERS_OF_A_TABLE;
  using api = intercept({ conditions: INSTANT });
  await using session = new Session({ origin: ORIGIN, connections: 2 * TABLES_AT_ONCE * ORDERS_OF_A_TABLE });
  const requests = new Map<string, number>();
  let ended = 0;
  // A kitchen of our own in front of the API. For a second request of the same order, chance
  // decides again: the first one was slow because of bad luck, and not because of the order.
  api.use(
    http.get(`${ORIGIN}/orders/:id`, async ({ params, request }) => {
      const id = String(params['id']);
      const before = requests.get(id) ?? 0;
      requests.set(id, before + 1);
      const isSlow = chance(SEED, 'slow', id, before) < slowShare;
      const takesMs = isSlow ? SLOW_MS : 1000 + 1000 * chance(SEED, 'usual', id, before);
      await wait(takesMs, undefined, { signal: request.signal }).catch(() => ended++);
    }),
  );
  const fetchOrder = wrap((id, signal) => session.getJson(`/orders/${id}`, signal));

  // A table orders everything at once, and waits for its last dish. Only a few tables order at a
  // time.
  const times: number[] = [];
  let waited = 0;
  const serveTable = async (table: number): Promise<void> => {
    const first = table * ORDERS_OF_A_TABLE + 1;
    const ids = Array.from({ length: ORDERS_OF_A_TABLE }, (_, index) => first + index);
    const start = performance.now();
    await promiseAll(ids, async (id) => {
      await fetchOrder(id);
      times.push(performance.now() - start);
    });
    if (performance.now() - start >= SLOW_MS) waited++;
  };
  await boundedPool(Array(tables).keys(), serveTable, { concurrency: TABLES_AT_ONCE });
  // Count the requests that the kitchen saw, not those that the guests believe they sent.
  const sent = requests.values().reduce((sum, count) => sum + count);
  return { times, tables, waited, sent, more: sent - orders, ended };
}

export async function run({ hedge = hedged, serve = dinner } = {}): Promise<void> {
  const usual = { tables: 25, slowShare: SLOW_SHARE };
  const plain = await serve(usual);
  // p95 is not guessed: it was measured on the evening before. A value that is too low spends the
  // budget on orders that are not late. A value that is too high helps nobody.
  const afterMs = percentile(plain.times, 95);
  const helped = await serve(usual, (task) => hedge(task, { afterMs, percent: PERCENT }));
  const title = `one order in ${1 / SLOW_SHARE} is slow`.padEnd(24);
  console.log(`${title}     p50     p95     p99  tables that wait  requests`);
  const print = (name: string, { times, tables, waited, sent }: typeof plain) => {
    const inSeconds = [50, 95, 99].map((percent) => `${seconds(percentile(times, percent)).toFixed(1)} s`);
    const counts = `${`${waited} of ${tables}`.padStart(16)}  ${String(sent).padStart(8)}`;
    console.log(`${name.padEnd(24)}${inSeconds.map((text) => text.padStart(8)).join('')}  ${counts}`);
  };
  print('plain', plain);
  print('hedged after p95', helped);
  // Another evening: half of the cooks are ill, and every order is late. A second request is as
  // slow as the first one, and both need a cook.
  const all = { tables: 5, slowShare: 1 };
  const slow = await serve(all);
  const doubled = await serve(all, (task) => hedge(task, { afterMs, percent: 100, mostSaved: Infinity }));
  const budgeted = await serve(all, (task) => hedge(task, { afterMs, percent: PERCENT }));
  console.log('\nevery order is slow');
  print('plain', slow);
  print('hedged without a budget', doubled);
  print('hedged within the budget', budgeted);

  // By chance alone a table meets a slow order in 1 − (49/50)²⁰ of all cases, which is a third.
  const unlucky = plain.waited / plain.tables;
  assert.ok(
    unlucky > 0.2 && unlucky < 0.5,
    `about every third table waits, here ${plain.waited} of ${plain.tables}`,
  );
  assert.ok(helped.waited <= 1, `hedging saves nearly all tables, but ${helped.waited} wait`);
  const price = helped.more / plain.sent;
  assert.ok(price <= 0.07, `hedging costs a twentieth more requests, not ${helped.more}`);
  assert.equal(helped.ended, helped.more, 'requests that were ended, because the other one had won');
  assert.equal(doubled.waited, slow.tables, 'tables that wait in a slow kitchen, hedged');
  assert.equal(doubled.more, slow.sent, 'requests that hedging adds in a slow kitchen, without a budget');
  assert.equal(budgeted.more, (PERCENT / 100) * slow.sent, 'requests that it adds there within the budget');
}

if (import.meta.main) await play(run);

// Output:
//
// one order in 50 is slow      p50     p95     p99  tables that wait  requests
// plain                      1.5 s   2.0 s  10.0 s          10 of 25       500
// hedged after p95           1.5 s   2.0 s   3.6 s           0 of 25       526
//
// every order is slow
// plain                     10.0 s  10.0 s  10.0 s            5 of 5       100
// hedged without a budget   10.0 s  10.0 s  10.0 s            5 of 5       200
// hedged within the budget  10.0 s  10.0 s  10.0 s            5 of 5       110
//
// Notice that hedging does not make an order faster. It only tries its luck a second time. That
// helps if a slow answer is bad luck. It does not help if everything is slow, and then help is
// needed most. Google describes hedging in "The Tail at Scale" (2013).
//
// If you ask twice, the work may be done twice. To read an order a second time does no harm. A
// second payment does. And the slower request must be ended: without the abort, the kitchen would
// go on cooking for nobody.
//
// Question: ask again after p50 instead of p95. What happens to the budget, and to the tables?
// Change `percentile(plain.times, 95)` in line 145.
