// The settings of a comparison in words, and what a reader needs to understand its times. Whoever prints wraps the lines.
import { needsLoopback } from '../api/faults.ts';
import type { Stoves } from '../api/limits.ts';
import {
  hasLimits,
  isLeftOut,
  isMeasured,
  type Comparison,
  type CpuComparison,
  type IoComparison,
  type OwnComparison,
} from '../measure/comparison.ts';
import { idealOf } from '../measure/ideal.ts';
import { count, duration, exactPercent, number, ratio, roundDuration } from './units.ts';

/** What was asked for, in one line. */
export function settingsLine(comparison: Comparison): string {
  const { requests, concurrency, threads, workers, pace, database, rows } = comparison;
  const hasThreads = rows.some(({ approach }) => approach === 'worker-threads');
  const threadsText = hasThreads ? `, ${count(threads, 'thread')}` : '';
  const paceText = pace === undefined ? '' : `, pace ${number(pace)}/s`;
  const workersText = workers === undefined ? '' : `, ${count(workers, 'worker')}`;
  const databaseText = database === undefined ? '' : `, queue in ${database}`;
  const lanes = `concurrency ${number(concurrency)}${paceText}${threadsText}${workersText}${databaseText}`;
  if (comparison.kind === 'cpu') {
    return `${count(requests, 'task')} of ${comparison.costMs} ms CPU time, ${lanes}`;
  }
  if (comparison.kind === 'own') {
    const { inputsInAll: inAll = requests, most, timeoutMs, retryBudget } = comparison;
    const inputs =
      inAll > requests
        ? `the first ${number(requests)} of ${number(inAll)} inputs`
        : count(requests, 'input');
    const limits = `at most ${number(most)} in flight, ${roundDuration(timeoutMs)} for a task`;
    const retries = retryBudget > 0 ? ` and ${count(retryBudget, 'retry', 'retries')} for a run` : '';
    return `${inputs}, ${lanes}; ${limits}${retries}`;
  }
  const { latencyMs, jitterMs, network, seeds } = comparison;
  const longestMs = number(latencyMs + jitterMs);
  const range = jitterMs > 0 ? `${number(latencyMs)} to ${longestMs} ms` : `${longestMs} ms`;
  return `${count(requests, 'request')} of ${range}, ${lanes}, ${network} network, ${seedsText(seeds)}`;
}

/** `seed 1`, or `seeds 1 to 5`. They are consecutive, but after the largest possible seed comes 0. */
const seedsText = (seeds: readonly number[]): string =>
  seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`;

/** What the API takes at most, and what a run may repeat; nothing where it has no limits. */
export function limitLines(comparison: Comparison): string[] {
  if (!hasLimits(comparison)) return [];
  const { stoves, rate, retryBudget, faults } = comparison;
  const parts = [
    ...(stoves ? [`${count(stoves.count, 'stove')}, ${queueText(stoves)}`] : []),
    ...(rate ? [`${number(rate.perSecond)} requests a second after a burst of ${number(rate.burst)}`] : []),
    // Where there are faults too, the line about these says it.
    ...(faults ? [] : [count(retryBudget, 'retry', 'retries')]),
  ];
  return [`limits of the API: ${parts.join('; ')}`];
}

const queueText = ({ queue }: Stoves): string =>
  queue === undefined ? 'a queue without end' : `a queue of ${number(queue)}`;

/** The faults that were asked for, and what a request may do against them. */
export function faultLines(comparison: Comparison): string[] {
  if (comparison.kind !== 'io' || !comparison.faults) return [];
  const { faults, timeoutMs, retryBudget } = comparison;
  const rates = Object.entries(faults).map(([name, rate]) => `${name} ${exactPercent(rate)}`);
  const line = `faults: ${rates.join(', ')}; at most ${duration(timeoutMs)} for a request and ${count(retryBudget, 'retry', 'retries')} for a run`;
  const reason = 'Some of these faults need a real connection, so the network is loopback.';
  return needsLoopback(faults) ? [line, reason] : [line];
}

/** What is the ideal time, which stands beside every measured one; undefined where there is none. */
export function idealLine(comparison: Comparison): string | undefined {
  if (comparison.kind === 'io') return ioIdeal(comparison);
  return comparison.kind === 'cpu' ? cpuIdeal(comparison) : ownIdeal(comparison);
}

function ioIdeal(comparison: IoComparison): string | undefined {
  const { limitMs, concurrency, requests, latencyMs, jitterMs, stoves, rate } = comparison;
  // The comparison may come from a file, so the numbers may be zero.
  const lanes = Math.min(requests, concurrency);
  if (!(limitMs > 0 && lanes > 0)) return undefined;
  const { by } = idealOf({ ...comparison, lanes, pace: undefined });
  const atOnce = by === 'stoves' ? stoves!.count : lanes;
  const who = by === 'stoves' ? count(atOnce, 'stove') : `${number(lanes)} at once`;
  const least = roundDuration(limitMs);
  if (by === 'rate') {
    const after = `${number(requests)} - ${number(rate!.burst)}`;
    return `the API lets in ${number(rate!.perSecond)} a second: (${after}) / ${number(rate!.perSecond)} s + ${roundDuration(latencyMs)} = ${least}`;
  }
  if (jitterMs > 0) return `${who}: the latencies drawn take at least ${duration(limitMs)}`;
  const rounds = count(Math.ceil(requests / atOnce), 'round');
  const formula = by === 'stoves' ? 'N·L/K' : 'N·L/C';
  return `${who}: ${rounds} × ${roundDuration(latencyMs)} = ${least} (${formula})`;
}

const cpuIdeal = ({ costMs, ...comparison }: CpuComparison): string => computedIdeal(costMs, comparison);

function ownIdeal(comparison: OwnComparison): string {
  const { nature, probe, requests } = comparison;
  if (nature === 'computes') return computedIdeal(probe.wallMs, comparison);
  const waits = `${number(requests)} × ${roundDuration(probe.wallMs)} / how many at once (N·L/C)`;
  if (nature === 'waits') return waits;
  return `the largest of three: ${waits}; what holds the one thread, ${number(requests)} × ${roundDuration(probe.heldMs)}; what all cores compute`;
}

type ComputingRun = Pick<CpuComparison, 'limitMs' | 'machineSpeedup' | 'requests'> &
  Partial<Pick<CpuComparison, 'processes'>>;

function computedIdeal(
  costMs: number,
  { limitMs, machineSpeedup, requests, processes }: ComputingRun,
): string {
  const one = `${number(requests)} × ${roundDuration(costMs)} = ${roundDuration(requests * costMs)}`;
  if (limitMs === null || processes === undefined) return one;
  const gain = machineSpeedup === null ? '' : ` (${ratio(machineSpeedup)})`;
  return `${one}, ${count(processes, 'process', 'processes')}: ${duration(limitMs)}${gain}`;
}

/** What the mocked API itself costs; undefined where that was not measured. */
export function mockLine(comparison: Comparison): string | undefined {
  if (comparison.kind !== 'io' || comparison.mockCostMs === null) return undefined;
  return `${duration(comparison.mockCostMs)} a request: what the mocked API itself costs`;
}

/** The ideal time is exact to about a tenth: timers fire late, and the speed of a core changes. */
const IDEAL_TOLERANCE = 1.1;
/** From here on a percentage reads 101 or more. */
const ABOVE_IDEAL = 1.005;

const WHY_ABOVE: Readonly<Record<Comparison['kind'], string>> = {
  cpu: 'The machine was faster during these runs than while the ideal time was measured',
  io: 'Answers came earlier than the latency allows',
  own: 'The tasks took less time here than when they were looked at, one at a time',
};

/** What to think of rows that were faster than ideal; undefined where there are none. */
export function aboveIdealLine({ kind, rows }: Comparison): string | undefined {
  const above = rows.filter(isMeasured).filter(({ ofLimit }) => (ofLimit ?? 0) >= ABOVE_IDEAL);
  if (above.length === 0) return undefined;
  const names = above.map(({ approach }) => approach).join(', ');
  if (above.every(({ ofLimit }) => ofLimit! <= IDEAL_TOLERANCE)) {
    return `Above 100 % of ideal: ${names}. Ideal is exact to a few percent.`;
  }
  const reason = WHY_ABOVE[kind];
  return `Far above 100 % of ideal, which cannot be: ${names}. ${reason}. Do not trust "of ideal" in this run.`;
}

/** Why an approach has no figures, a line for each. */
export const leftOutLines = ({ rows }: Comparison): string[] =>
  rows.filter(isLeftOut).map(({ approach, leftOut }) => `${approach}: left out, because ${leftOut}`);
