// Waiting on a clock that the test moves: never too short, in the order of what is due, and not at all for a client
// that has gone away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, asyncProperty, array, integer } from 'fast-check';
import { now } from '../../src/api/clock.ts';
import { ExactTimer } from '../../src/api/exact-timer.ts';
import { clock } from './clock.ts';

const { signal: never } = new AbortController();

test('serves at the time that is due, to the fraction of a millisecond, and never early', async (t) => {
  const time = clock(t);
  const timer = new ExactTimer();
  const due = now() + 12.5;
  let servedAt = 0;
  void timer.until(due, never).then(() => (servedAt = now()));
  await time.goOn(12);
  assert.equal(servedAt, 0);
  await time.goOn(1);
  assert.ok(servedAt >= due && servedAt <= due + 0.25, `${servedAt - due} ms after it was due`);
});

test('serves in the order of what is due, whatever the order of arrival, and all of them', async (t) => {
  const time = clock(t);
  await check(
    asyncProperty(array(integer({ min: 0, max: 12 }), { maxLength: 20 }), async (waits) => {
      const timer = new ExactTimer();
      const served: number[] = [];
      for (const wait of waits) {
        const due = now() + wait;
        void timer.until(due, never).then(() => {
          assert.ok(now() >= due);
          served.push(wait);
        });
      }
      await time.goOn(20);
      assert.deepEqual(
        served,
        waits.toSorted((a, b) => a - b),
      );
    }),
    { numRuns: 50 },
  );
});

test('never answers within the turn of the request, even if nothing has to be cooked', async (t) => {
  const time = clock(t);
  let served = false;
  void new ExactTimer().until(now(), never).then(() => (served = true));
  for (let count = 0; count < 1000; count++) await Promise.resolve();
  assert.equal(served, false);
  await time.goOn(1);
  assert.equal(served, true);
});

test('rejects with the reason of a client that leaves, and serves the others in time', async (t) => {
  const time = clock(t);
  const timer = new ExactTimer();
  const left = new Error('the guests have left');
  const client = new AbortController();
  const served: number[] = [];
  const gone = assert.rejects(timer.until(now() + 5, client.signal), left);
  void timer.until(now() + 7, never).then(() => served.push(7));
  void timer.until(now() + 3, never).then(() => served.push(3));
  client.abort(left);
  await gone;
  await time.goOn(10);
  assert.deepEqual(served, [3, 7]);
  await assert.rejects(timer.until(now(), client.signal), left);
});

test('nothing is waited for any more once its client has left, so that a server may end', async (t) => {
  const time = clock(t);
  const timer = new ExactTimer();
  const clients = [200, 300].map((ms) => {
    const client = new AbortController();
    timer.until(now() + ms, client.signal).catch(() => {});
    return client;
  });
  assert.equal(time.pending(), 1);
  clients[0]!.abort();
  await time.goOn(250);
  assert.equal(time.pending(), 1, 'for the order that is left');
  clients[1]!.abort();
  assert.equal(time.pending(), 0);
});

test('waits longer than one timer of Node can, which would fire at once', async (t) => {
  const delays: number[] = [];
  t.mock.method(globalThis, 'setTimeout', ((_run: () => void, ms: number) => delays.push(ms)) as never);
  const client = new AbortController();
  const waiting = new ExactTimer().until(now() + 2 ** 40, client.signal);
  assert.deepEqual(delays, [2 ** 31 - 1]);
  client.abort(new Error('the guests have left'));
  await assert.rejects(waiting);
});
