import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GiveBack } from '../../src/approaches/job-queue.ts';
import { FORMAT, queuedOrder, readOrder, type QueuedWork } from '../../src/queue/order.ts';

const WORKS: readonly QueuedWork[] = [
  { job: 'fetch-order', origin: 'http://127.0.0.1:4000', timeoutMs: 1000, asText: true },
  { job: 'save-order', origin: 'http://127.0.0.1:4000', timeoutMs: 1000, folder: 'orders' },
  { job: 'price-order', rounds: 100 },
];

test('every kind of work comes through JSON as it was', () => {
  for (const work of WORKS) {
    const order = queuedOrder(work, 7);
    assert.deepEqual(readOrder(JSON.parse(JSON.stringify(order))), order);
  }
});

test('an order of another format is left to others, whatever else is in it', () => {
  for (const format of [FORMAT - 1, FORMAT + 1]) {
    assert.throws(() => readOrder({ format, news: true }), GiveBack);
  }
});

test('what is no order is refused, with the place of what is wrong', () => {
  const [fetch, , price] = WORKS.map((work) => queuedOrder(work, 7));
  const wrong: ReadonlyArray<readonly [unknown, RegExp]> = [
    [undefined, /^job: expected an order, got nothing$/],
    ['soup', /^job: expected an order, got "soup"$/],
    [{}, /^job\.format: expected /],
    [{ ...fetch, id: 0 }, /^job\.id: expected a whole number from 1 up, got 0$/],
    [{ ...fetch, work: { ...fetch!.work, job: 'rm -rf' } }, /^job\.work\.job: expected /],
    [
      { ...price, work: { job: 'price-order', rounds: '1' } },
      /^job\.work\.rounds: expected a whole number.*, got "1"$/,
    ],
  ];
  for (const [found, message] of wrong) {
    assert.throws(() => readOrder(found), { name: 'DocumentError', message }, JSON.stringify(found));
  }
});
