// Eight orders are sent at once, and two of them fail. What do you want to know: that something
// failed, or what became of each order? Promise.all answers the first question only: it rejects
// with the first failure and gives no results.
//
// To settle a task means to turn its failure into a result: { status: 'rejected', reason }. Then
// nothing is thrown, and every order has an outcome. Python calls it
// gather(return_exceptions=True), JavaScript Promise.allSettled.
//
// Claim: settling tells all eight outcomes, six successes and two failures. Promise.all tells one
// failure of the two. It loses six good orders, and it does not stop them either: the kitchen cooks
// them to the end.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { delay, http, HttpResponse } from 'msw';
import { Counters } from '../src/api/counters.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session, type StatusError } from '../src/api/session.ts';
import { promiseAll } from '../src/approaches/promise-all.ts';
import { settled } from '../src/approaches/settled.ts';
import { play } from './stage.ts';

const IDS = [1, 2, 3, 4, 5, 6, 7, 8];
const REFUSED_AFTER_MS = 500;

export async function run({ settle = settled, gather = promiseAll } = {}): Promise<void> {
  const counters = new Counters();
  using api = intercept({ conditions: { latencyMs: 1000, jitterMs: 0, seed: 1 }, counters });
  // Orders take a second. Two are refused after half a second: 404 is "no such order", 503 "come
  // back later".
  const refusal = (id: number, status: number) =>
    http.get(`${ORIGIN}/orders/${id}`, () =>
      delay(REFUSED_AFTER_MS).then(() => new HttpResponse(null, { status })),
    );
  api.use(refusal(3, 404), refusal(6, 503));
  await using session = new Session({ origin: ORIGIN, connections: IDS.length });
  const fetchOrder = (id: number, signal?: AbortSignal) => session.getJson(`/orders/${id}`, signal);

  // Settling wraps the task and leaves the approach alone. So it works with a bounded pool, with
  // threads, with all.
  const outcomes = await promiseAll(IDS, settle(fetchOrder));
  for (const [index, outcome] of outcomes.entries()) {
    const text = outcome.status === 'fulfilled' ? 'served' : (outcome.reason as StatusError).message;
    console.log(`order ${IDS[index]}  ${outcome.status.padEnd(9)}  ${text}`);
  }
  const served = outcomes.filter(({ status }) => status === 'fulfilled').length;
  const failed = outcomes
    .filter((outcome) => outcome.status === 'rejected')
    .map(({ reason }) => reason.status);
  console.log(`settled:     ${served} served, ${failed.length} failed, nothing lost\n`);
  assert.equal(served, 6, 'orders that are served');
  assert.deepEqual(failed, [404, 503], 'every failure is told, in the order of the input');

  // The same orders with Promise.all. The API counts what is still in its kitchen when Promise.all
  // has given up.
  counters.reset();
  const caught: unknown[] = [];
  await gather(IDS, fetchOrder).catch((error: unknown) => caught.push(error));
  const { inFlight } = counters.read();
  await wait(1000); // until the kitchen is empty
  const { completed } = counters.read();
  console.log(`Promise.all: 0 served, ${caught.length} failure told`);
  console.log(`             ${inFlight} orders still cooking when it ended`);
  console.log(`             ${completed} of them cooked to the end, and nobody ate them`);
  assert.equal(caught.length, 1, 'failures that Promise.all tells');
  assert.equal(inFlight, 6, 'orders still cooking when Promise.all ends');
  assert.equal(completed, 6, 'orders cooked to the end although Promise.all had ended');
}

if (import.meta.main) await play(run);

// Output:
//
// order 1  fulfilled  served
// order 2  fulfilled  served
// order 3  rejected   GET http://orders.test/orders/3 answered 404, expected 2xx
// order 4  fulfilled  served
// order 5  fulfilled  served
// order 6  rejected   GET http://orders.test/orders/6 answered 503, expected 2xx
// order 7  fulfilled  served
// order 8  fulfilled  served
// settled:     6 served, 2 failed, nothing lost
//
// Promise.all: 0 served, 1 failure told
//              6 orders still cooking when it ended
//              6 of them cooked to the end, and nobody ate them
//
// Notice that Promise.all threw away six good orders as soon as one failed, and that it ended
// before the kitchen did. Promise.all is right where one failure makes the rest worthless. Lesson
// 14 shows how to stop the rest as well.
//
// Question: the refusals come after 2 seconds, when all others are served. What does Promise.all
// lose then?
// Change `REFUSED_AFTER_MS = 500` in line 24.
