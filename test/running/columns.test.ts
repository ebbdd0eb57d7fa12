import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fromColumns, toColumns } from '../../src/running/columns.ts';

test('objects of one shape become columns, and so do the objects in them', () => {
  const rows = [
    { span: { input: 1, ok: true }, value: { id: 1 } },
    { span: { input: 2, ok: false }, value: { id: 2 } },
  ];
  assert.deepEqual(toColumns(rows), {
    keys: ['span', 'value'],
    columns: [
      { keys: ['input', 'ok'], columns: [{ rows: [1, 2] }, { rows: [true, false] }] },
      { keys: ['id'], columns: [{ rows: [1, 2] }] },
    ],
  });
});

test('what has no common shape stays as it is', () => {
  for (const rows of [
    [],
    [{}, {}],
    [1, 'two', null],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: 1 }, [1]],
    [new Date(0), new Date(1)],
  ]) {
    assert.deepEqual(toColumns(rows), { rows });
  }
});

test('a key named __proto__ neither is lost nor becomes a prototype', () => {
  const rows = [JSON.parse('{"__proto__":{"a":1}}')] as unknown[];
  assert.equal(JSON.stringify(fromColumns(toColumns(rows))), '[{"__proto__":{"a":1}}]');
});

test('whatever a thread may be sent comes back as it was, the order of its keys included', () => {
  const leaf = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
  );
  // Few keys, so that rows often have the same.
  const plain = { noNullPrototype: true };
  const inner = fc.dictionary(fc.constant('c'), leaf, plain);
  const row = fc.dictionary(fc.constantFrom('a', 'b', '0', '__proto__'), fc.oneof(leaf, inner), plain);
  fc.assert(
    fc.property(fc.array(fc.oneof(row, leaf)), (rows) => {
      const there = fromColumns(structuredClone(toColumns(rows)));
      assert.deepEqual(there, rows);
      assert.equal(JSON.stringify(there), JSON.stringify(rows));
    }),
  );
});
