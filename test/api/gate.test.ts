// The gate that the other tests stand on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gate } from '../../src/api/gate.ts';
import { manyTurns } from '../turns.ts';

const { signal: never } = new AbortController();

test('lets requests go in the order of their arrival, as many as asked', async () => {
  const gate = new Gate();
  const gone: number[] = [];
  for (const id of [1, 2, 3, 4]) void gate.pass(never).then(() => gone.push(id));
  gate.letGo(2);
  await manyTurns();
  assert.deepEqual(gone, [1, 2]);
  assert.equal(gate.held, 2);
  gate.letGo();
  await manyTurns();
  assert.deepEqual(gone, [1, 2, 3, 4]);
});

test('waitFor resolves when so many stand there at the same time, and not before', async () => {
  const gate = new Gate();
  let reached = false;
  const waiting = gate.waitFor(2).then(() => (reached = true));
  void gate.pass(never);
  gate.letGo();
  void gate.pass(never);
  await manyTurns();
  assert.equal(reached, false, 'two came, but never two at once');
  void gate.pass(never);
  await waiting;
  await gate.waitFor(1);
});

test('a client that goes away leaves the gate, and nobody else does', async () => {
  const gate = new Gate();
  const client = new AbortController();
  const left = gate.pass(client.signal);
  void gate.pass(never);
  client.abort();
  await left;
  assert.equal(gate.held, 1);
});
