import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFlight, thinned } from '../../src/report/in-flight.ts';
import { span } from './samples.ts';

test('a start adds one and an end takes one away', () => {
  const steps = [...inFlight([span(1, 0, 10), span(2, 5, 20)])];
  assert.deepEqual(steps, [
    { atMs: 0, open: 1 },
    { atMs: 5, open: 2 },
    { atMs: 10, open: 1 },
    { atMs: 20, open: 0 },
  ]);
});

test('one that ends as another starts changes nothing', () => {
  const steps = [...inFlight([span(1, 0, 10), span(2, 10, 20)])];
  assert.deepEqual(steps, [
    { atMs: 0, open: 1 },
    { atMs: 20, open: 0 },
  ]);
});

test('no spans, no steps', () => {
  assert.deepEqual([...inFlight([])], []);
});

test('a step that ends where a part ends does not reach into the next part', () => {
  const steps = [span(1, 0, 10), span(2, 0, 5)];
  assert.deepEqual(thinned(steps, { startMs: 0, endMs: 20, columns: 4 }), [
    { atMs: 0, open: 2 },
    { atMs: 5, open: 1 },
    { atMs: 10, open: 0 },
  ]);
});

test('a peak narrower than a part shows, a gap narrower than a part does not', () => {
  const peak = [span(1, 0, 100), span(2, 50, 50.001)];
  const gap = [span(1, 0, 50.1), span(2, 50.2, 100)];
  const parts = { startMs: 0, endMs: 100, columns: 10 };
  assert.equal(Math.max(...thinned(peak, parts).map(({ open }) => open)), 2);
  assert.deepEqual(thinned(gap, parts), [{ atMs: 0, open: 1 }]);
});

test('10,000 spans become no more steps than there are parts', () => {
  const spans = Array.from({ length: 10_000 }, (_, index) => span(index, index * 3, index * 3 + 2));
  const steps = thinned(spans, { startMs: 0, endMs: 30_000, columns: 500 });
  assert.ok(steps.length <= 500, String(steps.length));
});

test('a span without length is in flight at no moment', () => {
  assert.deepEqual(
    [...inFlight([span(1, 5, 5), span(2, 7, 8)])],
    [
      { atMs: 7, open: 1 },
      { atMs: 8, open: 0 },
    ],
  );
});
