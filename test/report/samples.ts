// Comparisons made by hand, so that a report can be checked against figures the reader sees in the test.
import type {
  AnyRow,
  CpuComparison,
  IoComparison,
  OwnComparison,
  Row,
} from '../../src/measure/comparison.ts';
import { environment, type RunEnvironment } from '../../src/measure/environment.ts';
import { spreadOf } from '../../src/measure/statistics.ts';
import type { Span } from '../../src/running/recorded.ts';

export function span(input: number, startMs: number, endMs: number, more: Partial<Span> = {}): Span {
  return { input, startMs, endMs, thread: 0, outcome: 'ok', ...more };
}

/** A row that took `timesMs`, with every other figure unremarkable unless given. */
export function row(approach: Row['approach'], timesMs: readonly number[], more: Partial<Row> = {}): Row {
  const timeMs = spreadOf(timesMs);
  return {
    approach,
    timeMs,
    speedup: null,
    limitMs: timeMs.median,
    ofLimit: 1,
    peakInFlight: 1,
    succeeded: 2,
    failed: 0,
    memory: { baselineMiB: 70, peakMiB: 80, overBaselineMiB: 10, peaksMiB: [80, 80, 80] },
    cpuMs: 5,
    cpuSamplesMs: [5, 5, 5],
    loopDelayMs: { p99: 1, max: 2 },
    loopUtilization: 0.1,
    spans: [span(1, 0, 10), span(2, 10, 20)],
    loopTrack: { startMs: 0, stepMs: 5, lateMs: [0, 0, 2, 0] },
    ...more,
  };
}

/** A row of a queue with two workers and a database of its own. */
export const queueRow = (timesMs: readonly number[], more: Partial<Row> = {}): Row =>
  row('job-queue', timesMs, {
    queue: {
      throughputPerSecond: 500,
      begunAgain: 0,
      memory: { submitterMiB: 12, workersMiB: 180, databaseMiB: 300 },
      cpuMs: { submitter: 20, workers: 60, database: 110 },
    },
    memory: { baselineMiB: 70, peakMiB: 262, overBaselineMiB: 192, peaksMiB: [262, 262, 262] },
    spans: [span(1, 0, 10, { thread: 1 }), span(2, 5, 20, { thread: 2 })],
    ...more,
  });

export function ioComparison(rows: readonly AnyRow[], more: Partial<IoComparison> = {}): IoComparison {
  return {
    kind: 'io',
    job: 'fetch-order',
    network: 'loopback',
    requests: 2,
    latencyMs: 10,
    jitterMs: 0,
    seed: 1,
    seeds: [1],
    timeoutMs: 10_000,
    retryBudget: 0,
    concurrency: 10,
    threads: 10,
    limitMs: 20,
    mockCostMs: 0.5,
    rows,
    ...more,
  };
}

export function cpuComparison(rows: readonly AnyRow[], more: Partial<CpuComparison> = {}): CpuComparison {
  return {
    kind: 'cpu',
    job: 'price-order',
    requests: 2,
    concurrency: 10,
    threads: 2,
    costMs: 5,
    limitMs: 20,
    machineSpeedup: 1.9,
    rows,
    ...more,
  };
}

/** Own work that waits 95 of its 100 ms. */
export function ownComparison(rows: readonly AnyRow[], more: Partial<OwnComparison> = {}): OwnComparison {
  return {
    kind: 'own',
    job: 'my-work.ts',
    file: './my-work.ts',
    inputsInAll: 40,
    requests: 40,
    concurrency: 10,
    threads: 10,
    probe: {
      tasks: 10,
      isSynchronous: false,
      wallMs: 100,
      heldMs: 5,
      threadCpuMs: 5,
      otherCpuMs: 0,
    },
    nature: 'waits',
    most: 64,
    timeoutMs: 10_000,
    retryBudget: 0,
    limitMs: null,
    machineSpeedup: null,
    rows,
    ...more,
  };
}

/** This machine, in a run that had it for itself. */
export const quietEnvironment = (): RunEnvironment => ({ ...environment(), takenByOthers: 0 });
