// A run as JSON, for machines and for later: { suite, environment, settings, rows }, where each row has its name
// and its figures under their names. And back again, from a file that may be anything.
import { isFailed, type Row } from './rows.ts';
import type { SuiteRun } from './run.ts';
import type { Figure } from './findings.ts';
import type { Spread } from '../src/measure/statistics.ts';
import type { Target } from '../src/files/targets.ts';

/** The file that `--save` asked for. */
export const runAt = (path: string): Target<SuiteRun> => ({
  option: '--save',
  path,
  mark: '"suite": ',
  textOf: (run) => `${jsonOf(run)}\n`,
});

export function jsonOf({ suite, environment, settings, rows }: SuiteRun): string {
  const flat = rows.map((row) => {
    if (isFailed(row)) return row;
    const { section, name, figures } = row;
    return { section, name, ...figures };
  });
  return JSON.stringify({ suite, environment, settings, rows: flat }, null, 2);
}

/** The file holds something else than a run. */
export class ForeignFileError extends Error {
  override readonly name = 'ForeignFileError';
}

/** The run that `text` holds. @throws {ForeignFileError} with what was expected and is not there */
export function runFrom(text: string): SuiteRun {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ForeignFileError('expected JSON');
  }
  if (!isObject(parsed)) throw new ForeignFileError('expected an object');
  if ('comparisons' in parsed) {
    throw new ForeignFileError('expected a suite, got a comparison: npm run report makes its page');
  }
  const { suite, environment, settings, rows } = parsed;
  if (typeof suite !== 'string') throw new ForeignFileError('expected the name of a suite');
  if (!isObject(environment) || !isObject(environment['packages'])) {
    throw new ForeignFileError('expected an environment');
  }
  if (!isObject(settings)) throw new ForeignFileError('expected settings');
  if (!Array.isArray(rows) || rows.length === 0) throw new ForeignFileError('expected rows');
  return { suite, environment, settings, rows: rows.map(rowFrom) } as unknown as SuiteRun;
}

function rowFrom(row: unknown): Row {
  if (!isObject(row) || typeof row['section'] !== 'string' || typeof row['name'] !== 'string') {
    throw new ForeignFileError('expected a section and a name in every row');
  }
  const { section, name, error, ...rest } = row as { section: string; name: string; error?: unknown };
  if (typeof error === 'string') return { section, name, error };
  const figures: Record<string, Figure> = {};
  for (const [figure, value] of Object.entries(rest)) {
    if (typeof value !== 'string' && !isMeasurement(value)) {
      throw new ForeignFileError(`expected median, mad, samples and trials in ${figure} of ${name}`);
    }
    figures[figure] = value;
  }
  return { section, name, figures };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a figure was measured, not said in words. */
export const isMeasurement = (value: unknown): value is Spread =>
  isObject(value) &&
  Number.isFinite(value['median']) &&
  Number.isFinite(value['mad']) &&
  [value['samples'], value['trials']].every((list) => Array.isArray(list) && list.length > 0);
