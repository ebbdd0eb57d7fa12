import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../../src/report/paint.ts';
import { timeline } from '../../src/report/timeline.ts';
import { span } from './samples.ts';

const draw = (spans: Parameters<typeof timeline>[0], more: { width?: number; rows?: number } = {}) =>
  timeline(spans, { width: 13, rows: 10, paint: plain, ...more });

test('a request is dots while it waits for a slot and blocks while it is in flight', () => {
  assert.deepEqual(draw([span(1, 100, 105), span(2, 105, 110)]), ['#1 █████', '#2 ·····█████']);
});

test('no line is wider than asked, and the shortest request still shows', () => {
  const lines = draw([span(1, 0, 1000), span(2, 999.9, 1000), span(10, 1000, 1000)]);
  for (const line of lines) assert.ok(line.length <= 13, line);
  assert.ok(lines.every((line) => line.includes('█')));
});

test('with several threads a block is its thread, by letter', () => {
  const lines = draw([span(1, 0, 10, { thread: 7 }), span(2, 0, 10, { thread: 3 })]);
  assert.deepEqual(lines, ['#1 BBBBBBBBBB', '#2 AAAAAAAAAA']);
});

test('a request that failed or was aborted is a row of crosses', () => {
  assert.deepEqual(draw([span(1, 0, 10, { outcome: 'failed' })]), ['#1 ××××××××××']);
  assert.deepEqual(draw([span(1, 0, 10, { outcome: 'aborted' })]), ['#1 ××××××××××']);
});

test('of many requests a few are shown, evenly, the first and the last among them', () => {
  const spans = Array.from({ length: 101 }, (_, index) => span(index, index, index + 1));
  const labels = draw(spans, { rows: 5 }).map((line) => line.slice(0, 4).trim());
  assert.deepEqual(labels, ['#0', '#25', '#50', '#75', '#100']);
});

test('no requests draw nothing, and one request of no length draws one block', () => {
  assert.deepEqual(draw([]), []);
  assert.deepEqual(draw([span(1, 5, 5)]), ['#1 █']);
});
