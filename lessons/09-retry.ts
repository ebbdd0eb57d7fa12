// Some failures pass by themselves: the kitchen was full, a connection broke. To try again is easy.
// To try again without making things worse takes four rules, and src/approaches/retry.ts follows
// them all.
//
// 1. The server may say how long to wait, in the header Retry-After. Wait as long as it says.
// 2. If it says nothing, wait longer after each failure (backoff), and a bit at random (jitter).
//    Otherwise all clients that failed together come back together.
// 3. Repeat only what is idempotent: what has the same effect when it is done twice. Reading an
//    order is. Paying is not.
// 4. Limit the retries of the whole program by a budget. A kitchen that is down must not get four
//    times its usual load.
//
// Claim: the retry of this project keeps Retry-After, backs off with jitter, makes a payment once,
// and spends no more retries than its budget.
import assert from 'node:assert/strict';
import { http, HttpResponse } from 'msw';
import { INSTANT } from '../src/api/conditions.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session, StatusError } from '../src/api/session.ts';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { retried } from '../src/approaches/retry.ts';
import { settled } from '../src/approaches/settled.ts';
import { play, seconds } from './stage.ts';

const BUDGET = 5;
const GUESTS = 20;
const busy = (after = '') => new HttpResponse(null, { status: 503, headers: { 'retry-after': after } });

export async function run({ retry = retried } = {}): Promise<void> {
  using api = intercept({ conditions: INSTANT });
  await using session = new Session({ origin: ORIGIN, connections: GUESTS });
  // When each request arrived, by the name of its case.
  const start = performance.now();
  const arrivals: Record<string, number[]> = {};
  const arrived = (name: string) => (arrivals[name] ??= []).push(performance.now() - start);
  // Retry-After is a number of seconds, or a date. Dates of HTTP know no milliseconds.
  const later = () => new Date(Math.ceil(Date.now() / 1000 + 4) * 1000).toUTCString();
  // Four cases: a kitchen that is busy for three tries, two that say until when, and a payment that
  // fails.
  api.use(
    http.get(`${ORIGIN}/orders/1`, () => (arrived('backoff') <= 3 ? busy() : undefined)),
    http.get(`${ORIGIN}/orders/2`, () => (arrived('3 seconds') === 1 ? busy('3') : undefined)),
    http.get(`${ORIGIN}/orders/3`, () => (arrived('a date') === 1 ? busy(later()) : undefined)),
    http.post(`${ORIGIN}/payments`, () => {
      arrived('payment');
      return busy();
    }),
  );
  const get = (id: number, signal?: AbortSignal) => session.getJson(`/orders/${id}`, signal);
  const pay = async (cents: number) => {
    const { ok, status } = await fetch(`${ORIGIN}/payments`, { method: 'POST', body: String(cents) });
    if (!ok) throw new StatusError('POST /payments', status);
  };
  // `retry` wraps a task and gives back a task, so it works with every approach. You say whether
  // the task is idempotent: nobody else can know. Left out, `random` is Math.random. Here it is
  // always 0.8, so that everybody gets the same output.
  const options = { idempotent: true, budget: Infinity, baseMs: 2000, random: () => 0.8 };
  const patient = retry(get, options);
  await Promise.all([1, 2, 3].map((id) => patient(id)));
  await settled(retry(pay, { idempotent: false, budget: Infinity }))(4200);
  console.log('case        when its requests arrived');
  for (const [name, times] of Object.entries(arrivals)) {
    console.log(`${name.padEnd(10)}  ${times.map((time) => `${seconds(time)} s`).join(', ')}`);
  }

  const waits = (name: string) =>
    arrivals[name]!.slice(1).map((time, index) => time - arrivals[name]![index]!);
  const inSeconds = seconds(waits('3 seconds')[0]!);
  const asDate = seconds(waits('a date')[0]!);
  assert.ok(inSeconds >= 3, `never earlier than Retry-After says: 3 s, not ${inSeconds} s`);
  assert.ok(asDate >= 4, `never earlier than Retry-After says as a date: 4 s, not ${asDate} s`);
  // Each wait is drawn from a range that is twice as wide as the last: up to 2 s, up to 4 s, up to
  // 8 s.
  const drawn = waits('backoff').map(seconds);
  const [first, second, third] = drawn as [number, number, number];
  assert.ok(first < 2 && second > 2 && third > 4, `waits grow from try to try, not ${drawn.join(' s, ')} s`);
  assert.equal(arrivals['payment']?.length, 1, 'how often the payment is made');

  // Now the kitchen is down. Twenty guests may try four times each. That is eighty requests to a
  // kitchen that can serve none, unless the guests share a budget.
  let load = 0;
  api.use(
    http.get(`${ORIGIN}/orders/:id`, () => {
      load++;
      return busy();
    }),
  );
  const guests = Array.from({ length: GUESTS }, (_, index) => index + 10);
  console.log(`\nthe kitchen is down, ${GUESTS} guests ask`);
  for (const budget of [Infinity, BUDGET]) {
    load = 0;
    await boundedPool(guests, settled(retry(get, { idempotent: true, budget })), { concurrency: GUESTS });
    console.log(`${budget === Infinity ? 'unlimited budget' : `a budget of ${budget}`}: ${load} requests`);
  }
  assert.equal(load, GUESTS + BUDGET, 'requests of all guests together, within the budget');
}

if (import.meta.main) await play(run);

// Output:
//
// case        when its requests arrived
// backoff     0 s, 1.6 s, 4.8 s, 11.2 s
// 3 seconds   0 s, 3 s
// a date      0 s, 4 s
// payment     11.2 s
//
// the kitchen is down, 20 guests ask
// unlimited budget: 80 requests
// a budget of 5: 25 requests
//
// Notice that the payment failed and was not repeated. Perhaps it went through, and only the answer
// was lost. To repeat it safely, send an idempotency key: a name for this one payment, by which the
// server knows that it has it already.
//
// Question: how many requests does a kitchen that is down get if the budget is 0?
// Change `BUDGET = 5` in line 26.
