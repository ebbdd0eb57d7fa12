import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, integer, jsonValue, property, string } from 'fast-check';
import { jsonProblem, storableText } from '../../src/jobs/json-value.ts';

test('what came from JSON can go there again', () => {
  check(
    property(
      jsonValue(),
      (value) => jsonProblem(JSON.parse(storableText(JSON.stringify(value)))) === undefined,
    ),
  );
});

/** Any code unit, and so half a character too. */
const unit = integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

test('storableText makes every text storable, and leaves a storable one as it is', () => {
  check(property(string({ unit }), (text) => jsonProblem(storableText(text)) === undefined));
  assert.equal(storableText('soup \0 \ud83c 🍜'), 'soup \ufffd \ufffd 🍜');
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
  [[1, undefined, 3], 'has nothing at [1]'],
  ['soup\0', 'is a text that Postgres cannot store (with the character 0, or half a character)'],
  [
    { name: '\ud83c' },
    'has a text that Postgres cannot store (with the character 0, or half a character) at .name',
  ],
  [{ a: { ['\0']: 1 } }, 'has a name that Postgres cannot store at .a'],
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
