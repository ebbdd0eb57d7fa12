// What somebody sees who looks on while a comparison runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTANT } from '../../src/api/conditions.ts';
import type { LaneEvent } from '../../src/api/lanes.ts';
import { startApi, type ApiProcess } from '../../src/api/start.ts';
import { compare, type Audience, type TrialStep } from '../../src/measure/compare.ts';
import { isMeasured, type Row } from '../../src/measure/comparison.ts';
import type { CpuSettings, IoSettings } from '../../src/measure/plan.ts';
import type { Told } from '../../src/running/told.ts';
import { IN_MEMORY, type ApproachName } from '../../src/running/registry.ts';

const ALL = IN_MEMORY;
const io: IoSettings = {
  kind: 'io',
  job: 'fetch-order',
  approaches: ALL,
  requests: 6,
  concurrency: 3,
  threads: 2,
  repeats: 1,
  conditions: { ...INSTANT, latencyMs: 5 },
  network: 'loopback',
  timeoutMs: 10_000,
  retryBudget: 0,
};
const cpu: CpuSettings = {
  kind: 'cpu',
  job: 'price-order',
  approaches: ALL,
  requests: 6,
  concurrency: 3,
  threads: 2,
  repeats: 1,
  costMs: 1,
};

/** Notes all steps; for work that asks an API there is one for all, in which each approach has its lane. */
function watching(api?: ApiProcess) {
  const steps = new Map<ApproachName, TrialStep[]>();
  const audience: Audience = {
    api: async (approach) => ({ ...api!, origin: `${api!.origin}/${approach}` }),
    see: (approach, step) => void steps.set(approach, [...(steps.get(approach) ?? []), step]),
  };
  return { steps, audience };
}

/** What an approach has told between the beginning and the end of its run. */
function toldInRun(steps: readonly TrialStep[]): Told[] {
  const told = steps.flatMap((step) => (step.what === 'tells' ? [step.told] : []));
  const at = (wanted: Told['what']) => told.findIndex(({ what }) => what === wanted);
  return told.slice(at('run'), at('ran'));
}

const kinds = (steps: readonly TrialStep[]): string[] =>
  steps.map(({ what }) => what).filter((what) => what !== 'tells');

for (const together of [false, true]) {
  const how = together ? 'together' : 'in turns';
  test(`${how}: every approach warms up, runs and ends, and makes one run`, async () => {
    await using api = await startApi(io.conditions);
    const { steps, audience } = watching(api);
    const { rows } = await compare(io, { audience, together, priceMock: false });
    for (const approach of ALL) {
      assert.deepEqual(kinds(steps.get(approach)!), ['warms up', 'runs', 'ends']);
      const row = rows.find((one) => one.approach === approach) as Row;
      assert.ok(isMeasured(row), JSON.stringify(row));
      assert.equal(row.timeMs.samples.length, 1);
      assert.equal(row.succeeded, 6);
    }
  });
}

test('together: nobody runs before all have warmed up', async () => {
  const order: string[] = [];
  const { audience } = watching();
  await compare(cpu, {
    audience: { ...audience, see: (_, { what }) => what !== 'tells' && order.push(what) },
    together: true,
  });
  assert.deepEqual(order.slice(0, 2 * ALL.length), [...ALL.map(() => 'warms up'), ...ALL.map(() => 'runs')]);
});

test('a loop that goes round beats, and one that stands still does not', async () => {
  const slow = { ...INSTANT, latencyMs: 30 };
  await using api = await startApi(slow);
  const { steps, audience } = watching(api);
  const approaches = ['blocking', 'sequential'] as const;
  await compare({ ...io, approaches, requests: 20, conditions: slow }, { priceMock: false, audience });
  const beats = approaches.map(
    (approach) => toldInRun(steps.get(approach)!).filter(({ what }) => what === 'beat').length,
  );
  assert.equal(beats[0], 0);
  assert.ok(beats[1]! > 0);
});

test('work that asks no API tells of every task, from whatever thread it runs in, and the warm-up is told apart', async () => {
  const { steps, audience } = watching();
  await compare(cpu, { audience });
  for (const approach of ALL) {
    const run = toldInRun(steps.get(approach)!);
    const inputs = (wanted: string) =>
      run
        .flatMap((one) => (one.what === wanted && 'input' in one ? [one.input] : []))
        .toSorted((a, b) => a - b);
    assert.deepEqual(inputs('start'), [1, 2, 3, 4, 5, 6], approach);
    assert.deepEqual(inputs('end'), [1, 2, 3, 4, 5, 6], approach);
    assert.ok(
      run.every((one) => one.what !== 'end' || one.outcome === 'ok'),
      approach,
    );
  }
});

test('the API sees in each lane what its approach measures', async () => {
  const seen: LaneEvent[] = [];
  await using api = await startApi(io.conditions, { onLanes: ({ events }) => seen.push(...events) });
  const counts = new Map<string, number>();
  await compare(io, {
    priceMock: false,
    audience: {
      ...watching(api).audience,
      see(approach, { what }) {
        if (what === 'runs') {
          // All of the warm-up is here before the run begins.
          seen.length = 0;
        }
        if (what === 'ends') {
          counts.set(approach, seen.filter((event) => 'lane' in event && event.lane === approach).length);
        }
      },
    },
  });
  assert.deepEqual(Object.fromEntries(counts), Object.fromEntries(ALL.map((approach) => [approach, 6])));
});
