// One real comparison, small: trials in processes of their own against a server in a process of its own.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { serve } from '../../src/api/serve.ts';
import { ChildError, livingChildren } from '../../src/child.ts';
import type { ApproachName } from '../../src/running/registry.ts';
import { compare } from '../../src/measure/compare.ts';
import { isMeasured } from '../../src/measure/comparison.ts';
import { splitsOf, type CpuSettings, type IoSettings } from '../../src/measure/plan.ts';
import { until } from '../turns.ts';

const SETTINGS: IoSettings = {
  kind: 'io',
  job: 'fetch-order',
  approaches: ['blocking', 'sequential', 'promise-all', 'bounded-pool', 'worker-threads'],
  requests: 8,
  concurrency: 3,
  threads: 2,
  // A trial repeats a short run. With this latency one run is long enough, also of an approach that sends all at once.
  conditions: { latencyMs: 50, jitterMs: 0, seed: 1 },
  network: 'loopback',
  timeoutMs: 60_000,
  retryBudget: 0,
  repeats: 1,
};

const PRICING: CpuSettings = {
  kind: 'cpu',
  job: 'price-order',
  approaches: ['worker-threads'],
  requests: 8,
  concurrency: 3,
  threads: 2,
  costMs: 1,
  repeats: 1,
};

const children = () => process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap');

test('every approach does every request once, with the peak that it promises, and no process is left', async () => {
  const doing: string[] = [];
  const comparison = await compare(SETTINGS, { onProgress: (progress) => doing.push(progress.doing) });
  const peaks = comparison.rows.map((row) => {
    assert.ok(isMeasured(row), JSON.stringify(row));
    assert.deepEqual([row.succeeded, row.failed], [8, 0]);
    assert.deepEqual(
      row.spans.map((span) => span.input),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    for (const { startMs, endMs } of row.spans) assert.ok(startMs <= endMs);
    assert.ok(row.timeMs.samples.length >= 1);
    assert.ok(
      row.ofLimit !== null && row.ofLimit > 0 && row.ofLimit <= 1,
      `${row.approach}: ${row.ofLimit} of the limit`,
    );
    assert.ok(row.memory && row.memory.overBaselineMiB >= 0 && row.memory.baselineMiB > 0);
    assert.ok(row.loopUtilization >= 0 && row.loopUtilization <= 1);
    const threads = new Set(row.spans.map((span) => span.thread));
    assert.equal(threads.has(0), row.approach !== 'blocking' && row.approach !== 'worker-threads');
    return [row.approach, row.peakInFlight];
  });
  assert.deepEqual(Object.fromEntries(peaks) as Record<ApproachName, number>, {
    blocking: 1,
    sequential: 1,
    'promise-all': 8,
    'bounded-pool': 3,
    'worker-threads': 2,
  });
  assert.ok(comparison.mockCostMs! > 0);
  assert.equal(comparison.limitMs, 150);
  assert.deepEqual(doing, [
    'fetch-order: rehearsal, and the price of the mock',
    ...SETTINGS.approaches.map((name) => `fetch-order: ${name}, 1 of 1`),
  ]);
  assert.deepEqual(JSON.parse(JSON.stringify(comparison)), comparison);
  await until(() => children().length === 0);
});

test('a question to the API that fails, or is never answered, costs a count and no time that was measured', async (t) => {
  await using server = await serve({ conditions: SETTINGS.conditions });
  const order: string[] = [];
  const fails = () => Promise.reject(new ChildError('the API: the process was ended by SIGKILL'));
  const isNeverAnswered = () => new Promise<never>(() => {});
  // The limit for a whole trial is not changed. The limit for an answer passes at once.
  const setTimeoutOfNode = globalThis.setTimeout;
  t.mock.method(globalThis, 'setTimeout', (run: () => void, ms?: number) =>
    setTimeoutOfNode(run, ms === 5000 ? 0 : ms),
  );
  const comparison = await compare(
    { ...SETTINGS, approaches: ['sequential', 'promise-all'] },
    {
      priceMock: false,
      audience: {
        api: async (approach) => {
          const broken = approach === 'sequential' ? fails : isNeverAnswered;
          return {
            origin: server.origin,
            hasEnded: () => false,
            stats: broken,
            reset: broken,
            behave: broken,
            [Symbol.asyncDispose]: async () => {},
          };
        },
        see(approach, { what }) {
          if (what !== 'tells') order.push(`${approach} ${what}`);
        },
      },
    },
  );
  const seen = comparison.rows.map((row) => {
    assert.ok(isMeasured(row), JSON.stringify(row));
    assert.equal(row.timeMs.samples.length, 1);
    return [row.approach, row.succeeded, row.peakInFlight];
  });
  // Without the API's count, the spans themselves tell how many were in flight.
  assert.deepEqual(seen, [
    ['sequential', 8, 1],
    ['promise-all', 8, 8],
  ]);
  assert.deepEqual(
    order,
    ['sequential', 'promise-all'].flatMap((approach) =>
      ['warms up', 'runs', 'ends'].map((what) => `${approach} ${what}`),
    ),
  );
});

test('a trial that crashes costs its row, and an API that dies the trial that it served: all others run, and another API serves them', async () => {
  const started: ChildProcess[] = [];
  const note = (message: unknown) => {
    started.push((message as { readonly process: ChildProcess }).process);
  };
  const apis = () =>
    started.filter(({ spawnargs }) => spawnargs.some((argument) => argument.endsWith('serve-process.ts')));
  subscribe('child_process', note);
  const comparison = await compare(
    {
      ...SETTINGS,
      approaches: ['worker-threads', 'sequential', 'promise-all', 'bounded-pool'],
      // No thread at all is what Piscina refuses.
      threads: 0,
    },
    {
      priceMock: false,
      onProgress: ({ doing }) => {
        if (doing.includes('promise-all')) apis()[0]!.kill('SIGKILL');
      },
    },
  );
  unsubscribe('child_process', note);
  const [crashed, before, , after] = comparison.rows;
  assert.ok(crashed && 'error' in crashed);
  assert.match(crashed.error, /^the process ended with exit code 1: \w*Error/);
  assert.ok(before && isMeasured(before), JSON.stringify(before));
  assert.ok(after && isMeasured(after), JSON.stringify(after));
  assert.deepEqual([before.succeeded, after.succeeded, after.peakInFlight], [8, 8, 3]);
  assert.equal(apis().length, 2);
  await until(() => children().length === 0);
});

test('the limit by processes takes no more of them than there are tasks or cores, whatever the threads', () => {
  const cores = availableParallelism();
  for (const [requests, threads] of [
    [1, 8],
    [cores + 3, cores + 5],
  ] as const) {
    const [split, ...others] = splitsOf({ ...PRICING, requests, threads });
    assert.equal(split?.processes, Math.min(requests, cores));
    assert.deepEqual(others, []);
  }
});

test('an abort ends trial and server, and rejects with its reason', async () => {
  const controller = new AbortController();
  const left = new Error('the guests have left');
  const run = compare(
    { ...SETTINGS, approaches: ['sequential', 'bounded-pool'] },
    {
      priceMock: false,
      signal: controller.signal,
      onProgress: ({ done }) => {
        // The server lives, and so does the trial of the pool, which waits for its turn.
        if (done === 2) setImmediate(() => controller.abort(left));
      },
    },
  );
  await assert.rejects(run, left);
  await until(() => children().length === 0);
});

test('an abort also ends the trials that wait for their turn, before it rejects', async () => {
  const controller = new AbortController();
  const left = new Error('the guests have left');
  const run = compare(
    { ...PRICING, approaches: ['sequential', 'promise-all', 'bounded-pool', 'worker-threads'] },
    {
      signal: controller.signal,
      onProgress: ({ done }) => {
        // The first step of the turn has just started the processes of all trials.
        if (done === 1) setImmediate(() => controller.abort(left));
      },
    },
  );
  await assert.rejects(run, left);
  assert.deepEqual(livingChildren(), new Set());
});
