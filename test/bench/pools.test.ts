// The pools suite is fair: every peer gets the same inputs, runs the same task as often, and answers the same.
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { BOUNDED_PEERS, PEER_NAMES, peerOf } from '../../bench/pools/peers.ts';
import { mostWithin, RATE_PEER_NAMES, rates } from '../../bench/pools/rates.ts';
import { semantics } from '../../bench/pools/semantics.ts';

for (const peer of PEER_NAMES) {
  test(`${peer} gives every input to the task once and returns its results in order`, async () => {
    const run = await peerOf(peer).load();
    const seen: number[] = [];
    let [running, peak] = [0, 0];
    const inputs = function* () {
      for (let id = 1; id <= 30; id++) yield id;
    };
    const results = await run(
      inputs(),
      async (id) => {
        seen.push(id);
        peak = Math.max(peak, ++running);
        await turn();
        running--;
        return id * id;
      },
      { concurrency: 4 },
    );
    assert.deepEqual(seen, [...inputs()]);
    assert.deepEqual(
      results,
      [...inputs()].map((id) => id * id),
    );
    assert.equal(peak, BOUNDED_PEERS.includes(peer) ? 4 : 30);
  });
}

test('the questions about behaviour tell a pool that stops from one that goes on, and one that hangs', async () => {
  assert.deepEqual(await semantics({ peer: 'bounded-pool' }), {
    order: 'input',
    peak: '3',
    afterFailure: '0',
    runningAtRejection: '0',
    afterAbort: '0',
    iterator: 'closed',
    plainFunction: 'resolves',
    synchronousThrow: 'rejects',
    unhandled: '0',
  });
  const goesOn = await semantics({ peer: 'p-limit' });
  assert.notEqual(goesOn['afterFailure'], '0');
  assert.equal(goesOn['afterAbort'], 'no signal');
  const hangs = await semantics({ peer: 'async.mapLimit' });
  assert.equal(hangs['plainFunction'], 'never settles');
  assert.equal(hangs['iterator'], 'left open');
});

for (const peer of RATE_PEER_NAMES) {
  test(`${peer} asks the service once for every input`, async () => {
    // So many in a second that nobody has to wait long, and everybody is let in.
    const rate = { perSecond: 500, burst: 1000 };
    const found = await rates({ peer, tasks: 20, rate, latencyMs: 0 });
    assert.equal(found['refused'], 0);
  });
}

test('who starts a second of work at once is refused what the burst does not hold', async () => {
  const rate = { perSecond: 20, burst: 5 };
  const found = await rates({ peer: 'p-queue, a second', tasks: 20, rate, latencyMs: 0 });
  assert.ok((found['refused'] as number) > 0);
  assert.ok((found['most'] as number) > rate.burst);
});

test('the most within a width counts times, and not pairs', () => {
  assert.equal(mostWithin([], 100), 0);
  assert.equal(mostWithin([0, 50, 99, 100, 250], 100), 3);
  assert.equal(mostWithin([0, 100, 200], 100), 1);
});
