// What a run leaves behind: the JSON document of `--json` and `--save`. A file is checked before anything is drawn from it,
// because a report that silently shows a damaged file would be believed.
import { FAULTS, type FaultName, type Faults } from '../api/faults.ts';
import { APPROACHES, type ApproachName } from '../running/registry.ts';
import { NO_THREAD, type Span } from '../running/recorded.ts';
import type {
  Comparison,
  CpuComparison,
  FailedRow,
  IoComparison,
  Memory,
  Row,
} from '../measure/comparison.ts';
import type { RunEnvironment } from '../measure/environment.ts';
import type { LoopTrack } from '../measure/loop-track.ts';
import type { Spread } from '../measure/statistics.ts';
import {
  amount,
  anything,
  DocumentError,
  fields,
  list,
  oneOf,
  orAbsent,
  orNull,
  text,
  wrong,
  type Check,
} from '../files/check.ts';
import { VERDICTS, type Claim } from './claim.ts';
import type { Target } from '../files/targets.ts';

export interface RunDocument {
  readonly environment: RunEnvironment;
  readonly comparisons: readonly Comparison[];
  readonly claims: readonly Claim[];
}

export const documentText = (run: RunDocument): string => JSON.stringify(run, null, 2);

/** The file that `--save` asked for. */
export const documentAt = (path: string): Target<RunDocument> => ({
  option: '--save',
  path,
  mark: '"comparisons": [',
  textOf: (run) => `${documentText(run)}\n`,
});

/** @throws {DocumentError} */
export function parseDocument(text: string): RunDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new DocumentError(
      'expected the JSON of a run (npm start -- --save FILE), got something that is no JSON',
    );
  }
  if (typeof document === 'object' && document !== null && 'suite' in document) {
    throw new DocumentError(
      'expected the JSON of a comparison, got a suite: npm run bench -- report makes its page',
    );
  }
  return runDocument(document, 'document');
}

const approach = oneOf(...(Object.keys(APPROACHES) as ApproachName[]));
const faultName = oneOf(...(Object.keys(FAULTS) as FaultName[]));
const spread = fields<Spread>({
  median: amount,
  mad: amount,
  samples: list(amount, 1),
  trials: list(amount, 1),
});
const spanFields = fields<Span>({
  input: amount,
  startMs: amount,
  endMs: amount,
  thread: (value, path) => (value === NO_THREAD ? NO_THREAD : amount(value, path)),
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
  ofLimit: orNull(amount),
  peakInFlight: amount,
  succeeded: amount,
  failed: amount,
  memory: orNull(
    fields<Memory>({
      baselineMiB: amount,
      peakMiB: amount,
      overBaselineMiB: amount,
      peaksMiB: list(amount, 1),
    }),
  ),
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
const size = { requests: amount, concurrency: amount, threads: amount, rows: list(row) };
const ioComparison = fields<IoComparison>({
  kind: oneOf('io'),
  job: oneOf('fetch-order', 'save-order'),
  network: oneOf('loopback', 'intercepted'),
  ...size,
  latencyMs: amount,
  jitterMs: amount,
  seed: amount,
  seeds: list(amount, 1),
  faults: orAbsent(faults),
  timeoutMs: amount,
  retryBudget: amount,
  limitMs: amount,
  mockCostMs: orNull(amount),
});
const cpuComparison = fields<CpuComparison>({
  kind: oneOf('cpu'),
  job: oneOf('price-order'),
  ...size,
  costMs: amount,
  limitMs: orNull(amount),
  processes: orAbsent(amount),
  machineSpeedup: orNull(amount),
});
const comparison: Check<Comparison> = (value, path) => {
  const kind = oneOf('io', 'cpu')(anything(value, path)['kind'], `${path}.kind`);
  return kind === 'io' ? ioComparison(value, path) : cpuComparison(value, path);
};
const packages = fields<RunEnvironment['packages']>({
  msw: text,
  piscina: text,
  tinybench: text,
  undici: text,
});
const runDocument = fields<RunDocument>({
  environment: fields<RunEnvironment>({
    node: text,
    platform: text,
    cpu: text,
    cores: amount,
    packages,
    takenByOthers: amount,
  }),
  comparisons: list(comparison),
  claims: list(
    fields<Claim>({
      claim: text,
      article: text,
      measured: text,
      verdict: oneOf(...VERDICTS),
      because: text,
    }),
  ),
});
