// The advice of a run: each of its parts needs the figures that carry it, and loses its place with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAdvice } from '../../src/report/run-advice.ts';
import { cpuComparison, ioComparison, row } from './samples.ts';

const stoves = { count: 8, queue: 8 };
const slow = row('sequential', [850, 851, 852], { speedup: 1 });
const all = row('promise-all', [27, 27, 28], { speedup: 31.5 });
const pool = row('bounded-pool', [91, 92, 93], { speedup: 9.3 });
const threads = row('worker-threads', [87, 88, 89], { speedup: 1.86 });
const lossy = row('promise-all', [20, 20, 21], { succeeded: 16, failed: 24 });

const free = ioComparison([slow, all, pool]);
const computing = cpuComparison([row('sequential', [162, 163, 164], { speedup: 1 }), threads]);
const limited = ioComparison(
  [lossy, row('bounded-pool', [110, 111, 112]), row('adaptive', [150, 151, 152])],
  {
    stoves,
  },
);

test('all at once where nothing limits, threads where it computes, bounded where something limits', () => {
  assert.equal(
    runAdvice([free, computing, limited]),
    'Take promise-all if nothing limits the requests (speed-up 31.5×). ' +
      'Take worker-threads for work that computes (speed-up 1.86×). ' +
      'Take bounded-pool if the API has limits (promise-all lost 24 of 40 orders, bounded-pool lost none).',
  );
});

test('one part alone is no advice, and no run is none', () => {
  for (const run of [[], [free], [computing], [limited]]) assert.equal(runAdvice(run), undefined);
});

const without: Record<string, ReturnType<typeof ioComparison | typeof cpuComparison>> = {
  'where a pool is beyond doubt faster, nobody is told to start all at once': ioComparison([
    slow,
    row('promise-all', [40, 41, 42], { speedup: 20 }),
    row('bounded-pool', [30, 30, 30], { speedup: 28 }),
  ]),
  'an approach that lost orders is recommended for nothing': ioComparison([
    slow,
    row('promise-all', [20, 20, 20], { speedup: null, failed: 1 }),
    pool,
  ]),
  'where nobody lost anything, nothing says that bounding is needed': ioComparison([all, pool], { stoves }),
  'where those that are bounded lost orders too, they are not the remedy': ioComparison(
    [lossy, row('bounded-pool', [90, 90, 90], { failed: 2 }), slow],
    { stoves },
  ),
  'threads that are not beyond doubt the fastest are not recommended': cpuComparison([
    row('sequential', [162, 163, 164], { speedup: 1 }),
    row('worker-threads', [150, 163, 170], { speedup: 1 }),
  ]),
  'too few trials carry no part': ioComparison([row('sequential', [850]), row('promise-all', [27])]),
};

for (const [what, comparison] of Object.entries(without)) {
  test(what, () => {
    const others = [free, computing, limited].filter(
      (other) => other.kind !== comparison.kind || 'stoves' in other !== 'stoves' in comparison,
    );
    assert.equal(others.length, 2);
    assert.equal(runAdvice([...others, comparison]), runAdvice(others));
  });
}
