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
  // So long that a loop which goes round beats during a run of one by one.
  conditions: { ...INSTANT, latencyMs: 30 },
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

/** What every approach shows, alone or beside others: it warms up, runs and ends, and makes one run. */
function expectOneRun(
  approach: ApproachName,
  steps: readonly TrialStep[],
  rows: ReadonlyArray<{ approach: string }>,
): void {
  assert.deepEqual(kinds(steps), ['warms up', 'runs', 'ends'], approach);
  const row = rows.find((one) => one.approach === approach) as Row;
  assert.ok(isMeasured(row), JSON.stringify(row));
  assert.equal(row.timeMs.samples.length, 1);
  assert.equal(row.succeeded, 6);
}

test('in turns: every approach makes one run; the API sees in each lane what its approach measures; a loop beats unless it is blocked', async () => {
  const seen: LaneEvent[] = [];
  await using api = await startApi(io.conditions, { onLanes: ({ events }) => seen.push(...events) });
  const counts = new Map<string, number>();
  const { steps, audience } = watching(api);
  const { rows } = await compare(io, {
    priceMock: false,
    audience: {
      ...audience,
      see(approach, step) {
        audience.see(approach, step);
        // All of the warm-up is here before the run begins.
        if (step.what === 'runs') seen.length = 0;
        if (step.what === 'ends') {
          counts.set(approach, seen.filter((event) => 'lane' in event && event.lane === approach).length);
        }
      },
    },
  });
  for (const approach of ALL) expectOneRun(approach, steps.get(approach)!, rows);
  assert.deepEqual(Object.fromEntries(counts), Object.fromEntries(ALL.map((approach) => [approach, 6])));
  const beatsOf = (approach: ApproachName) =>
    toldInRun(steps.get(approach)!).filter(({ what }) => what === 'beat').length;
  assert.equal(beatsOf('blocking'), 0);
  assert.ok(beatsOf('sequential') > 0);
});

test('together: nobody runs before all have warmed up, and each of them has its lane of one API', async () => {
  const order: string[] = [];
  await using api = await startApi(io.conditions);
  const { steps, audience } = watching(api);
  const approaches = ['sequential', 'bounded-pool'] as const;
  const { rows } = await compare(
    { ...io, approaches },
    {
      audience: {
        ...audience,
        see(approach, step) {
          audience.see(approach, step);
          if (step.what !== 'tells') order.push(step.what);
        },
      },
      together: true,
      priceMock: false,
    },
  );
  assert.deepEqual(order.slice(0, 4), ['warms up', 'warms up', 'runs', 'runs']);
  for (const approach of approaches) expectOneRun(approach, steps.get(approach)!, rows);
});

test('work that asks no API tells of every task, from whatever thread it runs in, also where all run together', async () => {
  const order: string[] = [];
  const { steps, audience } = watching();
  const { rows } = await compare(cpu, {
    audience: {
      ...audience,
      see(approach, step) {
        audience.see(approach, step);
        if (step.what !== 'tells') order.push(step.what);
      },
    },
    together: true,
  });
  assert.deepEqual(order.slice(0, 2 * ALL.length), [...ALL.map(() => 'warms up'), ...ALL.map(() => 'runs')]);
  for (const approach of ALL) {
    expectOneRun(approach, steps.get(approach)!, rows);
    // The warm-up is told apart: it stands before the run.
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
