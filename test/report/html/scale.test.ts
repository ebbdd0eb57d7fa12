import assert from 'node:assert/strict';
import { test } from 'node:test';
import { place } from '../../../src/report/html/scale.ts';

test('a place is a percentage of the axis, and nothing stands outside of it', () => {
  assert.equal(place(25, 200), '12.5%');
  assert.equal(place(0, 0), '0%');
  // The division can overflow, and so could a product with 100.
  for (const value of [300, 1e307, 1e308, Infinity]) assert.equal(place(value, 1), '100%');
  assert.equal(place(1e308, 5e-324), '100%');
  assert.equal(place(-1, 200), '0%');
  assert.equal(place(NaN, 200), '0%');
});
