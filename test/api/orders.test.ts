// Orders and latencies are functions of an id and a seed: the same for everyone, in every process.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assert as check, integer, property } from 'fast-check';
import { latencyOf } from '../../src/api/conditions.ts';
import { orderOf } from '../../src/api/orders.ts';
import { chance } from '../../src/api/random.ts';

const ids = integer({ min: 1, max: 2 ** 31 });

describe('an order', () => {
  test('is the same whenever it is asked for, and has not changed since these tests were written', () => {
    assert.deepEqual(orderOf(1), orderOf(1));
    assert.deepEqual(orderOf(1), {
      id: 1,
      table: 11,
      waiter: 'Dalia',
      lines: [
        { dish: 'lentil soup', quantity: 3, cents: 690 },
        { dish: 'beetroot salad', quantity: 2, cents: 820 },
      ],
      note: 'window seat if there is one',
    });
  });

  test('is about 200 bytes as JSON, and names a table, a waiter and two dishes with quantity and price', () => {
    check(
      property(ids, (id) => {
        const order = orderOf(id);
        const bytes = Buffer.byteLength(JSON.stringify(order));
        assert.ok(bytes >= 170 && bytes <= 230, `${bytes} bytes`);
        assert.equal(order.id, id);
        assert.ok(order.table >= 1 && order.table <= 20);
        assert.equal(order.lines.length, 2);
        for (const { quantity, cents } of order.lines) assert.ok(quantity >= 1 && quantity <= 4 && cents > 0);
      }),
    );
  });

  test('differs from its neighbours: 100 orders make more than 90 different ones beside their ids', () => {
    const orders = Array.from({ length: 100 }, (_, id) => JSON.stringify({ ...orderOf(id + 1), id: 0 }));
    assert.ok(new Set(orders).size > 90);
  });
});

describe('chance', () => {
  test('depends on the seed and on every key, and lies in [0, 1)', () => {
    check(
      property(ids, ids, (seed, id) => {
        const drawn = chance(seed, 'latency', id);
        assert.equal(chance(seed, 'latency', id), drawn);
        assert.ok(drawn >= 0 && drawn < 1);
        assert.notEqual(chance(seed, 'latency', id + 1), drawn);
        assert.notEqual(chance(seed + 1, 'latency', id), drawn);
      }),
      { seed: 1 },
    );
  });

  test('tells keys apart that read the same when joined', () => {
    assert.notEqual(chance(1, 'ab', 'c'), chance(1, 'a', 'bc'));
  });

  test('is even: ten drawers share 10,000 draws within a tenth', () => {
    const drawers = Array.from({ length: 10 }, () => 0);
    for (let id = 0; id < 10_000; id++) drawers[Math.floor(chance(1, 'drawer', id) * 10)]!++;
    for (const count of drawers) assert.ok(count > 900 && count < 1100, drawers.join(' '));
  });
});

describe('latency', () => {
  test('is the same by seed and order, and lies between latency and latency plus jitter', () => {
    const conditions = { latencyMs: 100, jitterMs: 40, seed: 7 };
    const drawn = Array.from({ length: 50 }, (_, id) => latencyOf(id, conditions));
    assert.deepEqual(
      drawn,
      Array.from({ length: 50 }, (_, id) => latencyOf(id, conditions)),
    );
    for (const latencyMs of drawn) assert.ok(latencyMs >= 100 && latencyMs < 140);
    assert.ok(new Set(drawn).size > 40);
    assert.notDeepEqual(
      drawn,
      Array.from({ length: 50 }, (_, id) => latencyOf(id, { ...conditions, seed: 8 })),
    );
  });

  test('is exact without jitter', () => {
    assert.equal(latencyOf(3, { latencyMs: 120, jitterMs: 0, seed: 1 }), 120);
  });
});
