// Each look-up of a place stops the process, for as long as a walk through its heap takes. So their number is bounded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenOf } from '../../src/awaiting/places.ts';

/** So many objects has the heap of a small HTTP server. */
const SMALL_SERVER = 280_000;

const kindsOf = (count: number, size: number): string[][] =>
  Array.from({ length: count }, (_, kind) => Array.from({ length: size }, (_, each) => `${kind}.${each}`));

test('of 48 requests in flight, with 3 functions each, 12 functions are looked up: 4 of each kind, early and late', () => {
  const turns = ['0', '16', '31', '47'];
  const expected = turns.flatMap((each) => ['0', '1', '2'].map((kind) => `${kind}.${each}`));
  assert.deepEqual(chosenOf(kindsOf(3, 48), SMALL_SERVER, false), expected);
});

test('ten times the requests need no look-up more', () => {
  assert.equal(chosenOf(kindsOf(3, 480), SMALL_SERVER, false).length, 12);
});

test('all of a kind are looked up where they are few', () => {
  assert.deepEqual(chosenOf([['a', 'b', 'c', 'd'], ['e']], SMALL_SERVER, false), ['a', 'e', 'b', 'c', 'd']);
});

test('many kinds share what may be walked in all, and no kind has a second before each has one', () => {
  const chosen = chosenOf(kindsOf(80, 5), SMALL_SERVER, false);
  assert.equal(chosen.length, 107);
  assert.deepEqual(
    chosen.slice(0, 80),
    kindsOf(80, 1).map(([first]) => first),
  );
});

test('the larger the heap, the fewer are looked up, and 8 in the largest', () => {
  const counts = [1e6, 3e6, 1e7, 1e8].map((nodes) => chosenOf(kindsOf(100, 5), nodes, false).length);
  assert.deepEqual(counts, [30, 10, 8, 8]);
});

test('with --locals each has values of its own: only the walk bounds them', () => {
  assert.equal(chosenOf(kindsOf(3, 10), SMALL_SERVER, true).length, 30);
  assert.equal(chosenOf(kindsOf(3, 48), SMALL_SERVER, true).length, 107);
});
