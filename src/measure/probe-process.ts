// The process that looks at the reader's own work before anything is measured: it loads the module, draws the inputs, says
// what it found, and runs a few tasks one at a time when it is told to. After each step it says what comes next, so that
// whoever waits knows where a module ended the process or never came back.
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { receiveSettings } from '../child.ts';
import { loadOwnWork, OwnWorkError, reasonOf } from '../jobs/own-work.ts';
import { drawFor, openOwnTask } from '../jobs/open-own.ts';
import { isThenable } from '../thenable.ts';
import { timesOf, type Readings } from './nature.ts';
import type { Found, ProbeMessage, ProbeSettings } from './probe.ts';

const { job, tasks } = await receiveSettings<ProbeSettings>();

function tell(message: ProbeMessage): void {
  process.send!(message);
}

try {
  tell({ doing: 'while it was loaded' });
  await loadOwnWork(job.path);
  tell({ doing: 'while its inputs were drawn' });
  const { inputs, inAll } = await drawFor(job);
  tell({ found: { inputs: inputs.length, inAll, ...threadProblem(inputs) } satisfies Found });
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
  let isSynchronous = true;
  for (const [index, input] of few.entries()) {
    atInput = index + 1;
    tell({ doing: `in the task, at input ${atInput}` });
    const before = read();
    try {
      const returned = opened.task(input);
      if (isThenable(returned)) {
        isSynchronous = false;
        await Promise.race([returned, hanging.promise]);
      }
    } catch (error) {
      if (error instanceof OwnWorkError) throw error;
      // One failure may pass. Measuring counts them, and gives up where there are too many.
      tell({ failure: reasonOf(error) });
    }
    all.push(between(before, read()));
  }
  tell({ doing: 'while its setUp was disposed' });
  await opened[Symbol.asyncDispose]();
  const told = all.length > 2 ? all.slice(1) : all; // the first opens connections and compiles code
  tell({ probe: { tasks: few.length, isSynchronous, ...timesOf(sumOf(told)) } });
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

/** Counters that only grow, in milliseconds. */
interface Counters {
  readonly nowMs: number;
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>;
  readonly thread: NodeJS.CpuUsage;
  readonly process: NodeJS.CpuUsage;
  readonly waitedForCoreMs: number;
  readonly allWaitedForCoreMs: number;
}

function read(): Counters {
  // What takes long is read first: the clock is to start as late as possible.
  const waited = waitedForCore();
  return {
    ...waited,
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
  return {
    tasks: 1,
    wallMs: after.nowMs - before.nowMs,
    idleMs: performance.eventLoopUtilization(after.loop, before.loop).idle,
    waitedForCoreMs: after.waitedForCoreMs - before.waitedForCoreMs,
    allWaitedForCoreMs: after.allWaitedForCoreMs - before.allWaitedForCoreMs,
    threadCpuMs: cpuMs(after.thread, before.thread),
    processCpuMs: cpuMs(after.process, before.process),
  };
}

function sumOf(all: readonly Readings[]): Readings {
  const sum = (of: (readings: Readings) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    tasks: sum((one) => one.tasks),
    wallMs: sum((one) => one.wallMs),
    idleMs: sum((one) => one.idleMs),
    waitedForCoreMs: sum((one) => one.waitedForCoreMs),
    allWaitedForCoreMs: sum((one) => one.allWaitedForCoreMs),
    threadCpuMs: sum((one) => one.threadCpuMs),
    processCpuMs: sum((one) => one.processCpuMs),
  };
}

/** Only Linux tells how long a thread could have run and others had its core. Elsewhere a busy machine makes waits longer. */
function waitedForCore(): Pick<Counters, 'waitedForCoreMs' | 'allWaitedForCoreMs'> {
  try {
    const threads = readdirSync('/proc/self/task');
    const waits = threads.map((thread) => [thread, waitOf(`/proc/self/task/${thread}/schedstat`)] as const);
    const main = waits.find(([thread]) => thread === String(process.pid))?.[1] ?? 0;
    return { waitedForCoreMs: main, allWaitedForCoreMs: waits.reduce((sum, [, waited]) => sum + waited, 0) };
  } catch {
    return { waitedForCoreMs: 0, allWaitedForCoreMs: 0 };
  }
}

/** The second field of a thread's schedstat, in nanoseconds; 0 for a thread that has just ended. */
function waitOf(path: string): number {
  try {
    return Number(readFileSync(path, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
