import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { run } from './processes.ts';

let seen: Record<string, unknown>;
before(async () => {
  const { stdout, stderr } = await run('test/lessons/virtual-time-probe.ts');
  seen = JSON.parse(stdout || JSON.stringify({ stderr })) as typeof seen;
});

test('waits take exactly what they say, on every clock', () => {
  const date = '2026-01-01T12:00:01.500Z';
  assert.deepEqual(seen['waited'], { performance: 1500, date, dateNow: 0 });
});

test('timers fire one by one, by time and then by age, each with its microtasks', () => {
  assert.deepEqual(seen['order'], ['first', 'microtask of first', 'second', 'unref', 'late']);
});

test('an interval ticks until it is cleared', () => {
  assert.deepEqual(seen['ticks'], [0, 100, 200]);
});

test('AbortSignal.timeout ends a wait with the reasons of Node', () => {
  assert.deepEqual(seen['aborted'], ['AbortError', 'TimeoutError', 250]);
});

test('the clock stands still while a file is read', () => {
  assert.deepEqual(seen['files'], { elapsed: 0, fired: false });
});

test('the kitchen of the API keeps virtual time to the millisecond', () => {
  assert.deepEqual([seen['instant'], seen['slow']], [0, 1400]);
});

test('afterwards everything is as before', () => {
  assert.equal(seen['restored'], true);
});
