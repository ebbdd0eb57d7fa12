import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Probe } from '../../src/measure/nature.ts';
import { natureLine } from '../../src/report/nature.ts';

const probe = (times: Partial<Probe>): Probe => ({
  tasks: 10,
  isSynchronous: false,
  wallMs: 120,
  heldMs: 3.6,
  threadCpuMs: 3.6,
  otherCpuMs: 0,
  ...times,
});

test('the line says what part of its time a task waits or computes', () => {
  assert.equal(
    natureLine('my.ts', probe({}), 'waits'),
    'my.ts waits 97 % of its 120 ms (10 tasks, one at a time).',
  );
  assert.equal(
    natureLine('my.ts', probe({ wallMs: 4, threadCpuMs: 4, heldMs: 4, tasks: 1 }), 'computes'),
    'my.ts computes 100 % of its 4.00 ms (1 task, one at a time).',
  );
  assert.equal(
    natureLine('zip.ts', probe({ wallMs: 10, threadCpuMs: 0.2, otherCpuMs: 9 }), 'both'),
    'zip.ts waits and computes: its thread is idle for 98 % of its 10.0 ms; computing takes 90 % in other threads of its process, and 2 % in its own (10 tasks, one at a time).',
  );
});

test('a wait that holds its thread is told of, and so is a kind that somebody asked for', () => {
  assert.match(
    natureLine('my.ts', probe({ heldMs: 119 }), 'waits'),
    /, and its thread can do nothing else meanwhile/,
  );
  assert.match(
    natureLine('my.ts', probe({}), 'waits', 'computes'),
    / It is taken as one that computes \(--kind\)\.$/,
  );
});
