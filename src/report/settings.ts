// The settings of a comparison in words, and what its times are to be read with. Whoever prints wraps the lines.
import { needsLoopback } from '../api/faults.ts';
import type { Comparison, CpuComparison, IoComparison } from '../measure/comparison.ts';
import { count, duration, exactPercent, ratio } from './units.ts';

/** What was asked for, in one line. */
export function settingsLine(comparison: Comparison): string {
  const { requests, concurrency, threads } = comparison;
  const lanes = `at most ${concurrency} at once, ${count(threads, 'thread')}`;
  if (comparison.kind === 'cpu') {
    return `${count(requests, 'task')} of ${comparison.costMs} ms CPU time, ${lanes}`;
  }
  const { latencyMs, jitterMs, network, seed } = comparison;
  const range = jitterMs > 0 ? `${latencyMs} to ${latencyMs + jitterMs} ms` : `${latencyMs} ms`;
  return `${count(requests, 'request')} of ${range}, ${network}, ${lanes}, seed ${seed}`;
}

/** The faults that were asked for, and what a request may do about them. */
export function faultLines(comparison: Comparison): string[] {
  if (comparison.kind === 'cpu' || !comparison.faults) return [];
  const { faults, timeoutMs, retryBudget } = comparison;
  const rates = Object.entries(faults).map(([name, rate]) => `${name} ${exactPercent(rate)}`);
  const line = `faults: ${rates.join(', ')}; at most ${duration(timeoutMs)} for a request and ${count(retryBudget, 'retry', 'retries')} for a run`;
  const reason = 'Some of these faults need a real connection, so the network is loopback.';
  return needsLoopback(faults) ? [line, reason] : [line];
}

/** What the times are to be read with. */
export const limits = (comparison: Comparison): string[] =>
  comparison.kind === 'io' ? ioLimits(comparison) : cpuLimits(comparison);

function ioLimits({
  limitMs,
  mockCostMs,
  concurrency,
  network,
  requests,
  latencyMs,
  jitterMs,
}: IoComparison): string[] {
  const lines: string[] = [];
  if (limitMs > 0) {
    const lanes = Math.min(requests, concurrency);
    const rounds = Math.ceil(requests / lanes);
    const inRounds = `${count(rounds, 'round')} of ${latencyMs} ms, ${lanes} at a time, ${rounds === 1 ? 'takes' : 'take'}`;
    const drawn = `the latencies of these requests, ${lanes} at a time, take at least`;
    lines.push(`Limit: ${jitterMs > 0 ? drawn : inRounds} ${duration(limitMs)}; each row has its own.`);
  }
  if (mockCostMs !== null) {
    lines.push(`The mock's own price: ${duration(mockCostMs)} a request without latency (${network}).`);
  }
  return lines;
}

function cpuLimits({ limitMs, machineSpeedup, threads, processes = threads }: CpuComparison): string[] {
  if (limitMs === null) return [];
  const take = processes === 1 ? '1 process takes' : `${processes} processes side by side take`;
  const gain = machineSpeedup === null ? '' : `, ${ratio(machineSpeedup)} as fast as sequential`;
  return [`Limit: ${take} ${duration(limitMs)}${gain}.`];
}
