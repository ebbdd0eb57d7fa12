// A run as JSON: { suite, environment, settings, notes, rows }, where each row has its name and its figures under their names.
// And a run from JSON, which is a file that may hold anything.
import * as v from 'valibot';
import { jsonPieces } from '../src/files/json-pieces.ts';
import {
  fields,
  filled,
  list,
  number,
  record,
  rule,
  text,
  unlike,
  type Schema,
} from '../src/files/schema.ts';
import type { Target } from '../src/files/targets.ts';
import { machine, spread, spreadOfChange } from '../src/measure/schema.ts';
import type { Spread } from '../src/measure/statistics.ts';
import { isMeasured, type FailedRow, type LeftOutRow, type MeasuredRow, type Row } from './rows.ts';
import { claimsOf, type SuiteRun } from './run.ts';
import type { Figure } from './findings.ts';
import type { Plan } from './suite.ts';

/** The file that `--save` asked for. */
export const runAt = (path: string, plan: Plan): Target<SuiteRun> => ({
  option: '--save',
  path,
  mark: '"suite":',
  textOf: (run) => jsonOf(run, plan),
});

/** The document has the claims for its readers. A page that is made from it judges the rows again. */
export function jsonOf(run: SuiteRun, plan: Pick<Plan, 'claims'>): Iterable<string> {
  const { suite, environment, settings, notes, rows } = run;
  const flat = rows.map((row) => {
    if (!isMeasured(row)) return row;
    const { section, name, figures } = row;
    return { section, name, ...figures };
  });
  const claims = claimsOf(plan, run);
  return jsonPieces({
    suite,
    environment,
    settings,
    ...(notes && { notes }),
    rows: flat,
    ...(claims.length > 0 && { claims }),
  });
}

/** Whether a figure was measured, not said in words. */
export const isMeasurement = (value: Figure | undefined): value is Spread => typeof value === 'object';

/** Memory that is compared between two moments may have shrunk. Times, counts and ratios are never below zero. */
const canShrink = (figure: string): boolean => /MiB|bytes/i.test(figure);

const inWords = v.string('a text, or an object with median, mad and samples');
const figureOf = (name: string): Schema<Figure> =>
  v.lazy((value) => {
    if (typeof value !== 'object' || value === null) return inWords;
    return canShrink(name) ? spreadOfChange : spread;
  });

const rowNames = { section: text, name: text };
const failedRow = fields<FailedRow>({ ...rowNames, error: text });
const leftOutRow = fields<LeftOutRow>({ ...rowNames, leftOut: text });

/** A row as the file has it: the figures stand beside the names, under names of their own. */
const flatRow = (value: object): Schema<Record<string, Figure>> => {
  const figures = Object.keys(value).filter((key) => !Object.hasOwn(rowNames, key));
  return fields<Record<string, Figure>>({
    ...rowNames,
    ...Object.fromEntries(figures.map((name) => [name, figureOf(name)])),
  });
};

const measuredRow: Schema<MeasuredRow> = v.pipe(
  v.lazy((value) => flatRow(typeof value === 'object' && value !== null ? value : {})),
  v.transform(({ section, name, ...figures }) => ({
    section: section as string,
    name: name as string,
    figures,
  })),
);

const row: Schema<Row> = v.lazy((value): Schema<Row> => {
  if (typeof value !== 'object' || value === null) return measuredRow;
  if ('error' in value) return failedRow;
  return 'leftOut' in value ? leftOutRow : measuredRow;
});

const setting = v.union([text, number, v.boolean()], 'a text, a number, true or false');
const settings: Schema<Plan['settings']> = record(
  v.lazy((value) => (Array.isArray(value) ? list(setting) : setting)) as Schema<Plan['settings'][string]>,
);

const ofSuites = rule<unknown>((value) =>
  typeof value === 'object' && value !== null && 'comparisons' in value
    ? {
        at: ['comparisons'],
        expected: 'a suite and no comparison (npm run report makes the page of a comparison)',
        got: value.comparisons,
      }
    : undefined,
);

export const suiteRun: Schema<SuiteRun> = v.pipe(
  v.unknown(),
  ofSuites,
  fields<SuiteRun>({
    suite: text,
    environment: machine,
    settings,
    notes: v.optional(record(text)),
    rows: v.pipe(
      filled(row),
      unlike(({ section, name }) => `${section}: ${name}`, 'row'),
    ),
  }),
);
