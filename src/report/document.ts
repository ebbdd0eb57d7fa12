// What a run leaves behind: the JSON document of `--json` and `--save`, and the schema it is checked by when it is read.
import * as v from 'valibot';
import { fields, list, oneOf, rule, text, type Schema } from '../files/schema.ts';
import type { Comparison } from '../measure/comparison.ts';
import type { RunEnvironment } from '../measure/environment.ts';
import { comparisons, environment } from '../measure/schema.ts';
import { VERDICTS, type Claim } from './claim.ts';

export interface RunDocument {
  readonly environment: RunEnvironment;
  readonly comparisons: readonly Comparison[];
  readonly claims: readonly Claim[];
}

const isOfSuite = (value: unknown): value is { readonly suite: unknown } =>
  typeof value === 'object' && value !== null && 'suite' in value;

const ofComparisons = rule<unknown>((value) =>
  isOfSuite(value)
    ? {
        at: ['suite'],
        expected: 'a comparison and no suite (npm run bench -- report makes the page of a suite)',
        got: value.suite,
      }
    : undefined,
);

export const runDocument: Schema<RunDocument> = v.pipe(
  v.unknown(),
  ofComparisons,
  fields<RunDocument>({
    environment,
    comparisons,
    claims: list(
      fields<Claim>({
        claim: text,
        article: text,
        measured: text,
        verdict: oneOf(...VERDICTS),
        because: text,
      }),
    ),
  }),
);
