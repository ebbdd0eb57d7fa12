// The command that makes a comparison again, from the comparison itself.
import { faultsText } from '../api/faults.ts';
import { rateText, stovesText } from '../api/limits.ts';
import type { ApproachName } from '../running/registry.ts';
import { isMeasured, type Comparison } from '../measure/comparison.ts';
import { natureOf } from '../measure/nature.ts';

/** For a shell. Every word but a path comes from a closed list or is a number, so nothing else needs quotes. */
export function commandOf(comparison: Comparison): string {
  const { job, requests, concurrency, threads, workers, database, pace, rows } = comparison;
  const [repeats, ...others] = new Set(rows.filter(isMeasured).map((row) => row.cpuSamplesMs.length));
  const what = comparison.kind === 'own' ? quoted(comparison.file) : job;
  const words: Array<string | number> = ['npm start -- compare', what, '--requests', requests];
  // The command line refuses an option that would change nothing.
  const has = (name: ApproachName) => rows.some(({ approach }) => approach === name);
  const bounded: readonly ApproachName[] = ['bounded-pool', 'stream-map', 'paced', 'job-queue'];
  if (bounded.some(has)) words.push('--concurrency', concurrency);
  if (has('worker-threads')) words.push('--threads', threads);
  if (workers !== undefined) words.push('--workers', workers);
  if (database !== undefined && database !== EMBEDDED)
    words.push('--database', quoted(databaseValue(database)));
  if (pace !== undefined) words.push('--pace', pace);
  // A number that was asked for is the same in all rows. If they differ, it was the default, which needs no option.
  if (repeats !== undefined && others.length === 0) words.push('--repeats', repeats);
  if (comparison.kind === 'io') {
    const { latencyMs, jitterMs, seed, network, timeoutMs, retryBudget, faults } = comparison;
    words.push('--latency', latencyMs, '--jitter', jitterMs, '--network', network);
    if (jitterMs > 0 || faults || retryBudget > 0) words.push('--seed', seed);
    const { stoves, rate } = comparison;
    if (stoves) words.push('--stoves', stovesText(stoves));
    if (rate) words.push('--rate', rateText(rate));
    words.push('--timeout', timeoutMs, '--retries', retryBudget);
    if (faults) words.push('--faults', faultsText(faults));
  } else if (comparison.kind === 'cpu') {
    words.push('--cost', comparison.costMs);
  } else {
    const { inputsFile, most, timeoutMs, retryBudget, nature, probe } = comparison;
    if (inputsFile !== undefined) words.push('--inputs', quoted(inputsFile));
    words.push('--most', most, '--timeout', timeoutMs, '--retries', retryBudget);
    if (nature !== natureOf(probe)) words.push('--kind', nature);
  }
  words.push('--approach', ...rows.map((row) => row.approach));
  return words.join(' ');
}

/** The shown name of the default database. */
const EMBEDDED = 'PGlite';

/** The value for `--database` from the shown name. A reader has to add the password: no saved run has it. */
const databaseValue = (shown: string): string => shown.replace(/^PGlite in /, 'pglite:');

/** A path for a shell. */
export const quoted = (path: string): string =>
  /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
