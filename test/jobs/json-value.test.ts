import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, jsonValue, property } from 'fast-check';
import { jsonProblem } from '../../src/jobs/json-value.ts';

test('what came from JSON can go there again', () => {
  check(property(jsonValue(), (value) => jsonProblem(value) === undefined));
});

test('a field without a value is no loss, and neither is a task that returns nothing', () => {
  assert.equal(jsonProblem({ id: 7, note: undefined }), undefined);
  assert.equal(jsonProblem(undefined), undefined);
  assert.equal(jsonProblem(Object.assign(Object.create(null) as object, { id: 7 })), undefined);
});

class Dish {
  readonly id = 7;
}
const circle: { self?: unknown } = {};
circle.self = { again: circle };
let deep: unknown = 1;
for (let level = 0; level < 100_000; level++) deep = [deep];

for (const [value, problem] of [
  [new Date(0), 'is a Date'],
  [new Map(), 'is a Map'],
  [Buffer.from('soup'), 'is a Buffer'],
  [new Dish(), 'is a Dish'],
  [10n, 'is a bigint'],
  [() => 1, 'is a function'],
  [Symbol('soup'), 'is a symbol'],
  [NaN, 'is NaN'],
  [{ price: Infinity }, 'has Infinity at .price'],
  [{ lines: [{ at: new Date(0) }] }, 'has a Date at .lines[0].at'],
  [[1, , 3], 'has nothing at [1]'],
  [circle, 'has a circle at .self.again'],
  [deep, 'is nested too deeply'],
  [
    new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('closed');
        },
      },
    ),
    'cannot be read',
  ],
] as ReadonlyArray<readonly [value: unknown, problem: string]>) {
  test(`JSON cannot carry what ${problem}`, () => {
    assert.equal(jsonProblem(value), problem);
  });
}

test('one value in two places is no circle', () => {
  const line = { id: 1 };
  assert.equal(jsonProblem([line, line]), undefined);
});
