// What somebody sees who looks on while a comparison runs.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { INSTANT } from '../../src/api/conditions.ts';
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
  // One that blocks the thread that calls it, one that waits in it, and one with threads of its own.
  approaches: ['blocking', 'sequential', 'worker-threads'],
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

/** The same, and the order of all steps but what the trials tell. */
function watchingOrder(api?: ApiProcess) {
  const order: string[] = [];
  const { steps, audience } = watching(api);
  const see = (approach: ApproachName, step: TrialStep): void => {
    audience.see(approach, step);
    if (step.what !== 'tells') order.push(step.what);
  };
  return { order, steps, audience: { ...audience, see } };
}

/** Nobody runs before all have warmed up. */
function expectTogether(order: readonly string[], approaches: readonly ApproachName[]): void {
  const expected = [...approaches.map(() => 'warms up'), ...approaches.map(() => 'runs')];
  assert.deepEqual(order.slice(0, 2 * approaches.length), expected);
}

test('together: every approach makes one run when all have warmed up; the API sees in its lane what it measures; a loop beats unless it is blocked', async () => {
  const seen = new Map<ApproachName, number>();
  await using api = await startApi(io.conditions, {
    onLanes({ events }) {
      for (const event of events) {
        if ('lane' in event)
          seen.set(event.lane as ApproachName, (seen.get(event.lane as ApproachName) ?? 0) + 1);
      }
    },
  });
  const counts = new Map<ApproachName, number>();
  const { order, steps, audience } = watchingOrder(api);
  const { rows } = await compare(io, {
    priceMock: false,
    together: true,
    audience: {
      ...audience,
      see(approach, step) {
        audience.see(approach, step);
        // All of the warm-up is here before the run begins.
        if (step.what === 'runs') seen.delete(approach);
        if (step.what === 'ends') counts.set(approach, seen.get(approach) ?? 0);
      },
    },
  });
  expectTogether(order, ALL);
  for (const approach of ALL) expectOneRun(approach, steps.get(approach)!, rows);
  assert.deepEqual(new Map(ALL.map((approach) => [approach, 6])), counts);
  const beatsOf = (approach: ApproachName) =>
    toldInRun(steps.get(approach)!).filter(({ what }) => what === 'beat').length;
  assert.equal(beatsOf('blocking'), 0);
  assert.ok(beatsOf('sequential') > 0);
});

test('work that asks no API tells of every task, from whatever thread it runs in; then processes make its limit', async () => {
  const doing: string[] = [];
  const { order, steps, audience } = watchingOrder();
  const comparison = await compare(cpu, {
    audience,
    together: true,
    onProgress: (progress) => doing.push(progress.doing),
  });
  expectTogether(order, cpu.approaches);
  for (const approach of cpu.approaches) {
    expectOneRun(approach, steps.get(approach)!, comparison.rows);
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
  const { processes, limitMs, rows } = comparison;
  assert.equal(processes, Math.min(cpu.threads, availableParallelism()));
  const separate = processes === 1 ? '1 separate process' : `${processes} separate processes`;
  assert.equal(doing.at(-1), `price-order: the limit by ${separate}, 1 of 1`);
  const threads = rows.at(-1);
  assert.ok(threads && isMeasured(threads) && limitMs !== null);
  assert.equal(threads.limitMs, limitMs);
  assert.equal(threads.spans.length, 6);
});
