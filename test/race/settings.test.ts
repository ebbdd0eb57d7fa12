import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { usualApproaches } from '../../src/running/registry.ts';
import {
  checkedSettings,
  comparisonSettings,
  numberFields,
  raceJobs,
  startSettings,
} from '../../src/race/settings.ts';

test('what the form begins with is a race that may run, of the usual approaches', () => {
  const settings = startSettings();
  assert.deepEqual(checkedSettings({ ...settings }), settings);
  assert.deepEqual(settings.approaches, usualApproaches({}));
});

test('every job can be raced, and becomes a comparison of its kind', () => {
  for (const job of raceJobs) {
    const settings = comparisonSettings({ ...startSettings(), job });
    assert.equal(settings.job, job);
    // Bars are what the API sees, so there has to be one.
    if (settings.kind === 'io') assert.equal(settings.network, 'loopback');
  }
});

test('limits and faults reach the API as the command line would read them', () => {
  const settings = comparisonSettings({
    ...startSettings(),
    faults: '503:0.1',
    stoves: '8,40',
    rate: '100,10',
  });
  assert.ok(settings.kind === 'io');
  const { faults, stoves, rate } = settings.conditions;
  assert.deepEqual(
    { faults, stoves, rate },
    {
      faults: { '503': 0.1 },
      stoves: { count: 8, queue: 40 },
      rate: { perSecond: 100, burst: 10 },
    },
  );
});

describe('a page cannot ask for more than a machine carries', () => {
  const wrong: ReadonlyArray<readonly [name: string, more: object, says: RegExp]> = [
    ['a million threads', { threads: 1_000_000 }, /race\.threads: expected a whole number from 1 to \d+/],
    ['no requests', { requests: 0 }, /race\.requests: expected a whole number from 1 to 2000, got 0/],
    ['half a request', { requests: 1.5 }, /race\.requests: expected a whole number/],
    ['a text for a number', { latency: '50' }, /race\.latency: expected a whole number/],
    ['no number', { latency: null }, /race\.latency: expected a whole number/],
    ['another job', { job: 'rm -rf' }, /race\.job: expected one of/],
    ['an approach of no name', { approaches: ['__proto__'] }, /race\.approaches\[0\]: expected one of/],
    ['no approach', { approaches: [] }, /race\.approaches: expected a list that is not empty/],
    [
      'one approach twice',
      { approaches: ['blocking', 'blocking'] },
      /race\.approaches\[1\]: expected another approach/,
    ],
    [
      'faults that are none',
      { faults: '503:2' },
      /race\.faults: expected another faults \(Expected NAME:RATE/,
    ],
    ['a text that is too long', { faults: 'x'.repeat(1000) }, /race\.faults: expected a text of at most 200/],
    [
      'an hour of it',
      { requests: 2000, latency: 1000 },
      /race: expected a race of at most 10 min 0 s, got "about \d+ min \d+ s"/,
    ],
  ];
  for (const [name, more, says] of wrong) {
    test(name, () => {
      assert.throws(() => checkedSettings({ ...startSettings(), ...more }), says);
    });
  }
  test('something that is no object', () => {
    for (const value of [null, 7, 'fetch-order', []]) {
      assert.throws(() => checkedSettings(value), /race: expected an object/);
    }
  });
  test('threads are at most four for each core, whatever machine it is', () => {
    for (const cores of [1, 2, 64]) {
      const threads = numberFields(cores).find(({ name }) => name === 'threads')!;
      assert.equal(threads.max, 4 * cores);
      assert.ok(threads.start <= threads.max);
    }
  });
});
