// The process of one trial. It opens the job and warms up, says that it is ready, waits for the start, runs, and reports.
// Setup and warm-up are outside the timed part. Everything that a run does is inside.
import { once } from 'node:events';
import { Bench, type Task as BenchTask } from 'tinybench';
import { now } from '../api/clock.ts';
import { Counters } from '../api/counters.ts';
import { receiveSettings } from '../child.ts';
import { loadJob } from '../jobs/open.ts';
import { GiveUp, GivenUpError } from '../running/give-up.ts';
import { workOf } from '../running/job-work.ts';
import { windowOf, type Recorded } from '../running/recorded.ts';
import { APPROACHES } from '../running/registry.ts';
import { tableOf } from '../running/span-table.ts';
import { startBeating, tell } from '../running/told.ts';
import type { Work } from '../running/work.ts';
import { watchBeside } from './beside.ts';
import { watchMemoryIfKnown } from './memory.ts';
import { observe, wholeTurn, type Observed } from './observe.ts';
import type { Measurement, QuietMeasurement, StopNotice, TrialSettings } from './trial.ts';

const trial = await receiveSettings<TrialSettings>();
const approach = APPROACHES[trial.approach];
const inputs = Array.from({ length: trial.size.requests }, (_, index) => index + 1);
/** What an API inside this process sees. */
const counters = new Counters();
/** How many repeats are left to this run. Shared, because threads repeat too. */
const retriesLeft = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
/** Only failures of the reader's own tasks count. The failures of our API were asked for. */
const giveUp = new GiveUp();

// Modules and inputs are loaded first, so that the memory they take is part of the baseline.
const [work] = await Promise.all([loadWork(), approach.load?.()]);
const memory = watchMemoryIfKnown();
const opened = await unlessGivenUp(() => approach.open(work, trial.size, trial.database));
await unlessGivenUp(warmUp);
counters.reset();
process.send!({ ready: true });
await once(process, 'message');

/** The records of the last sample, or of the one with the most failures: a failure in any of them must show. */
let records: Recorded[] = [];
let peakMiB: number | undefined;
/** CPU time of all runs, in milliseconds. What tinybench does around them is not in it. */
let cpuMs = 0;
const watchedBeside = opened.beside && watchBeside(opened.beside);
const stopBeating = trial.tells ? startBeating() : undefined;
const stopObserving = trial.isQuiet ? undefined : await observe();
const timesMs = await unlessGivenUp(timesOfRuns);
const observed = await stopObserving?.();
const beside = watchedBeside?.stop(timesMs.length);
stopBeating?.();

const spans = records.map(({ span }) => span);
const quietMeasurement: QuietMeasurement = {
  cpuMs: cpuMs / timesMs.length,
  timesMs,
  ...(beside && { beside }),
  memory: memory && peakMiB !== undefined ? { baselineMiB: memory.baselineMiB, peakMiB } : null,
  spans: tableOf(spans),
  ...(trial.work.kind === 'io' && trial.work.network === 'intercepted' && { stats: counters.read() }),
};
const measurement = observed ? withLoop(quietMeasurement, observed) : quietMeasurement;
await opened[Symbol.asyncDispose]();
// Disconnect only when all of it has been sent: a disconnect cuts off the rest of a long message.
process.send!(measurement, () => process.disconnect?.());

/** The job, ready to be opened. */
async function loadWork(): Promise<Work<Recorded>> {
  const retries = trial.retryBudget > 0 && { retries: retriesLeft };
  if (trial.work.kind === 'own') {
    const [{ drawFor }, { ownWorkOf }] = await Promise.all([
      import('../jobs/open-own.ts'),
      import('../running/own-run.ts'),
    ]);
    const drawn = await drawFor(trial.work);
    return ownWorkOf({ ...trial.work, ...retries }, drawn.inputs, giveUp);
  }
  await loadJob(trial.work);
  return workOf(
    trial.work.kind === 'io' ? { ...trial.work, counters: counters.buffer, ...retries } : trial.work,
  );
}

async function warmUp(): Promise<void> {
  for (let left = trial.warmup; left > 0; left -= inputs.length) await runOn(inputs.slice(0, left));
}

async function runOn(some: readonly number[]): Promise<Recorded[]> {
  new Int32Array(retriesLeft)[0] = trial.retryBudget;
  giveUp.begin(some.length);
  return giveUp.watch(opened.run(some, giveUp.signal));
}

/** What `act` returns. If the approach is stopped meanwhile, the trial says so, and this process ends. */
async function unlessGivenUp<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const reason: unknown = error instanceof GivenUpError ? error : giveUp.signal.reason;
    if (!(reason instanceof GivenUpError)) throw error;
    const { promise, resolve } = Promise.withResolvers<void>();
    process.send!({ stopped: reason.message } satisfies StopNotice, () => resolve());
    await promise;
    return process.exit();
  }
}

/** How long each run took, in milliseconds. */
async function timesOfRuns(): Promise<readonly number[]> {
  const bench = new Bench({
    // Without these two tinybench would call the task 80 times.
    iterations: trial.samples.atLeast,
    time: trial.samples.forMs,
    warmup: false,
    // Without this a task that fails is a fast one.
    throws: true,
    retainSamples: true,
  });
  bench.add(trial.approach, runOnce, { async: true, afterEach: afterRun });
  const [task] = await bench.run();
  return samplesOf(task!);
}

async function runOnce(): Promise<void> {
  if (trial.tells) tell({ what: 'run', atMs: now() });
  const cpu = process.cpuUsage();
  const next = await runOn(inputs);
  const { user, system } = process.cpuUsage(cpu);
  cpuMs += (user + system) / 1000;
  if (trial.tells) tell({ what: 'ran', atMs: now() });
  if (failuresIn(next) >= failuresIn(records)) records = next;
}

async function afterRun(): Promise<void> {
  peakMiB ??= memory?.stop();
  watchedBeside?.afterRun();
  await wholeTurn();
}

function withLoop(measured: QuietMeasurement, { observation, loop }: Observed): Measurement {
  const { startMs, endMs } = windowOf(spans);
  return { ...measured, ...observation, loopTrack: loop.between(startMs, endMs) };
}

function failuresIn(of: readonly Recorded[]): number {
  return of.filter(({ span }) => span.outcome !== 'ok').length;
}

function samplesOf({ result }: BenchTask): readonly number[] {
  if (result.state !== 'completed')
    throw new Error(`expected a completed benchmark, got one ${result.state}`);
  return result.latency.samples!;
}
