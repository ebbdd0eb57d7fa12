// A dinner of eight orders in which two go wrong. Anyone who wants to know what became of each must not use
// Promise.all: it answers with the first failure, and nothing else.
//
// Claim: settling, Python's gather(return_exceptions=True), tells all outcomes, successes and failures. Promise.all
// tells one failure of two, loses six good orders that the kitchen cooks all the same, and does not stop anything.
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
  const refusal = (id: number, status: number) =>
    http.get(`${ORIGIN}/orders/${id}`, () =>
      delay(REFUSED_AFTER_MS).then(() => new HttpResponse(null, { status })),
    );
  api.use(refusal(3, 404), refusal(6, 503));
  await using session = new Session({ origin: ORIGIN, connections: IDS.length });
  const fetchOrder = (id: number, signal?: AbortSignal) => session.getJson(`/orders/${id}`, signal);

  // Settling wraps the task, so it goes with every approach: with a bounded pool just as well.
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
  assert.deepEqual([served, failed], [6, [404, 503]], 'every outcome is told, in the order of the input');

  counters.reset();
  const caught: unknown[] = [];
  await gather(IDS, fetchOrder).catch((error: unknown) => caught.push(error));
  const { inFlight } = counters.read();
  await wait(1000); // until the kitchen is empty
  const { completed } = counters.read();
  console.log(
    `Promise.all: 0 served, ${caught.length} failure told, ${inFlight} orders still cooking when it ended`,
  );
  console.log(`             ${completed} of them cooked to the end, for nobody`);
  assert.deepEqual([caught.length, inFlight, completed], [1, 6, 6], 'one failure told, six orders lost');
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
// Promise.all: 0 served, 1 failure told, 6 orders still cooking when it ended
//              6 of them cooked to the end, for nobody
//
// Notice that Promise.all took the orders to be worth nothing as soon as one failed, and that it ended before
// the kitchen did.
//
// Question: what is lost if the refusals come only when all others are served, after 2 seconds?
// Change `REFUSED_AFTER_MS = 500` in line 18.
