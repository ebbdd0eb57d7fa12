// What a run leaves behind: the JSON document of `--json`. A file is checked before anything is drawn from it,
// because a report that silently shows a damaged file would be believed.
import { FAULTS, type FaultName, type Faults } from '../api/faults.ts';
import { APPROACHES, type ApproachName } from '../approaches/registry.ts';
import type { JobName } from '../jobs/job.ts';
import type { Span } from '../jobs/recorded.ts';
import { JOBS } from '../jobs/open.ts';
import type { Comparison, FailedRow, Row } from '../measure/comparison.ts';
import type { Environment } from '../measure/environment.ts';
import type { LoopTrack } from '../measure/loop-track.ts';
import type { Spread } from '../measure/statistics.ts';
import type { Claim } from './claims.ts';

export interface RunDocument {
  readonly environment: Environment;
  readonly comparisons: readonly Comparison[];
  readonly claims: readonly Claim[];
}

/** The text is no document of a run; the message says where it departs from one. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

/** @throws {DocumentError} */
export function parseDocument(text: string): RunDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new DocumentError(
      'expected the JSON of a run (npm start -- --json), got something that is no JSON',
    );
  }
  return runDocument(document, 'document');
}

/** Returns the value as what it is, or throws a DocumentError that names its path. */
type Check<T> = (value: unknown, path: string) => T;

function wrong(path: string, expected: string, value: unknown): never {
  const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);
  throw new DocumentError(`${path}: expected ${expected}, got ${got}`);
}

const text: Check<string> = (value, path) =>
  typeof value === 'string' ? value : wrong(path, 'a text', value);

const amount: Check<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : wrong(path, 'a number from 0 up', value);

const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value, path) =>
    value === null ? null : check(value, path);

const oneOf =
  <Name extends string>(...names: readonly Name[]): Check<Name> =>
  (value, path) =>
    names.find((name) => name === value) ?? wrong(path, `one of ${names.join(', ')}`, value);

const list =
  <T>(check: Check<T>, least = 0): Check<readonly T[]> =>
  (value, path) =>
    Array.isArray(value) && value.length >= least
      ? value.map((item, index) => check(item, `${path}[${index}]`))
      : wrong(path, least === 0 ? 'a list' : 'a list that is not empty', value);

const anything: Check<Readonly<Record<string, unknown>>> = (value, path) =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : wrong(path, 'an object', value);

/** Every field of the type has its check: a new field without one does not compile. */
const fields =
  <T>(checks: { readonly [Key in keyof T]-?: Check<T[Key]> }): Check<T> =>
  (value, path) => {
    const given = anything(value, path);
    const pairs = Object.entries<Check<unknown>>(checks)
      .map(([key, check]) => [key, check(given[key], `${path}.${key}`)] as const)
      .filter(([, checked]) => checked !== undefined);
    return Object.fromEntries(pairs) as T;
  };

/** A field that may be missing; `fields` leaves it out then. */
const orAbsent =
  <T>(check: Check<T>): Check<T> =>
  (value, path) =>
    value === undefined ? (undefined as T) : check(value, path);

const approach = oneOf(...(Object.keys(APPROACHES) as ApproachName[]));
const faultName = oneOf(...(Object.keys(FAULTS) as FaultName[]));
const spread = fields<Spread>({ median: amount, mad: amount, samples: list(amount, 1) });
const spanFields = fields<Span>({
  input: amount,
  startMs: amount,
  endMs: amount,
  thread: amount,
  outcome: oneOf('ok', 'failed', 'aborted'),
  error: orAbsent(text),
});
const span: Check<Span> = (value, path) => {
  const checked = spanFields(value, path);
  if (checked.endMs >= checked.startMs) return checked;
  return wrong(`${path}.endMs`, `a number from startMs (${checked.startMs}) up`, checked.endMs);
};
const measuredRow = fields<Row>({
  approach,
  timeMs: spread,
  speedup: orNull(amount),
  limitMs: amount,
  ofLimit: amount,
  peakInFlight: amount,
  succeeded: amount,
  failed: amount,
  memory: fields<Row['memory']>({
    baselineMiB: amount,
    peakMiB: amount,
    overBaselineMiB: amount,
    peaksMiB: list(amount, 1),
  }),
  cpuMs: amount,
  cpuSamplesMs: list(amount, 1),
  loopDelayMs: fields<Row['loopDelayMs']>({ p99: amount, max: amount }),
  loopUtilization: amount,
  spans: list(span),
  loopTrack: fields<LoopTrack>({ startMs: amount, stepMs: amount, lateMs: list(amount) }),
});
const failedRow = fields<FailedRow>({ approach, error: text });
const row: Check<Row | FailedRow> = (value, path) =>
  typeof value === 'object' && value !== null && 'error' in value
    ? failedRow(value, path)
    : measuredRow(value, path);
const faults: Check<Faults> = (value, path) => {
  const rates = Object.entries(anything(value, path));
  return Object.fromEntries(
    rates.map(([name, rate]) => [faultName(name, path), amount(rate, `${path}.${name}`)]),
  );
};
const comparison = fields<Comparison>({
  job: oneOf(...(Object.keys(JOBS) as JobName[])),
  network: oneOf('loopback', 'intercepted'),
  requests: amount,
  latencyMs: amount,
  jitterMs: amount,
  seed: amount,
  faults: orAbsent(faults),
  timeoutMs: amount,
  retryBudget: amount,
  concurrency: amount,
  threads: amount,
  costMs: orNull(amount),
  limitMs: orNull(amount),
  machineSpeedup: orNull(amount),
  mockCostMs: orNull(amount),
  rows: list(row),
});
const packages = fields<Environment['packages']>({ msw: text, piscina: text, tinybench: text, undici: text });
const runDocument = fields<RunDocument>({
  environment: fields<Environment>({ node: text, platform: text, cpu: text, cores: amount, packages }),
  comparisons: list(comparison),
  claims: list(
    fields<Claim>({
      claim: text,
      article: text,
      measured: text,
      verdict: oneOf('holds', 'differs', 'not measured here'),
      because: text,
    }),
  ),
});
