import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { request } from 'undici';
import { INSTANT } from '../../src/api/conditions.ts';
import { Gate } from '../../src/api/gate.ts';
import { LaneBatches, laneOf, NO_ANSWER, type LaneBatch, type LaneEvent } from '../../src/api/lanes.ts';
import { orderOf } from '../../src/api/orders.ts';
import { serve } from '../../src/api/serve.ts';
import { Session } from '../../src/api/session.ts';

describe('a path has a lane', () => {
  for (const [path, expected] of [
    ['/me/orders/7', { lane: 'me', id: 7 }],
    ['/bounded-pool/orders/12?fresh=1', { lane: 'bounded-pool', id: 12 }],
    ['/orders/orders/7', { lane: 'orders', id: 7 }],
    [`/${'x'.repeat(40)}/orders/7`, { lane: 'x'.repeat(40), id: 7 }],
    ['/orders/7', undefined],
    ['/me/orders/0', undefined],
    ['/me/orders/07', undefined],
    ['/me/orders/7/more', undefined],
    ['/-me/orders/7', undefined],
    ['/m%65/orders/7', undefined],
    ['/me/you/orders/7', undefined],
    ['/site/orders/7', undefined],
    [`/${'x'.repeat(41)}/orders/7`, undefined],
  ] as const) {
    test(`${path.slice(0, 50)}: ${expected ? expected.lane.slice(0, 20) : 'none'}`, () => {
      assert.deepEqual(laneOf(path), expected);
    });
  }
});

/** What a watch of `serve` is told, in words. */
function notes() {
  const told: string[] = [];
  return {
    told,
    watch: (lane: string, id: number) => {
      told.push(`${lane} ${id} starts`);
      return (status: number) => told.push(`${lane} ${id} ends with ${status}`);
    },
  };
}

describe('serve with a watch', () => {
  test('gives a lane the same orders, and tells each start and each end', async () => {
    const { told, watch } = notes();
    await using server = await serve({ conditions: INSTANT, watch });
    await using session = new Session({ origin: `${server.origin}/mine`, connections: 1 });
    assert.deepEqual((await session.getJson('/orders/3')).body, orderOf(3));
    await using outside = new Session({ origin: server.origin, connections: 1 });
    await outside.getJson('/orders/3');
    assert.deepEqual(told, ['mine 3 starts', 'mine 3 ends with 200']);
  });

  test('tells the status of a refusal, and that a broken connection gave no answer', async () => {
    for (const [fault, status] of [
      ['503', 503],
      ['reset', NO_ANSWER],
      ['reset-body', NO_ANSWER],
    ] as const) {
      const { told, watch } = notes();
      await using server = await serve({ conditions: { ...INSTANT, faults: { [fault]: 1 } }, watch });
      await using session = new Session({ origin: `${server.origin}/me`, connections: 1 });
      await assert.rejects(session.getJson('/orders/1'));
      assert.deepEqual(told, ['me 1 starts', `me 1 ends with ${status}`]);
    }
  });

  test('tells of a client that goes away while it waits', async () => {
    const { told, watch } = notes();
    const gate = new Gate();
    await using server = await serve({ conditions: INSTANT, gate, watch });
    await using session = new Session({ origin: `${server.origin}/me`, connections: 1 });
    const stop = new AbortController();
    const asking = session.getJson('/orders/1', stop.signal);
    asking.catch(() => {});
    await gate.waitFor(1);
    assert.deepEqual(told, ['me 1 starts']);
    stop.abort(new Error('changed my mind'));
    await assert.rejects(asking, /changed my mind/);
    while (gate.held > 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.deepEqual(told, ['me 1 starts', `me 1 ends with ${NO_ANSWER}`]);
  });

  test('refuses a name that is none, in one line', async () => {
    const { told, watch } = notes();
    await using server = await serve({ conditions: INSTANT, watch });
    const { statusCode, body } = await request(`${server.origin}/-x/orders/1`);
    assert.equal(statusCode, 404);
    assert.match(await body.text(), /expected the name of a lane/);
    assert.deepEqual(told, []);
  });

  test('draws the faults of each lane as if it were alone', async () => {
    await using server = await serve({ conditions: { ...INSTANT, faults: { '503': 0.5 } } });
    const statuses = async (lane: string) => {
      const seen: number[] = [];
      for (const id of [1, 1, 2, 2, 3, 3, 4, 4]) {
        const { statusCode, body } = await request(`${server.origin}/${lane}/orders/${id}`);
        await body.dump();
        seen.push(statusCode);
      }
      return seen;
    };
    const [first, second] = [await statuses('a'), await statuses('b')];
    assert.deepEqual(first, second);
    assert.deepEqual(new Set(first), new Set([200, 503]));
  });

  test('behaves anew for new requests, while those in flight end as they began', async () => {
    const gate = new Gate();
    await using server = await serve({ conditions: INSTANT, gate });
    const asking = request(`${server.origin}/orders/1`);
    await gate.waitFor(1);
    server.behave({ ...INSTANT, faults: { '503': 1 } });
    const later = request(`${server.origin}/orders/1`);
    await gate.waitFor(2);
    gate.letGo();
    const answers = await Promise.all([asking, later]);
    for (const { body } of answers) await body.dump();
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [200, 503],
    );
    assert.throws(() => server.behave({ ...INSTANT, latencyMs: NaN }), /Expected latencyMs/);
  });
});

describe('LaneBatches', () => {
  function collected() {
    const batches: LaneBatch[] = [];
    const sent: Array<() => void> = [];
    const lanes = new LaneBatches((batch, onSent) => {
      batches.push(batch);
      sent.push(onSent);
    });
    return { batches, sent, lanes };
  }

  test('hands on what came together as one batch, in order', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { batches, lanes } = collected();
    const end = lanes.watch('a', 1);
    lanes.watch('b', 2);
    end(200);
    assert.equal(batches.length, 0);
    t.mock.timers.tick(33);
    assert.equal(batches.length, 1);
    const what = (event: LaneEvent) =>
      'lane' in event ? `${event.key} ${event.lane} ${event.id}` : `${event.key} ${event.status}`;
    assert.deepEqual(batches[0]!.events.map(what), ['1 a 1', '2 b 2', '1 200']);
  });

  test('makes no second batch before the first has left', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { batches, sent, lanes } = collected();
    lanes.watch('a', 1);
    t.mock.timers.tick(33);
    lanes.watch('a', 2);
    t.mock.timers.tick(1000);
    assert.equal(batches.length, 1);
    sent[0]!();
    assert.deepEqual(
      batches.map(({ events }) => events.length),
      [1, 1],
    );
  });

  test('keeps at most so many for a reader that does not read, and says how many are lost', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { batches, sent, lanes } = collected();
    lanes.watch('a', 1);
    t.mock.timers.tick(33);
    const count = 150_000;
    for (let id = 1; id <= count; id++) lanes.watch('a', id);
    t.mock.timers.tick(33);
    sent[0]!();
    const [, second] = batches;
    assert.equal(second!.events.length + second!.lost, count);
    assert.ok(second!.events.length <= 100_000, String(second!.events.length));
  });
});
