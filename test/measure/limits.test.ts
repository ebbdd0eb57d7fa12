// A comparison at an API with limits. The far side counts exactly, so each figure can be asserted. A test holds the answers
// back until all requests have come: how fast they come changes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTANT, type Conditions } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { Gate } from '../../src/api/gate.ts';
import { serve } from '../../src/api/serve.ts';
import type { ApiProcess } from '../../src/api/start.ts';
import { compare, type Audience } from '../../src/measure/compare.ts';
import { isMeasured, type AnyRow } from '../../src/measure/comparison.ts';
import type { IoSettings } from '../../src/measure/plan.ts';
import type { ApproachName } from '../../src/running/registry.ts';
import { until } from '../turns.ts';

const SETTINGS: IoSettings = {
  kind: 'io',
  job: 'fetch-order',
  approaches: ['promise-all', 'bounded-pool'],
  requests: 12,
  concurrency: 3,
  threads: 1,
  conditions: { ...INSTANT, stoves: { count: 2, queue: 3 } },
  network: 'loopback',
  timeoutMs: 60_000,
  retryBudget: 0,
  repeats: 1,
};

interface HeldApi extends AsyncDisposable {
  readonly audience: Audience;
  readonly counters: Counters;
}

/**
 * The API in this process. It answers at once, except in the run of an approach: there it answers nothing until
 * `haveCome`. `before` happens between the warm-up and the run.
 */
async function heldApi(
  conditions: Conditions,
  haveCome: (approach: ApproachName, counters: Counters) => boolean,
  before: (origin: string, gate: Gate) => Promise<void> = async () => {},
): Promise<HeldApi> {
  const [counters, gate] = [new Counters(), new Gate()];
  const server = await serve({ conditions, counters, gate });
  /** Whose run waits for its requests. */
  let filling: ApproachName | undefined;
  let isResetting = false;
  let isOver = false;
  const stats = async () => ({ ...counters.read(), sockets: 0, cpuMs: 0 });
  const api: ApiProcess = {
    origin: server.origin,
    hasEnded: () => false,
    stats,
    async reset() {
      isResetting = true;
      await before(server.origin, gate);
      counters.reset();
      return stats();
    },
    async behave(others) {
      server.behave(others);
      return stats();
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const attending = until(() => {
    if (filling && haveCome(filling, counters)) filling = undefined;
    if (!filling && !isResetting) gate.letGo();
    return isOver;
  });
  return {
    counters,
    audience: {
      api: async () => api,
      see(approach, { what }) {
        if (what !== 'runs') return;
        filling = approach;
        isResetting = false;
      },
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await attending;
      await server[Symbol.asyncDispose]();
    },
  };
}

const seenOf = (row: AnyRow) => {
  assert.ok(isMeasured(row), JSON.stringify(row));
  const { approach, succeeded, failed, peakInFlight, atLimits } = row;
  return [approach, succeeded, failed, peakInFlight, atLimits?.refused, atLimits?.longestQueue];
};

test('all at once loses what does not fit, a pool that fits loses nothing', async () => {
  await using held = await heldApi(SETTINGS.conditions, (approach, counters) => {
    const { started, inFlight } = counters.read();
    return approach === 'promise-all' ? started === 12 : inFlight === 3;
  });
  const { rows, stoves } = await compare(SETTINGS, { priceMock: false, audience: held.audience });
  assert.deepEqual(stoves, { count: 2, queue: 3 });
  assert.deepEqual(rows.map(seenOf), [
    // Five have a place in the house, and whoever is refused counts for the moment in which that happens.
    ['promise-all', 5, 7, 6, 7, 3],
    ['bounded-pool', 12, 0, 3, 0, 1],
  ]);
});

test('intercepted: what is refused has failed, and a pool that fits is never refused', async () => {
  const settings: IoSettings = { ...SETTINGS, network: 'intercepted' };
  const { rows } = await compare(settings, { priceMock: false });
  const [all, pool] = rows.map((row) => {
    assert.ok(isMeasured(row), JSON.stringify(row));
    return row;
  });
  assert.equal(all!.succeeded + all!.failed, 12);
  assert.equal(all!.atLimits!.refused, all!.failed);
  assert.ok(all!.atLimits!.longestQueue <= 3);
  assert.deepEqual([pool!.succeeded, pool!.failed, pool!.atLimits!.refused], [12, 0, 0]);
  assert.ok(pool!.atLimits!.longestQueue <= 1);
});

test('of a rate that lets five in and then nobody for hours, five of twelve succeed, on either network', async () => {
  const conditions: Conditions = { ...INSTANT, rate: { perSecond: 0.001, burst: 5 } };
  await using open = await heldApi(conditions, () => true);
  const cases = [
    { network: 'loopback', approaches: ['promise-all'] },
    { network: 'intercepted', approaches: ['bounded-pool'] },
  ] as const;
  for (const one of cases) {
    const { rows } = await compare(
      { ...SETTINGS, ...one, conditions },
      { priceMock: false, audience: open.audience },
    );
    for (const row of rows) {
      assert.ok(isMeasured(row), JSON.stringify(row));
      assert.deepEqual([row.succeeded, row.failed, row.atLimits?.refused], [5, 7, 7], one.network);
    }
  }
});

test('adaptive tries again what was refused, and with a budget for retries so does everyone', async () => {
  const conditions: Conditions = { ...INSTANT, stoves: { count: 2, queue: 0 } };
  const others: Array<Promise<Response>> = [];
  // Two guests of another house have both stoves when a run begins, so each approach is refused at least once.
  await using held = await heldApi(
    conditions,
    (_, counters) => counters.read().refused > 0,
    async (origin, gate) => {
      others.push(fetch(`${origin}/orders/1`), fetch(`${origin}/orders/2`));
      await gate.waitFor(2);
    },
  );
  const settings: IoSettings = {
    ...SETTINGS,
    approaches: ['promise-all', 'adaptive'],
    conditions,
    retryBudget: 10_000,
  };
  const { rows } = await compare(settings, { priceMock: false, audience: held.audience });
  for (const row of rows) {
    assert.ok(isMeasured(row), JSON.stringify(row));
    assert.deepEqual([row.approach, row.succeeded, row.failed], [row.approach, 12, 0]);
    assert.ok(row.atLimits!.refused > 0, row.approach);
  }
  assert.deepEqual(
    (await Promise.all(others)).map(({ status }) => status),
    Array.from(others, () => 200),
  );
});
