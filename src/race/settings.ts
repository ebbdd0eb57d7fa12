// What a race can be asked for. One list of fields serves the form on the page, the check of what the form sends, and the
// link that carries a race to somebody else. A page can ask for no more than the machine can do.
import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { parseFaults } from '../api/faults.ts';
import { parseRate, parseStoves } from '../api/limits.ts';
import { checked, fields, filled, oneOf, rule, text, unlike, wholeFrom } from '../files/schema.ts';
import type { JobName } from '../jobs/job.ts';
import { JOBS } from '../jobs/open.ts';
import { estimateMs, turnsOf, type CpuSettings, type IoSettings } from '../measure/plan.ts';
import { duration } from '../report/units.ts';
import { IN_MEMORY, usualApproaches, type ApproachName } from '../running/registry.ts';

export const MODES = ['turns', 'together'] as const;

export interface RaceSettings {
  readonly job: JobName;
  /** In turns, which is fair, or together, which is a show: all share the cores. */
  readonly mode: (typeof MODES)[number];
  readonly approaches: readonly ApproachName[];
  readonly requests: number;
  readonly latency: number;
  readonly jitter: number;
  readonly concurrency: number;
  readonly threads: number;
  /** The most starts in a second, of an approach that keeps to a pace. */
  readonly pace: number;
  readonly turns: number;
  readonly cost: number;
  readonly seed: number;
  /** As the command line writes them, or nothing; so are the next two. */
  readonly faults: string;
  readonly stoves: string;
  readonly rate: string;
}

/** A number that the page has a slider for. */
export interface NumberField {
  readonly name: 'requests' | 'latency' | 'jitter' | 'concurrency' | 'threads' | 'pace' | 'turns' | 'cost';
  readonly label: string;
  readonly unit?: string;
  readonly min: number;
  readonly max: number;
  readonly start: number;
  /** The kind of job that it concerns; without it, every job. */
  readonly kind?: 'io' | 'cpu';
  /** The approach that it concerns alone. */
  readonly approach?: ApproachName;
}

/** Threads take memory, 18 MiB each where they fetch orders, and fight for the cores. */
const THREADS_PER_CORE = 4;
/** A whole race must not take longer than anybody watches, in milliseconds. */
const MOST_MS = 10 * 60_000;
/** A request is given up after this time, in milliseconds. */
const TIMEOUT_MS = 5000;

export function numberFields(cores = availableParallelism()): readonly NumberField[] {
  return [
    { name: 'requests', label: 'requests', min: 1, max: 2000, start: 40 },
    { name: 'latency', label: 'latency', unit: 'ms', min: 0, max: 1000, start: 50, kind: 'io' },
    { name: 'jitter', label: 'jitter, up to', unit: 'ms', min: 0, max: 1000, start: 0, kind: 'io' },
    { name: 'cost', label: 'CPU time of a task', unit: 'ms', min: 1, max: 100, start: 10, kind: 'cpu' },
    { name: 'concurrency', label: 'concurrency', min: 1, max: 200, start: 10 },
    {
      name: 'threads',
      label: 'threads',
      min: 1,
      max: THREADS_PER_CORE * cores,
      start: Math.min(4, THREADS_PER_CORE * cores),
      approach: 'worker-threads',
    },
    { name: 'pace', label: 'pace of paced', unit: '/s', min: 1, max: 1000, start: 50, approach: 'paced' },
    { name: 'turns', label: 'turns', min: 1, max: 9, start: 3 },
  ];
}

/** A race is made to be watched. There is nothing to watch while a database starts for each turn. */
export const allApproaches = IN_MEMORY;
export const raceJobs = Object.keys(JOBS) as JobName[];

export const startSettings = (): RaceSettings => ({
  job: raceJobs[0]!,
  mode: MODES[0],
  approaches: usualApproaches({}),
  ...(Object.fromEntries(numberFields().map(({ name, start }) => [name, start])) as Record<
    NumberField['name'],
    number
  >),
  seed: 1,
  faults: '',
  stoves: '',
  rate: '',
});

/** A text that the command line's own parser takes, or an empty one. */
const parsedBy = (name: keyof RaceSettings, parse: (text: string) => unknown) =>
  v.pipe(
    text,
    v.maxLength(200, 'a text of at most 200 characters'),
    v.rawCheck<string>(({ dataset, addIssue }) => {
      if (!dataset.typed || dataset.value === '') return;
      try {
        parse(dataset.value);
      } catch (error) {
        addIssue({ message: `another ${name} (${(error as Error).message})` });
      }
    }),
  );

const settingsSchema = () => {
  const numbers = Object.fromEntries(
    numberFields().map(({ name, min, max }) => [name, wholeFrom(min, max)]),
  ) as Record<NumberField['name'], ReturnType<typeof wholeFrom>>;
  return v.pipe(
    fields<RaceSettings>({
      job: oneOf(...raceJobs),
      mode: oneOf(...MODES),
      approaches: v.pipe(
        filled(oneOf(...allApproaches)),
        unlike((name) => name, 'approach'),
      ),
      ...numbers,
      seed: wholeFrom(0, 2 ** 31 - 1),
      faults: parsedBy('faults', parseFaults),
      stoves: parsedBy('stoves', parseStoves),
      rate: parsedBy('rate', parseRate),
    }),
    rule<RaceSettings>((settings) => {
      const tookMs = raceMs(comparisonSettings(settings));
      return tookMs <= MOST_MS
        ? undefined
        : {
            at: [],
            expected: `a race of at most ${duration(MOST_MS)}`,
            got: `about ${duration(tookMs)}`,
          };
    }),
  );
};

/**
 * What a page asks for.
 * @throws {DocumentError} that says what was expected, and what came
 */
export const checkedSettings = (asked: unknown): RaceSettings => checked(settingsSchema(), asked, 'race');

/** About how long all turns take one after the other. */
function raceMs(settings: CpuSettings | IoSettings): number {
  const turnMs = settings.approaches.reduce((sum, approach) => sum + estimateMs(approach, settings), 0);
  return turnMs * turnsOf(settings);
}

/** The same race as a comparison is asked for. */
export function comparisonSettings(settings: RaceSettings): CpuSettings | IoSettings {
  const { job, approaches, requests, concurrency, threads, turns } = settings;
  const pace = approaches.includes('paced') ? { pace: settings.pace } : {};
  const size = { approaches, requests, concurrency, threads, ...pace, repeats: turns };
  const { kind } = JOBS[job];
  if (kind === 'cpu') return { kind, job: job as 'price-order', ...size, costMs: settings.cost };
  return {
    kind,
    job: job as 'fetch-order' | 'save-order',
    ...size,
    conditions: {
      latencyMs: settings.latency,
      jitterMs: settings.jitter,
      seed: settings.seed,
      ...(settings.faults !== '' && { faults: parseFaults(settings.faults) }),
      ...(settings.stoves !== '' && { stoves: parseStoves(settings.stoves) }),
      ...(settings.rate !== '' && { rate: parseRate(settings.rate) }),
    },
    // Its bars are what the API sees, so there has to be one.
    network: 'loopback',
    timeoutMs: TIMEOUT_MS,
    retryBudget: 0,
  };
}
