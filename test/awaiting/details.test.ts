// The time that timers have left. To look up one object, the inspector walks through the heap of the target. So of many
// timers only one is looked up, and the others are found with it. And whether a function uses a variable, where its text
// does not tell.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Details } from '../../src/awaiting/details.ts';
import { InspectorError, type Session } from '../../src/awaiting/inspector.ts';
import { Scripts } from '../../src/awaiting/scripts.ts';
import type { Snapshot } from '../../src/awaiting/snapshot.ts';

/** A heap of which only timers are asked for. The number of each is also its index. */
const HEAP = { nodeCount: 100_000, id: (node: number) => node, name: () => 'Timeout' } as Partial<Snapshot>;

/** A target with these timers. Each has as many milliseconds left as its number says. */
function targetWith(timers: readonly number[]): { session: Session; walks: number[] } {
  const walks: number[] = [];
  const answers: Readonly<Record<string, (params: Readonly<Record<string, string>>) => object>> = {
    'HeapProfiler.getObjectByHeapObjectId': ({ objectId }) => {
      walks.push(Number(objectId));
      if (!timers.includes(Number(objectId))) throw new InspectorError('Object is not available');
      return { result: { objectId } };
    },
    'HeapProfiler.getHeapObjectId': ({ objectId }) => ({ heapSnapshotObjectId: objectId }),
    'Runtime.queryObjects': () => ({ objects: { objectId: 'all' } }),
    'Runtime.getProperties': () => ({
      result: [...timers.map((timer) => ({ value: { objectId: `${timer}` } })), { value: {} }],
    }),
    'Runtime.callFunctionOn': ({ objectId, functionDeclaration }) => {
      if (functionDeclaration!.includes('getPrototypeOf')) return { result: { objectId: 'prototype' } };
      return { result: { value: objectId === 'all' ? timers.length : Number(objectId) } };
    },
  };
  const session: Session = {
    on: () => {},
    post: async <Result>(method: string, params?: object) =>
      answers[method]!(params as Readonly<Record<string, string>>) as Result,
  };
  return { session, walks };
}

/** What is left of the timers, and which of them were looked up for it. */
async function leftOf(asked: readonly number[], timers = asked) {
  const { session, walks } = targetWith(timers);
  const details = new Details(session, HEAP as Snapshot, new Scripts(session));
  for (const timer of asked) assert.equal(details.leftOf(timer), undefined);
  await details.find(undefined);
  return { left: asked.map((timer) => details.leftOf(timer)), walks, lookups: details.lookups };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test('a few timers are looked up one by one', async () => {
  const few = upTo(4);
  assert.deepEqual(await leftOf(few), { left: few, walks: few, lookups: 4 });
});

test('of more timers one is looked up, and the others are found with it, also if they are too many for look-ups', async () => {
  for (const many of [upTo(5), upTo(300)]) {
    assert.deepEqual(await leftOf(many), { left: many, walks: [1], lookups: many.length });
  }
});

test('where the target has very many timers, some of them are looked up', async () => {
  const { left, lookups } = await leftOf(upTo(200), upTo(1000));
  assert.deepEqual(left.slice(0, 100), upTo(100));
  assert.deepEqual(new Set(left.slice(100)), new Set([undefined]));
  assert.equal(lookups, 100);
});

test('a timer that is gone since the snapshot has nothing left', async () => {
  const { left } = await leftOf(upTo(6), [1, 2, 3, 5, 6]);
  assert.deepEqual(left, [1, 2, 3, undefined, 5, 6]);
  assert.deepEqual((await leftOf([7, ...upTo(5)], upTo(5))).left, [undefined, ...upTo(5)]);
});

test('in doubt a function uses the variable: it has no place, or its text did not come or is too short', async () => {
  const places = [
    undefined,
    { scriptId: 'gone', line: 1, column: 1 },
    { scriptId: 'short', line: 3, column: 1 },
  ];
  const session: Session = {
    on: () => {},
    post: async <Result>(_: string, params?: object) => {
      if ((params as { scriptId: string }).scriptId === 'gone') throw new InspectorError('No script for id');
      return { scriptSource: 'a();' } as Result;
    },
  };
  const heap: Partial<Snapshot> = { nodeCount: 1, location: (node: number) => places[node] };
  const details = new Details(session, heap as Snapshot, new Scripts(session));
  for (const node of places.keys()) assert.equal(details.mentions(node, 'resolve'), true);
  await details.find(undefined);
  for (const node of places.keys()) assert.equal(details.mentions(node, 'resolve'), true, `place ${node}`);
});
