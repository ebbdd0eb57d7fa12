// The line that says what a look cost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Price } from '../../src/awaiting/look.ts';
import { lookLines } from '../../src/awaiting/report.ts';

function priceLine(price: Partial<Price>): string {
  const look = {
    thread: { id: 0, name: 'main', url: '' },
    node: 'v26.10.0',
    pid: 1,
    running: undefined,
    tree: { findings: [], roots: [], waiting: 0, hidden: 0 },
    price: {
      pauseMs: 300,
      snapshotBytes: 5 * 2 ** 20,
      ownPeakBytes: 2 ** 27,
      lookups: 0,
      lookupMs: 0,
      leftOut: 0,
      ...price,
    },
  };
  return lookLines([look]).at(-1)!;
}

test('the look-ups have their own part of the price, where there were any', () => {
  assert.equal(
    priceLine({}),
    'price: v26.10.0 stood still for 300 ms; snapshot 5.0 MiB, our own memory at most 128.0 MiB',
  );
  assert.match(
    priceLine({ lookups: 1, lookupMs: 30 }),
    /stood still for 300 ms, and for 30 ms while we looked up 1 place;/,
  );
  assert.match(
    priceLine({ lookups: 8, lookupMs: 2400, leftOut: 3 }),
    /and for 2\.4 s while we looked up 8 places \(3 more were left out: they would take too long\);/,
  );
});
