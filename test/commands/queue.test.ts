// The job queue on the command line: what is refused before anything starts, and one comparison with everything in it.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { settingsOf, type CompareFlags } from '../../src/commands/compare.ts';
import { queueAtFor, workersFor } from '../../src/commands/queue-flags.ts';
import { isMeasured, type IoComparison } from '../../src/measure/comparison.ts';
import { childrenOf } from '../../src/measure/process-stat.ts';
import { planned } from '../own/compared.ts';
import { folder, run, start } from '../own/modules.ts';
import { isRunning } from '../processes.ts';
import { until } from '../turns.ts';

const PLAN = { approaches: ['job-queue'], requests: 40, concurrency: 10 } as const;

test('the workers share the concurrency, so there are never more of them than can be in flight', () => {
  assert.deepEqual(workersFor('waits', PLAN, undefined), { workers: 2 });
  assert.deepEqual(workersFor('waits', { ...PLAN, requests: 1 }, undefined), { workers: 1 });
  assert.deepEqual(workersFor('computes', PLAN, 10), { workers: 10 });
  assert.deepEqual(workersFor('waits', { ...PLAN, approaches: ['bounded-pool'] }, 3), {});
  assert.throws(() => workersFor('waits', PLAN, 11), {
    name: 'UsageError',
    message: /^--workers 11: expected at most 10, because the workers share the tasks in flight/,
  });
});

test('a plan without a queue asks for no database, whatever DATABASE_URL says', async () => {
  assert.deepEqual(await queueAtFor([{ approaches: ['bounded-pool'] }], undefined), {});
  const { queueAt } = await queueAtFor([PLAN], undefined, {});
  assert.deepEqual(queueAt, { database: { kind: 'embedded' }, shown: 'PGlite' });
});

test('job-queue refuses an intercepted network: each worker would have an API of its own', () => {
  const flags: CompareFlags = {
    approach: ['job-queue'],
    most: 64,
    requests: 4,
    latency: 20,
    jitter: 0,
    seed: 1,
    concurrency: 10,
    cost: 1,
    network: 'intercepted',
    timeout: 3000,
    retries: 0,
  };
  assert.throws(() => settingsOf('fetch-order', flags), { name: 'UsageError', message: /API of its own/ });
  const settings = settingsOf('fetch-order', { ...flags, network: 'loopback' });
  assert.equal(settings.workers, 2);
});

test('save-order through the queue: the figures of the workers and of the database, in the JSON and in a saved run', async () => {
  await using made = await folder();
  const args = ['compare', 'save-order', '--approach', 'job-queue', 'bounded-pool', '--workers', '2'];
  const few = ['--requests', '8', '--latency', '1', '--repeats', '1', '--json', '--save', 'run.json'];
  const { code, stdout, stderr } = await run(made.path, ...args, ...few);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const { comparisons } = JSON.parse(stdout) as { comparisons: [IoComparison] };
  const [{ rows, workers, database, limitMs, mockCostMs }] = comparisons;
  assert.deepEqual([workers, database, limitMs], [2, 'PGlite', 1]);
  assert.ok(mockCostMs! > 0);
  const [queue, pool] = rows;
  assert.ok(queue && 'queue' in queue && queue.queue, stdout);
  assert.deepEqual(
    [queue.approach, queue.succeeded, queue.failed, queue.queue.begunAgain],
    ['job-queue', 8, 0, 0],
  );
  assert.ok(queue.peakInFlight >= 1 && queue.peakInFlight <= 8, String(queue.peakInFlight));
  assert.ok(queue.queue.throughputPerSecond > 0);
  if (process.platform === 'linux') {
    assert.ok(queue.queue.memory!.workersMiB > 0 && queue.queue.memory!.databaseMiB! > 0);
    const { overBaselineMiB } = queue.memory!;
    assert.ok(overBaselineMiB >= queue.queue.memory!.workersMiB, 'the workers are part of the memory');
    assert.ok(queue.queue.cpuMs!.workers >= 0 && queue.queue.cpuMs!.database! >= 0);
  }
  assert.ok(pool && isMeasured(pool) && !('queue' in pool));
  assert.equal(pool.ofLimit, limitMs / pool.timeMs.median);
  assert.deepEqual(JSON.parse(await readFile(join(made.path, 'run.json'), 'utf8')), JSON.parse(stdout));
  const report = await run(
    made.path,
    'report',
    'run.json',
    '--trace',
    'run.trace.json',
    '--html',
    'run.html',
  );
  assert.deepEqual({ code: report.code, stderr: report.stderr }, { code: 0, stderr: '' });
  assert.match(await readFile(join(made.path, 'run.html'), 'utf8'), /memory of the workers/);
});

test('own work whose inputs or results are no JSON is left out, and one line says why', async () => {
  await using made = await folder();
  const approach = ['sequential', 'job-queue'] as const;
  for (const [name, source, why] of [
    [
      'inputs.mjs',
      'export const inputs = [1, new Map()]; export const task = () => 1;',
      'input 2 is a Map, and a queue carries only JSON',
    ],
    [
      'results.mjs',
      'export const inputs = [1, 2]; export const task = (input) => ({ at: new Date(input) });',
      'a result has a Date at .at, and a queue carries only JSON',
    ],
  ] as const) {
    const { settings } = await planned(join(made.path, await made.write(name, source)), { approach });
    assert.deepEqual(settings?.leftOut, { 'job-queue': why });
  }
});

/** All processes that `pid` has started, and those that these have started. */
const startedBy = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...startedBy(child)]);

test(
  'Ctrl-C ends the workers and the database, and leaves none of their data',
  { skip: process.platform !== 'linux' && 'only Linux tells the children of another process' },
  async () => {
    const before = await readdir(tmpdir());
    const args = ['price-order', '--approach', 'job-queue', '--requests', '5000', '--cost', '500'];
    const program = start(process.cwd(), 'compare', ...args);
    const { pid } = program;
    // The trial, and what it has started: the database and a worker.
    await until(() => program.hasEnded() || startedBy(pid).length >= 3);
    const started = startedBy(pid);
    program.kill('SIGINT');
    const { code, stderr } = await program.ended;
    assert.deepEqual({ code, stderr }, { code: 130, stderr: '' });
    await until(() => !started.some(isRunning));
    assert.deepEqual(await readdir(tmpdir()), before);
  },
);
