// Spans survive being columns, and what is told from the columns is what the spans would tell.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constantFrom, double, integer, option, property, record } from 'fast-check';
import { NO_THREAD, windowOf, type Span } from '../../src/running/recorded.ts';
import { failuresByKind } from '../../src/running/failures.ts';
import { failuresIn, lengthMs, spansOf, tableOf } from '../../src/running/span-table.ts';

const spans = array(
  record({
    input: integer({ min: 0, max: 2 ** 40 }),
    startMs: double({ min: 0, max: 2e12, noNaN: true }),
    endMs: double({ min: 0, max: 2e12, noNaN: true }),
    thread: integer({ min: NO_THREAD, max: 1000 }),
    outcome: constantFrom<Span['outcome']>('ok', 'failed', 'aborted'),
    error: option(constantFrom('', 'StatusError 503', 'TypeError'), { nil: undefined }),
  }),
).map((drawn) => drawn.map(({ error, ...span }): Span => (error === undefined ? span : { ...span, error })));

test('spans come back from a table, also from another process, as they were', () => {
  check(property(spans, (given) => assert.deepEqual(spansOf(structuredClone(tableOf(given))), given)));
});

test('failures and length are those of the spans', () => {
  check(
    property(spans, (given) => {
      const table = tableOf(given);
      assert.equal(failuresIn(table), given.filter(({ outcome }) => outcome !== 'ok').length);
      const { startMs, endMs } = windowOf(given);
      assert.equal(lengthMs(table), endMs - startMs);
    }),
  );
});

test('more spans than a call takes arguments make a table and come back', () => {
  const most = 200_000;
  assert.throws(() => Math.max(...Array.from({ length: most }, () => 0)), RangeError);
  const many = Array.from({ length: most }, (_, index): Span => {
    return { input: index + 1, startMs: index, endMs: index + 1, thread: 0, outcome: 'ok' };
  });
  const table = tableOf(many);
  assert.equal(lengthMs(table), most);
  assert.deepEqual(spansOf(table).at(-1), many.at(-1));
});

test('failures are counted by kind, the most frequent first', () => {
  const errors = ['TypeError', 'StatusError 503', undefined, 'StatusError 503'];
  const counts = failuresByKind(errors.map((error) => (error === undefined ? {} : { error })));
  assert.deepEqual(counts.texts(), ['2 × StatusError 503', '1 × TypeError']);
  assert.deepEqual(failuresByKind([]).texts(), []);
});
