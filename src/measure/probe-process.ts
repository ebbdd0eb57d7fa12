// The process that looks at the reader's own work before anything is measured: it loads the module, draws the inputs, says
// what it found, and runs a few tasks one at a time when it is told to. After each step it says what comes next, so that
// whoever waits knows where a module ended the process or never came back.
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { receiveSettings } from '../child.ts';
import { loadOwnWork, OwnWorkError, reasonOf } from '../jobs/own-work.ts';
import { jsonProblem } from '../jobs/json-value.ts';
import { drawFor, openOwnTask } from '../jobs/open-own.ts';
import { isThenable } from '../thenable.ts';
import { timesOf, type Readings } from './nature.ts';
import type { Found, ProbeMessage, ProbeSettings } from './probe.ts';

/** The engine compiles and collects garbage in threads of its own, and does so beside a task and not for it. */
const OF_THE_ENGINE = /V8Worker|DelayedTask|SignalInspector/;

const { job, tasks, isForQueue = false } = await receiveSettings<ProbeSettings>();

function tell(message: ProbeMessage): void {
  process.send!(message);
}

try {
  tell({ doing: 'while it was loaded' });
  await loadOwnWork(job.path);
  tell({ doing: 'while its inputs were drawn' });
  const { inputs, inAll } = await drawFor(job);
  tell({
    found: {
      inputs: inputs.length,
      inAll,
      ...threadProblem(inputs),
      ...(isForQueue && queueProblem(inputs)),
    } satisfies Found,
  });
  await once(process, 'message');
  tell({ doing: 'in setUp' });
  let atInput = 0;
  const hanging = Promise.withResolvers<never>();
  const opened = await openOwnTask(job, () =>
    hanging.reject(
      new OwnWorkError(
        `the task of input ${atInput} did not end within ${job.timeoutMs} ms (--timeout), nor when its signal aborted`,
      ),
    ),
  );
  hanging.promise.catch(() => {});
  const few = inputs.slice(0, tasks);
  const all: Readings[] = [];
  let unfit: string | undefined;
  let isSynchronous = true;
  for (const [index, input] of few.entries()) {
    atInput = index + 1;
    tell({ doing: `in the task, at input ${atInput}` });
    let result: unknown;
    const before = read();
    try {
      const returned = opened.task(input);
      const isPromise = isThenable(returned);
      if (isPromise) isSynchronous = false;
      result = isPromise ? await Promise.race([returned, hanging.promise]) : returned;
    } catch (error) {
      if (error instanceof OwnWorkError) throw error;
      // One failure may pass. Measuring counts them, and gives up where there are too many.
      tell({ failure: reasonOf(error) });
    }
    all.push(between(before, read()));
    if (isForQueue) unfit ??= jsonProblem(result);
  }
  if (unfit !== undefined) tell({ unfit: `a result ${unfit}` });
  tell({ doing: 'while its setUp was disposed' });
  await opened[Symbol.asyncDispose]();
  const counted = all.length > 2 ? all.slice(1) : all; // the first opens connections and compiles code
  tell({ probe: { tasks: few.length, isSynchronous, ...timesOf(sumOf(counted)) } });
} catch (error) {
  tell({ error: error instanceof OwnWorkError ? error.message : reasonOf(error) });
}
process.disconnect?.();

/** The first input that cannot be sent to a thread, if there is one. */
function threadProblem(inputs: readonly unknown[]): Pick<Found, 'notForThreads'> {
  for (const [index, input] of inputs.entries()) {
    try {
      structuredClone(input);
    } catch (error) {
      return { notForThreads: `input ${index + 1} cannot be sent to a thread (${reasonOf(error)})` };
    }
  }
  return {};
}

/** The first input that JSON cannot carry, if there is one. */
function queueProblem(inputs: readonly unknown[]): Pick<Found, 'notForQueues'> {
  for (const [index, input] of inputs.entries()) {
    const problem = jsonProblem(input);
    if (problem !== undefined) return { notForQueues: `input ${index + 1} ${problem}` };
  }
  return {};
}

/** Counters that only grow, in milliseconds. */
interface Counters {
  readonly nowMs: number;
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>;
  readonly thread: NodeJS.CpuUsage;
  readonly process: NodeJS.CpuUsage;
  /** By the number of the thread; undefined where the system tells nothing of threads. */
  readonly threads: ReadonlyMap<string, ThreadTimes> | undefined;
}

interface ThreadTimes {
  readonly isOfTheEngine: boolean;
  readonly cpuMs: number;
  readonly waitedForCoreMs: number;
}

function read(): Counters {
  // What takes long is read first, so that the clock starts late. After the task the same order adds this reading to the
  // task's time: a fraction of a millisecond.
  const threads = threadTimes();
  return {
    threads,
    process: process.cpuUsage(),
    thread: process.threadCpuUsage(),
    loop: performance.eventLoopUtilization(),
    nowMs: performance.now(),
  };
}

function cpuMs(now: NodeJS.CpuUsage, before: NodeJS.CpuUsage): number {
  return (now.user - before.user + now.system - before.system) / 1000;
}

function between(before: Counters, after: Counters): Readings {
  const threadCpuMs = cpuMs(after.thread, before.thread);
  return {
    tasks: 1,
    wallMs: after.nowMs - before.nowMs,
    idleMs: performance.eventLoopUtilization(after.loop, before.loop).idle,
    threadCpuMs,
    ...ofThreads(before, after, threadCpuMs),
  };
}

/** Without the system's word every thread beside this one counts as a helper, and nobody waits for a core. */
function ofThreads(
  before: Counters,
  after: Counters,
  threadCpuMs: number,
): Pick<Readings, 'waitedForCoreMs' | 'helperWaitedForCoreMs' | 'engineWaitedForCoreMs' | 'helperCpuMs'> {
  if (!before.threads || !after.threads) {
    const helperCpuMs = Math.max(0, cpuMs(after.process, before.process) - threadCpuMs);
    return { waitedForCoreMs: 0, helperWaitedForCoreMs: 0, engineWaitedForCoreMs: 0, helperCpuMs };
  }
  const sums = { waitedForCoreMs: 0, helperWaitedForCoreMs: 0, engineWaitedForCoreMs: 0, helperCpuMs: 0 };
  for (const [thread, now] of after.threads) {
    const then = before.threads.get(thread);
    const waitedMs = now.waitedForCoreMs - (then?.waitedForCoreMs ?? 0);
    if (thread === String(process.pid)) {
      sums.waitedForCoreMs = waitedMs;
      continue;
    }
    if (now.isOfTheEngine) {
      sums.engineWaitedForCoreMs = Math.max(sums.engineWaitedForCoreMs, waitedMs);
      continue;
    }
    sums.helperWaitedForCoreMs = Math.max(sums.helperWaitedForCoreMs, waitedMs);
    sums.helperCpuMs += now.cpuMs - (then?.cpuMs ?? 0);
  }
  return sums;
}

function sumOf(all: readonly Readings[]): Readings {
  const sum = (field: (readings: Readings) => number) => all.reduce((total, one) => total + field(one), 0);
  return {
    tasks: sum((one) => one.tasks),
    wallMs: sum((one) => one.wallMs),
    idleMs: sum((one) => one.idleMs),
    waitedForCoreMs: sum((one) => one.waitedForCoreMs),
    helperWaitedForCoreMs: sum((one) => one.helperWaitedForCoreMs),
    engineWaitedForCoreMs: sum((one) => one.engineWaitedForCoreMs),
    threadCpuMs: sum((one) => one.threadCpuMs),
    helperCpuMs: sum((one) => one.helperCpuMs),
  };
}

/** All threads of this process. Only Linux tells; elsewhere a busy machine makes waits longer. */
function threadTimes(): ReadonlyMap<string, ThreadTimes> | undefined {
  try {
    const times = new Map<string, ThreadTimes>();
    for (const thread of readdirSync('/proc/self/task')) {
      const path = `/proc/self/task/${thread}`;
      const own = timesIn(path);
      if (own) times.set(thread, own);
    }
    return times.has(String(process.pid)) ? times : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for a thread that has just ended. The figures are nanoseconds. */
function timesIn(path: string): ThreadTimes | undefined {
  try {
    const isOfTheEngine = OF_THE_ENGINE.test(readFileSync(`${path}/comm`, 'latin1'));
    const [cpu, waited] = readFileSync(`${path}/schedstat`, 'latin1').split(' ');
    return { isOfTheEngine, cpuMs: Number(cpu) / 1e6, waitedForCoreMs: Number(waited) / 1e6 };
  } catch {
    return undefined;
  }
}
