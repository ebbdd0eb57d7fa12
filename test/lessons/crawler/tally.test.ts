import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tally } from '../../../lessons/crawler/tally.ts';

test('it counts by reason and keeps three examples', () => {
  const tally = new Tally();
  for (let id = 0; id < 5; id++) tally.add('another origin', `http://elsewhere.test/${id}`);
  tally.add('too many links on one page', '/', 40);
  assert.deepEqual(
    [...tally.entries].map(([reason, { count, examples }]) => [reason, count, examples.length]),
    [
      ['another origin', 5, 3],
      ['too many links on one page', 40, 1],
    ],
  );
});

test('of reasons that a stranger makes up, eight are told apart and the rest is one', () => {
  const tally = new Tally();
  const schemes = Array.from({ length: 2004 }, (_, index) => `scheme-${index}`);
  for (const scheme of schemes) tally.add({ text: `not http (${scheme}:)`, kind: 'not http' }, `${scheme}:x`);
  tally.add({ text: 'not http (scheme-3:)', kind: 'not http' }, 'scheme-3:y');
  tally.add({ text: 'answered 404', kind: 'answered another status' }, '/');
  assert.equal(tally.entries.size, 8 + 1 + 1);
  assert.equal(tally.entries.get('not http (scheme-3:)')?.count, 2);
  assert.equal(tally.entries.get('not http')?.count, 2004 - 8);
  assert.equal(tally.entries.get('answered 404')?.count, 1);
});

test('neither a reason nor an example commands a terminal, or is longer than a page can show', () => {
  const tally = new Tally();
  tally.add(
    { text: `not http (\u001b[2J${'x'.repeat(5000)}:)`, kind: 'not http' },
    `\u202e\u009b2J${'y'.repeat(5000)}`,
  );
  const [reason, { examples }] = [...tally.entries][0]!;
  assert.match(reason, /^[\x20-\x7e\ufffd]{1,60}$/);
  assert.match(examples[0]!, /^[\x20-\x7e\ufffd]{1,2000}$/);
});
