// What changed between two looks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeLines, oldestMs } from '../../src/awaiting/watch.ts';
import type { Branch, FunctionBranch } from '../../src/awaiting/branch.ts';
import type { AwaitTree } from '../../src/awaiting/tree.ts';

const leaf: Branch = { kind: 'leaf', waitsFor: 'setImmediate', count: 1 };

function call(name: string, ids: readonly number[], more: Partial<FunctionBranch> = {}): FunctionBranch {
  return {
    kind: 'function',
    name,
    count: ids.length,
    at: 'a.js:1:1',
    defined: 'a.js:1:1',
    ids,
    lookedUp: ids.length,
    below: [leaf],
    ...more,
  };
}

const tree = (roots: readonly Branch[], findings: AwaitTree['findings'] = []): AwaitTree => ({
  findings,
  roots,
  waiting: 0,
  hidden: 0,
});

test('what is as before is not shown, whatever its age and however many objects were made meanwhile', () => {
  const before = tree([call('main', [1], { below: [call('cook', [2, 3])] })]);
  const after = tree([call('main', [1], { ageMs: 2000, below: [call('cook', [2, 3], { ageMs: 2000 })] })]);
  assert.deepEqual(changeLines(before, after), []);
  assert.equal(oldestMs(after), 2000);
});

test('what is new is shown whole, what is gone in one line with its age, each below what leads to it', () => {
  const before = tree([call('main', [1], { below: [call('cook', [2], { ageMs: 4000 })] })]);
  const after = tree([call('main', [1], { ageMs: 6000, below: [call('serve', [4])] })]);
  assert.deepEqual(changeLines(before, after), [
    '  main  a.js:1:1  seen for 6.0 s',
    '+    serve  a.js:1:1',
    '+       waits for setImmediate',
    '-    cook  a.js:1:1  seen for 4.0 s',
  ]);
});

test('more or fewer of the same are a change of their number', () => {
  const before = tree([call('cook', [1, 2, 3])]);
  const after = tree([call('cook', [1, 2], { ageMs: 12_345 })]);
  assert.deepEqual(changeLines(before, after), ['~ cook × 2  a.js:1:1  (was × 3)  seen for 12 s']);
});

test('a function that went on to its next await is the same one', () => {
  const before = tree([call('cook', [1]), call('cook', [2])]);
  const after = tree([call('cook', [2], { at: 'a.js:9:1', ageMs: 2000 }), call('cook', [1])]);
  assert.deepEqual(changeLines(before, after), ['~ cook  a.js:9:1  (was cook  a.js:1:1)  seen for 2.0 s']);
});

test('one that ended, and another that began at the same place, are two', () => {
  const before = tree([call('cook', [1]), call('wash', [5])]);
  const after = tree([call('wash', [5], { ageMs: 1000 }), call('serve', [6])]);
  assert.deepEqual(changeLines(before, after), [
    '+ serve  a.js:1:1',
    '+    waits for setImmediate',
    '- cook  a.js:1:1',
  ]);
});

test('what is wrong comes first, when it begins and when it is over', () => {
  const deadlock = { kind: 'deadlock', path: ['a', 'b', 'a'], at: 'a.js:1:1' } as const;
  const [began, ...others] = changeLines(tree([]), tree([call('a', [1])], [deadlock]));
  assert.match(began!, /^\+ DEADLOCK: a → b → a /);
  assert.equal(others.length, 2);
  const [over] = changeLines(tree([], [deadlock]), tree([]));
  assert.match(over!, /^- DEADLOCK: a → b → a /);
});
