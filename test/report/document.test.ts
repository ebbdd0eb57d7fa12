import assert from 'node:assert/strict';
import { test } from 'node:test';
import { now } from '../../src/api/clock.ts';
import { lost } from '../../src/running/recorded.ts';
import { claimsOf } from '../../src/report/claims.ts';
import { parsedJson } from '../../src/files/json.ts';
import { checked, DocumentError } from '../../src/files/schema.ts';
import { runDocument } from '../../src/report/document.ts';
import { cpuComparison, ioComparison, quietEnvironment, row, span } from './samples.ts';

const parseDocument = (text: string) => checked(runDocument, parsedJson(Buffer.from(text)));

const failed = span(2, 0, 10, { outcome: 'failed', error: 'reset' });
const crashed = { approach: 'blocking', error: 'crashed' } as const;
const comparisons = [
  ioComparison([row('sequential', [20, 21], { spans: [span(1, 0, 10), failed] }), crashed]),
  cpuComparison([row('worker-threads', [10])]),
];
const good = { environment: quietEnvironment(), comparisons, claims: claimsOf(comparisons) };

/** The document with one place of it changed. */
function broken(path: string, value: unknown): string {
  const copy = structuredClone(good) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const owner = keys.reduce((object, key) => object[key] as Record<string, unknown>, copy);
  owner[last] = value;
  return JSON.stringify(copy);
}

test('what a run prints is read back as it was', () => {
  assert.deepEqual(parseDocument(JSON.stringify(good)), good);
});

test('a run at an API with limits is read back as it was, beside one of the same job without', () => {
  const atLimits = { refused: 24, queued: 8, longestQueue: 8, queueMs: 160.5, goodputPerSecond: 400.25 };
  const limited = ioComparison([row('adaptive', [20], { atLimits })], {
    stoves: { count: 8, queue: 4 },
    rate: { perSecond: 50, burst: 5 },
    pace: 12.5,
  });
  const run = { ...good, comparisons: [...comparisons, limited] };
  assert.deepEqual(parseDocument(JSON.stringify(run)), run);
  assert.throws(
    () => parseDocument(JSON.stringify({ ...run, comparisons: [limited, limited] })),
    DocumentError,
  );
});

test('a run that lost a thread is read back too', () => {
  const { span: gone } = lost(1, now(), new Error('dropped the tray'));
  assert.deepEqual(parseDocument(broken('comparisons.0.rows.0.spans.0', gone)), {
    ...good,
    comparisons: [
      ioComparison([row('sequential', [20, 21], { spans: [gone, failed] }), crashed]),
      comparisons[1],
    ],
  });
});

test('a field that only a later version knows does no harm', () => {
  assert.deepEqual(parseDocument(broken('later', 1)), good);
});

const departures: ReadonlyArray<readonly [path: string, value: unknown, message: RegExp]> = [
  ['environment', undefined, /^document\.environment: expected an object, got nothing$/],
  ['comparisons', {}, /^document\.comparisons: expected a list, got \{\}$/],
  ['comparisons.0.job', 'rm -rf', /comparisons\[0\]\.job: expected one of fetch-order, .* got "rm -rf"$/],
  [
    'comparisons.1.processes',
    'two',
    /comparisons\[1\]\.processes: expected a whole number from 1 up, got "two"$/,
  ],
  ['comparisons.0.requests', 0, /comparisons\[0\]\.requests: expected a whole number from 1 up, got 0$/],
  ['comparisons.0.faults', { reset: 7 }, /faults\.reset: expected a number from 0 to 1, got 7$/],
  ['comparisons.0.rows.0.timeMs.median', -5, /timeMs\.median: expected a number from 0 up, got -5$/],
  ['comparisons.0.rows.0.timeMs.median', 99, /expected a number within the samples \(20 to 21\), got 99$/],
  ['comparisons.1.job', 'fetch-order', /comparisons\[1\]\.job: expected "price-order", got "fetch-order"$/],
  ['environment.packages', {}, /packages\.msw: expected a text, got nothing$/],
  ['comparisons.0.rows.0.approach', 'x', /rows\[0\]\.approach: expected one of blocking, /],
  ['comparisons.0.rows.0.timeMs.median', '<b>', /timeMs\.median: expected a number from 0 up, got "<b>"$/],
  ['comparisons.0.rows.0.timeMs.samples', [], /samples: expected a list that is not empty, got \[\]$/],
  ['comparisons.0.rows.0.spans.1.endMs', -1, /spans\[1\]\.endMs: expected a number from 0 up, got -1$/],
  [
    'comparisons.0.rows.0.spans.1.startMs',
    11,
    /spans\[1\]\.endMs: expected a number from startMs \(11\) up, got 10$/,
  ],
  ['comparisons.0.rows.0.spans.1.error', 5, /spans\[1\]\.error: expected a text, got 5$/],
  [
    'comparisons.0.rows.0.spans.1.thread',
    -2,
    /spans\[1\]\.thread: expected a whole number from -1 up, got -2$/,
  ],
  ['comparisons.0.rows.1.error', null, /rows\[1\]\.error: expected a text, got null$/],
  ['claims.0.verdict', 'maybe', /claims\[0\]\.verdict: expected one of holds, differs, /],
];
for (const [path, value, message] of departures) {
  test(`a document whose ${path} is ${JSON.stringify(value)} is refused, and the message says where`, () => {
    assert.throws(
      () => parseDocument(broken(path, value)),
      (error) => error instanceof DocumentError && message.test(error.message),
    );
  });
}

test('what is no JSON is refused with a hint', () => {
  assert.throws(() => parseDocument('<html>'), /: expected JSON, got something else: /);
});
