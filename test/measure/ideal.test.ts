import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idealOf } from '../../src/measure/ideal.ts';

const RUN = { requests: 40, lanes: 10, latencyMs: 20 };

test('without other limits it is N·L/C in whole rounds', () => {
  assert.deepEqual(idealOf(RUN), { by: 'concurrency', ms: 80 });
  assert.deepEqual(idealOf({ ...RUN, requests: 41 }), { by: 'concurrency', ms: 100 });
});

test('fewer stoves than lanes limit it, and as many or more do not', () => {
  assert.deepEqual(idealOf({ ...RUN, stoves: { count: 8 } }), { by: 'stoves', ms: 100 });
  assert.deepEqual(idealOf({ ...RUN, stoves: { count: 10 } }), { by: 'concurrency', ms: 80 });
});

test('a rate lets its burst in at once, and the others at its own pace', () => {
  const rate = { perSecond: 100, burst: 10 };
  assert.deepEqual(idealOf({ ...RUN, requests: 400, lanes: 400, rate }), { by: 'rate', ms: 3920 });
  assert.deepEqual(idealOf({ ...RUN, requests: 10, lanes: 10, rate }), { by: 'concurrency', ms: 20 });
});

test('a pace limits the approach that keeps it', () => {
  assert.deepEqual(idealOf({ ...RUN, pace: 100 }), { by: 'pace', ms: 410 });
  assert.deepEqual(idealOf({ ...RUN, pace: 1e6 }), { by: 'concurrency', ms: 80 });
});

test('the longest of all limits counts', () => {
  const rate = { perSecond: 100, burst: 10 };
  assert.equal(idealOf({ ...RUN, stoves: { count: 1 }, rate, pace: 100 }).by, 'stoves');
  assert.equal(idealOf({ ...RUN, stoves: { count: 8 }, rate, pace: 50 }).by, 'pace');
});
