// A comparison as text: the answer, the table, a timeline for each approach. At most 80 columns wide.
import { needsLoopback } from '../api/faults.ts';
import { isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import type { Machine } from '../measure/environment.ts';
import { headline } from './headline.ts';
import { WIDTH, wrapped, type Paint } from './paint.ts';
import { bar, table } from './table.ts';
import { timeline } from './timeline.ts';
import {
  count,
  duration,
  durationWithSpread,
  exactPercent,
  mebibytes,
  orNone,
  percent,
  ratio,
} from './units.ts';

const BAR_WIDTH = 20;
const TIMELINE_ROWS = 5;

/** Where it was measured, in two lines. */
export function environmentLines({ node, cpu, cores, platform, packages }: Machine): string[] {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [`Node ${node}, ${platform}, ${cpu}, ${count(cores, 'core')}`, versions.join(', ')];
}

/** The whole text of one comparison, line by line. */
export function comparisonText(comparison: Comparison, paint: Paint): string[] {
  const measured = comparison.rows.filter(isMeasured);
  const answer = wrapped(headline(comparison), WIDTH);
  return [
    ...answer.map((line) => paint('bold', line)),
    paint('dim', settingsLine(comparison)),
    ...faultLines(comparison).map((line) => paint('dim', line)),
    '',
    ...timeTable(measured, paint),
    ...comparison.rows.flatMap((row) =>
      isMeasured(row) ? [] : [paint('red', `${row.approach}: ${row.error}`)],
    ),
    '',
    ...costTable(measured, paint),
    ...failures(measured, paint),
    '',
    ...limits(comparison).map((line) => paint('dim', line)),
    '',
    ...measured.flatMap((row) => approachTimeline(row, paint)),
  ];
}

/** What was asked for, in one line. */
export function settingsLine(comparison: Comparison): string {
  const { requests, latencyMs, jitterMs, costMs, concurrency, threads, network, seed } = comparison;
  const range = jitterMs > 0 ? `${latencyMs} to ${latencyMs + jitterMs} ms` : `${latencyMs} ms`;
  const lanes = `at most ${concurrency} at once, ${count(threads, 'thread')}`;
  return costMs === null
    ? `${count(requests, 'request')} of ${range}, ${network}, ${lanes}, seed ${seed}`
    : `${count(requests, 'task')} of ${costMs} ms CPU time, ${lanes}`;
}

/** The faults that were asked for, and what a request may do about them. */
export function faultLines({ faults, timeoutMs, retryBudget }: Comparison): string[] {
  if (!faults) return [];
  const rates = Object.entries(faults).map(([name, rate]) => `${name} ${exactPercent(rate)}`);
  const lines = wrapped(
    `faults: ${rates.join(', ')}; ${timeoutMs} ms a request, ${count(retryBudget, 'retry', 'retries')} a run`,
    WIDTH,
  );
  const reason = 'Some of these faults need a real connection, so the network is loopback.';
  return needsLoopback(faults) ? [...lines, reason] : lines;
}

function timeTable(rows: readonly Row[], paint: Paint): string[] {
  const slowest = Math.max(...rows.map((row) => row.timeMs.median));
  return table(
    [
      { title: 'approach' },
      { title: 'median ± MAD (runs)' },
      { title: '' },
      { title: 'speed-up', align: 'right' },
      { title: 'of limit', align: 'right' },
    ],
    rows.map((row) => [
      row.approach,
      `${durationWithSpread(row.timeMs)} (${row.timeMs.samples.length})`,
      paint('cyan', bar(row.timeMs.median / slowest, BAR_WIDTH)),
      orNone(row.speedup, ratio),
      orNone(row.ofLimit, percent),
    ]),
    paint,
  );
}

function costTable(rows: readonly Row[], paint: Paint): string[] {
  return table(
    [
      { title: 'approach' },
      { title: 'in flight', align: 'right' },
      { title: 'memory', align: 'right' },
      { title: 'CPU', align: 'right' },
      { title: 'loop late p99', align: 'right' },
      { title: 'max', align: 'right' },
      { title: 'busy', align: 'right' },
    ],
    rows.map((row) => [
      row.approach,
      String(row.peakInFlight),
      `+${mebibytes(row.memory.overBaselineMiB)}`,
      duration(row.cpuMs),
      duration(row.loopDelayMs.p99),
      duration(row.loopDelayMs.max),
      percent(row.loopUtilization),
    ]),
    paint,
  );
}

/** A blank line, and what failed and how, counted; nothing where nothing did. */
function failures(rows: readonly Row[], paint: Paint): string[] {
  const lines = rows
    .filter((row) => row.failed > 0)
    .flatMap((row) => {
      const kinds = new Map<string, number>();
      for (const { error } of row.spans) if (error) kinds.set(error, (kinds.get(error) ?? 0) + 1);
      const what = [...kinds].map(([error, times]) => `${times} × ${error}`).join(', ');
      const text = `${row.approach}: ${row.failed} of ${row.failed + row.succeeded} failed: ${what}`;
      return wrapped(text, WIDTH, '  ').map((line) => paint('red', line));
    });
  return lines.length > 0 ? ['', ...lines] : [];
}

/** What the times are to be read with. */
export function limits({
  costMs,
  limitMs,
  machineSpeedup,
  mockCostMs,
  threads,
  processes = threads,
  concurrency,
  network,
  requests,
  latencyMs,
  jitterMs,
}: Comparison): string[] {
  const lines: string[] = [];
  if (limitMs !== null && costMs !== null) {
    const take = processes === 1 ? '1 process takes' : `${processes} processes side by side take`;
    const gain = machineSpeedup === null ? '' : `, ${ratio(machineSpeedup)} as fast as sequential`;
    lines.push(`Limit: ${take} ${duration(limitMs)}${gain}.`);
  } else if (limitMs) {
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

function approachTimeline(row: Row, paint: Paint): string[] {
  const title = `${row.approach}: ${duration(row.timeMs.median)}, ${row.peakInFlight} in flight`;
  return [paint('bold', title), ...timeline(row.spans, { width: WIDTH, rows: TIMELINE_ROWS, paint }), ''];
}
