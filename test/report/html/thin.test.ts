import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span } from '../../../src/running/recorded.ts';
import { sampleOf } from '../../../src/report/html/thin.ts';
import { span } from '../samples.ts';

const spans = (count: number, more: (index: number) => Partial<Span> = () => ({})) =>
  Array.from({ length: count }, (_, index) => span(index + 1, index, index + 1, more(index)));
const failed = ({ outcome }: Span) => outcome !== 'ok';

test('as many as fit are all drawn, in order of thread and start, and nothing is said', () => {
  const given = [span(1, 5, 6), span(2, 0, 9, { thread: 2 }), span(3, 4, 5)];
  const { spans: shown, note } = sampleOf(given, 3, 'request');
  assert.deepEqual(
    shown.map(({ input }) => input),
    [3, 1, 2],
  );
  assert.equal(note, '');
});

test('of too many an even choice is drawn, first and last included, and the reader is told', () => {
  const { spans: shown, note } = sampleOf(spans(10_000), 100, 'request');
  assert.equal(shown.length, 100);
  assert.deepEqual([shown[0]!.input, shown.at(-1)!.input], [1, 10_000]);
  const gaps = shown.slice(1).map(({ input }, index) => input - shown[index]!.input);
  assert.ok(Math.max(...gaps) - Math.min(...gaps) <= 1, String(gaps));
  assert.equal(note, '100 of 10,000 requests are drawn, evenly picked: 100 of the 10,000 that went well.');
});

test('a few failures among many successes are all drawn', () => {
  const { spans: shown, note } = sampleOf(
    spans(10_000, (index) => (index % 1000 === 500 ? { outcome: 'failed' } : {})),
    100,
    'request',
  );
  assert.equal(shown.length, 100);
  assert.equal(shown.filter(failed).length, 10);
  assert.match(note, /all 10 that failed or were aborted, 90 of the 9,990 that went well/);
});

test('where most failed, most of what is drawn failed', () => {
  const { spans: shown } = sampleOf(
    spans(1000, (index) => (index % 10 === 0 ? {} : { outcome: 'aborted' })),
    100,
    'request',
  );
  assert.deepEqual([shown.length, shown.filter(failed).length], [100, 90]);
});

test('where all failed, all that is drawn failed', () => {
  const { spans: shown, note } = sampleOf(
    spans(500, () => ({ outcome: 'failed' })),
    100,
    'request',
  );
  assert.equal(shown.filter(failed).length, 100);
  assert.match(note, /: 100 of the 500 that failed or were aborted\.$/);
});
