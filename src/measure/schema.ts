// The schema of a saved comparison. It must agree with the types beside it. A file that no comparison of ours could have
// made is refused, because readers would believe a report that silently shows a damaged file.
import * as v from 'valibot';
import { FAULTS, type FaultName, type Faults } from '../api/faults.ts';
import type { Rate, Stoves } from '../api/limits.ts';
import {
  amount,
  fields,
  filled,
  list,
  numberFrom,
  oneOf,
  record,
  recordOf,
  rule,
  text,
  unlike,
  wholeFrom,
  type Schema,
} from '../files/schema.ts';
import { NO_THREAD, type Span } from '../running/recorded.ts';
import { APPROACHES, type ApproachName } from '../running/registry.ts';
import {
  nameOf,
  type AnyRow,
  type AtLimits,
  type Comparison,
  type CpuComparison,
  type Durability,
  type FailedRow,
  type IoComparison,
  type LeftOutRow,
  type Memory,
  type OwnComparison,
  type QueueFigures,
  type Row,
} from './comparison.ts';
import type { MachineDuringRun, RunEnvironment } from './environment.ts';
import type { LoopTrack } from './loop-track.ts';
import { NATURES, type Probe } from './nature.ts';
import type { Spread } from './statistics.ts';

const count = wholeFrom(0);
const atLeastOne = wholeFrom(1);
const part = numberFrom(0, 1);

/** A median and its deviation, both of what the samples allow. */
const spreadOf = (sample: Schema<number>): Schema<Spread> =>
  v.pipe(
    fields<Spread>({ median: sample, mad: amount, samples: filled(sample), trials: filled(sample) }),
    rule<Spread>(({ median, mad, samples }) => {
      const { least, most } = rangeOf(samples);
      if (median < least || median > most) {
        return { at: ['median'], expected: `a number within the samples (${least} to ${most})`, got: median };
      }
      if (mad > most - least) {
        return { at: ['mad'], expected: `no more than between the samples (${most - least})`, got: mad };
      }
      return undefined;
    }),
  );

/** Not `Math.min(...samples)`: a long list does not fit into one call. */
function rangeOf(samples: readonly number[]): { readonly least: number; readonly most: number } {
  let least = Infinity;
  let most = -Infinity;
  for (const sample of samples) {
    least = Math.min(least, sample);
    most = Math.max(most, sample);
  }
  return { least, most };
}

/** A spread of values that cannot be negative, such as times. */
export const spread = spreadOf(amount);
/** A spread of differences, such as memory that grows or shrinks between two looks. */
export const spreadOfChange = spreadOf(numberFrom(-Number.MAX_SAFE_INTEGER));

const approach = oneOf(...(Object.keys(APPROACHES) as ApproachName[]));

const span: Schema<Span> = v.pipe(
  fields<Span>({
    input: count,
    startMs: amount,
    endMs: amount,
    thread: wholeFrom(NO_THREAD),
    outcome: oneOf('ok', 'failed', 'aborted'),
    error: v.optional(text),
  }),
  rule<Span>(({ startMs, endMs }) =>
    endMs >= startMs
      ? undefined
      : { at: ['endMs'], expected: `a number from startMs (${startMs}) up`, got: endMs },
  ),
);

const measuredRow = fields<Row>({
  approach,
  timeMs: spread,
  speedup: v.nullable(amount),
  limitMs: amount,
  ofLimit: v.nullable(amount),
  peakInFlight: count,
  atLimits: v.optional(
    fields<AtLimits>({
      refused: amount,
      queued: amount,
      longestQueue: count,
      queueMs: amount,
      goodputPerSecond: amount,
    }),
  ),
  queue: v.optional(
    fields<QueueFigures>({
      throughputPerSecond: amount,
      begunAgain: count,
      memory: v.nullable(
        fields<NonNullable<QueueFigures['memory']>>({
          submitterMiB: amount,
          workersMiB: amount,
          databaseMiB: v.nullable(amount),
        }),
      ),
      cpuMs: v.nullable(
        fields<NonNullable<QueueFigures['cpuMs']>>({
          submitter: amount,
          workers: amount,
          database: v.nullable(amount),
        }),
      ),
    }),
  ),
  succeeded: count,
  failed: count,
  memory: v.nullable(
    fields<Memory>({
      baselineMiB: amount,
      peakMiB: amount,
      overBaselineMiB: amount,
      peaksMiB: filled(amount),
    }),
  ),
  cpuMs: amount,
  cpuSamplesMs: filled(amount),
  loopDelayMs: fields<Row['loopDelayMs']>({ p99: amount, max: amount }),
  loopUtilization: part,
  spans: list(span),
  loopTrack: fields<LoopTrack>({ startMs: amount, stepMs: amount, lateMs: list(amount) }),
});
const failedRow = fields<FailedRow>({ approach, error: text });
const leftOutRow = fields<LeftOutRow>({ approach, leftOut: text });
const row: Schema<AnyRow> = v.lazy((value) => {
  if (typeof value !== 'object' || value === null) return measuredRow;
  if ('error' in value) return failedRow;
  return 'leftOut' in value ? leftOutRow : measuredRow;
});

const ROUNDING = 1e-9;
const faults: Schema<Faults> = v.pipe(
  recordOf(oneOf(...(Object.keys(FAULTS) as FaultName[])), part),
  rule<Faults>((rates) => {
    const sum = Object.values(rates).reduce((total, rate) => total + rate, 0);
    return sum <= 1 + ROUNDING ? undefined : { at: [], expected: 'rates of together at most 1', got: sum };
  }),
);

const size = {
  requests: atLeastOne,
  concurrency: atLeastOne,
  threads: atLeastOne,
  workers: v.optional(atLeastOne),
  database: v.optional(text),
  durability: v.optional(fields<Durability>({ beside: approach, perJobMs: amount, madMs: amount })),
  most: v.optional(atLeastOne),
  pace: v.optional(amount),
  rows: v.pipe(
    list(row),
    unlike(({ approach }) => approach, 'approach'),
  ),
};
const ioComparison = fields<IoComparison>({
  kind: oneOf('io'),
  job: oneOf('fetch-order', 'save-order'),
  network: oneOf('loopback', 'intercepted'),
  ...size,
  latencyMs: amount,
  jitterMs: amount,
  seed: count,
  seeds: filled(count),
  faults: v.optional(faults),
  stoves: v.optional(fields<Stoves>({ count: atLeastOne, queue: v.optional(count) })),
  rate: v.optional(fields<Rate>({ perSecond: amount, burst: atLeastOne })),
  timeoutMs: amount,
  retryBudget: count,
  limitMs: amount,
  mockCostMs: v.nullable(amount),
});
const cpuComparison = fields<CpuComparison>({
  kind: oneOf('cpu'),
  job: oneOf('price-order'),
  ...size,
  costMs: amount,
  limitMs: v.nullable(amount),
  processes: v.optional(atLeastOne),
  machineSpeedup: v.nullable(amount),
});
const ownComparison = fields<OwnComparison>({
  kind: oneOf('own'),
  job: text,
  file: text,
  inputsFile: v.optional(text),
  inputsInAll: v.optional(count),
  ...size,
  probe: fields<Probe>({
    tasks: atLeastOne,
    isSynchronous: v.boolean('true or false'),
    wallMs: amount,
    heldMs: amount,
    threadCpuMs: amount,
    otherCpuMs: amount,
  }),
  nature: oneOf(...NATURES),
  most: atLeastOne,
  timeoutMs: amount,
  retryBudget: count,
  limitMs: v.nullable(amount),
  processes: v.optional(atLeastOne),
  machineSpeedup: v.nullable(amount),
});
const anyComparison: Schema<Comparison> = v.lazy((value) => {
  const kind = (value as { kind?: unknown } | null | undefined)?.kind;
  if (kind === 'io') return ioComparison;
  if (kind === 'cpu') return cpuComparison;
  if (kind === 'own') return ownComparison;
  return fields<Pick<Comparison, 'kind'>>({ kind: oneOf('io', 'cpu', 'own') }) as Schema<Comparison>;
});

export const comparisons: Schema<readonly Comparison[]> = v.pipe(
  list(anyComparison),
  unlike(nameOf, 'comparison'),
);

const machineFields = { node: text, platform: text, cpu: text, cores: atLeastOne, takenByOthers: part };

/** A machine with the versions of any packages. */
export const machine = fields<MachineDuringRun>({ ...machineFields, packages: record(text) });

export const environment = fields<RunEnvironment>({
  ...machineFields,
  packages: fields<RunEnvironment['packages']>({ msw: text, piscina: text, tinybench: text, undici: text }),
});
