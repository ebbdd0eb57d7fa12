// What sequential promises beyond the contract of all approaches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sequential } from '../../src/approaches/sequential.ts';

const left = new Error('the guests have left');

test('closes inputs that may be endless after the first failure, and starts nothing more', async () => {
  let closed = 0;
  let started = 0;
  function* orders() {
    try {
      for (let input = 1; ; input++) yield input;
    } finally {
      closed++;
    }
  }
  const task = (input: number) => {
    started++;
    if (input === 3) throw left;
  };
  await assert.rejects(sequential(orders(), task), left);
  assert.deepEqual({ started, closed }, { started: 3, closed: 1 });
});

test('notices an abort while it waits for a slow source, and during the last task', async () => {
  const duringSource = new AbortController();
  async function* orders() {
    yield 1;
    duringSource.abort(left);
    yield 2;
  }
  const started: number[] = [];
  await assert.rejects(
    sequential(orders(), (input) => started.push(input), { signal: duringSource.signal }),
    left,
  );
  assert.deepEqual(started, [1]);

  const duringTask = new AbortController();
  await assert.rejects(
    sequential([1], () => duringTask.abort(left), { signal: duringTask.signal }),
    left,
  );
});

test('hands every task the signal', async () => {
  const { signal } = new AbortController();
  const signals = await sequential([1, 2], (_, given) => given, { signal });
  assert.deepEqual(signals, [signal, signal]);
});
