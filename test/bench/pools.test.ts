// The pools suite is fair: every peer gets the same inputs, runs the same task as often, and answers the same.
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { BOUNDED_PEERS, PEER_NAMES, peerOf } from '../../bench/pools/peers.ts';
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
