import assert from 'node:assert/strict';
import { test } from 'node:test';
import { place } from '../../../src/report/html/scale.ts';

test('a place is a percentage of the axis', () => {
  assert.equal(place(25, 200), '12.5%');
  assert.equal(place(0, 0), '0%');
  assert.equal(place(1e308, 5e-324), '0%');
});
