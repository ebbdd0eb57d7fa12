// Some failures pass by themselves: a kitchen that is full, a connection that broke. Trying again is easy; doing it
// without making things worse takes four rules, and src/approaches/retry.ts has them all.
//
// Claim: a retry waits as long as Retry-After says, else a time drawn from a growing range (backoff with jitter); what
// is not idempotent (twice is not as good as once) is tried once; and a budget for the whole run keeps retries from
// multiplying the load.
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
  const start = performance.now();
  const tries: Record<string, number[]> = {};
  const seen = (name: string) => (tries[name] ??= []).push(performance.now() - start);
  // A kitchen that is busy for three tries, two that say until when, and a payment, which nobody should make twice.
  const later = () => new Date(Math.ceil(Date.now() / 1000 + 4) * 1000).toUTCString(); // dates know no milliseconds
  api.use(
    http.get(`${ORIGIN}/orders/1`, () => (seen('backoff') <= 3 ? busy() : undefined)),
    http.get(`${ORIGIN}/orders/2`, () => (seen('in seconds') === 1 ? busy('3') : undefined)),
    http.get(`${ORIGIN}/orders/3`, () => (seen('as a date') === 1 ? busy(later()) : undefined)),
    http.post(`${ORIGIN}/payments`, () => (seen('payment'), busy())),
  );
  const get = (id: number, signal?: AbortSignal) => session.getJson(`/orders/${id}`, signal);
  const pay = async (cents: number) => {
    const { ok, status } = await fetch(`${ORIGIN}/payments`, { method: 'POST', body: String(cents) });
    if (!ok) throw new StatusError('POST /payments', status);
  };
  // The wrapper is a task again, so it goes with every approach. The options say what this task may bear.
  // Left out, `random` is Math.random. Here it is a number, so that the output is the same for everyone.
  const options = { idempotent: true, budget: Infinity, baseMs: 2000, random: () => 0.8 };
  const patient = retry(get, options);
  await Promise.all([1, 2, 3].map((id) => patient(id)));
  await settled(retry(pay, { idempotent: false, budget: Infinity }))(4200);
  for (const [name, times] of Object.entries(tries)) {
    console.log(`${name.padEnd(10)}  ${times.map((time) => `${seconds(time)} s`).join(', ')}`);
  }

  const waits = (name: string) => tries[name]!.slice(1).map((time, index) => time - tries[name]![index]!);
  const [inSeconds, asDate] = [seconds(waits('in seconds')[0]!), seconds(waits('as a date')[0]!)];
  assert.ok(inSeconds >= 3 && asDate >= 4, 'never earlier than Retry-After says');
  const [first, second, third] = waits('backoff') as [number, number, number];
  assert.ok(first < 2000 && second > 2000 && third > 4000, 'each wait is drawn from a range twice as wide');
  assert.equal(tries['payment']?.length, 1, 'a payment is tried once');

  // The kitchen is down. Four tries for each guest would be four times the load on a kitchen that has none to spare.
  let load = 0;
  api.use(http.get(`${ORIGIN}/orders/:id`, () => (load++, busy())));
  const guests = Array.from({ length: GUESTS }, (_, index) => index + 10);
  for (const budget of [Infinity, BUDGET]) {
    load = 0;
    await boundedPool(guests, settled(retry(get, { idempotent: true, budget })), { concurrency: GUESTS });
    console.log(`${GUESTS} guests, budget ${budget}: ${load} requests`);
  }
  assert.equal(load, GUESTS + BUDGET, 'the budget is for all guests together');
}

if (import.meta.main) await play(run);

// Output:
//
// backoff     0 s, 1.6 s, 4.8 s, 11.2 s
// in seconds  0 s, 3 s
// as a date   0 s, 4 s
// payment     11.2 s
// 20 guests, budget Infinity: 80 requests
// 20 guests, budget 5: 25 requests
//
// Notice that the payment failed and stays failed: perhaps it went through and only the answer was lost. To
// try again, it would need a key by which the server knows it for the same one.
//
// Question: how many requests does a kitchen that is down get if there is no budget to spend at all?
// Change `BUDGET = 5` in line 18.
