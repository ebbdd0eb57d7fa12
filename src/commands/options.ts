// What the commands share of their options: groups of them, and parsers of their values. Nothing is loaded here but
// names: --help is quick.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { FAULTS, faultsText, needsLoopback, parseFaults, type Faults } from '../api/faults.ts';
import { parseRate, parseStoves, type Rate } from '../api/limits.ts';
import type { Conditions } from '../api/conditions.ts';
import { APPROACHES, usualApproaches } from '../running/registry.ts';
import { numberIn } from '../command-line.ts';
import { JOBS } from '../jobs/open.ts';
import { NATURES } from '../measure/nature.ts';
import { nearest } from '../nearest.ts';
import { UsageError } from '../usage-error.ts';
import { allOf, forceReason, type IdleReasons } from './idle-options.ts';

export const jobs = Object.keys(JOBS);
const COMMANDS = ['compare', 'sweep', 'init', 'save', 'api', 'worker', 'report'];
export const approaches = Object.keys(APPROACHES);
const FAULT_NAMES = Object.keys(FAULTS).join(', ');
export const whole = (min: number, max: number) => numberIn({ min, max });

/** What is written like a path can only be a module of the reader's. */
const isModule = (text: string): boolean => /[\\/]|\.\w+$/.test(text);

/** A word that is no option may be meant for a job, for a module or for a command. */
export function jobNamed(text: string): string {
  if (jobs.includes(text) || isModule(text)) return text;
  const [near] = nearest(text, [...jobs, ...COMMANDS]);
  const advice = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new InvalidArgumentError(
    `Expected a job (${jobs.join(', ')}), a module (./my-work.ts) or a command (${COMMANDS.join(', ')}), got ${JSON.stringify(text)}.${advice}`,
  );
}

/** Names with commas or blanks between them. commander hands over those that it has already. */
export function approachesNamed(text: string, before: readonly string[] = []): string[] {
  const names = text.split(',');
  const wrong = names.find((name) => !approaches.includes(name));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(`Expected ${approaches.join(', ')}, got ${JSON.stringify(wrong)}.`);
  }
  return [...before, ...names];
}

/** How the client behaves towards an API that does not answer, or not well. */
export function clientOptions(on: Command): Command {
  return on
    .option('--timeout <ms>', 'how long a request may take, body included', whole(1, 3_600_000), 10_000)
    .option(
      '--retries <count>',
      'how many retries a run may make in all, after failures that may pass',
      whole(0, 1e6),
      0,
    );
}

/** What a job of ours costs, and where the API of the others runs: for every command that measures one of several jobs. */
export function jobOptions(on: Command, costMs: number): Command {
  return on
    .option(
      '--cost <ms>',
      'CPU time of one price-order',
      numberIn({ min: 0.01, max: 10_000, integer: false }),
      costMs,
    )
    .addOption(
      new Option('--network <name>', 'the API behind a port, or msw inside the thread')
        .choices(['loopback', 'intercepted'])
        .default('loopback'),
    );
}

export function loopbackOrigin(text: string): string {
  const [, port] = /^http:\/\/(?:127\.0\.0\.1|localhost):(\d{1,5})\/?$/i.exec(text) ?? [];
  if (port !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return text.replace(/\/$/, '');
  throw new InvalidArgumentError(
    `Expected http://127.0.0.1:PORT with a port from 1 to 65535, got ${JSON.stringify(text)}.`,
  );
}

/** The name of a queue, as pg-boss takes it. */
export function queueName(text: string): string {
  if (/^[\w.-]{1,60}$/.test(text)) return text;
  throw new InvalidArgumentError(
    `Expected at most 60 letters, digits, dots, hyphens and underscores, got ${JSON.stringify(text)}.`,
  );
}

/** How the API behaves; the same options for a comparison and for a server. */
export function conditionOptions(on: Command, latencyMs: number): Command {
  return on
    .option('--latency <ms>', 'how long the API takes for each order', whole(0, 60_000), latencyMs)
    .option(
      '--jitter <ms>',
      'the longest random time that is added to the latency of an order',
      whole(0, 60_000),
      0,
    )
    .option(
      '--faults <list>',
      `what goes wrong, for instance 503:0.1,reset:0.05 (${FAULT_NAMES})`,
      parsed(parseFaults),
    )
    .option(
      '--seed <number>',
      'seed of what is random (jitter, faults, waits before retries); each turn of a comparison takes the next number',
      whole(0, 2 ** 31 - 1),
      1,
    );
}

/** A parser of an option's value for commander, from one that throws a RangeError. */
const parsed =
  <Value>(parse: (text: string) => Value) =>
  (text: string): Value => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };

/** How much the API can do: an API without these takes any number of requests at once. */
export function limitOptions(on: Command): Command {
  return on
    .option(
      '--stoves <count[,queue]>',
      'how many orders the API works on at once, and how many requests may wait; all others get 503',
      parsed(parseStoves),
    )
    .option(
      '--rate <count[,burst]>',
      'how many requests per second the API takes, and how many at once after a pause; all others get 429',
      parsed(parseRate),
    );
}

const glossary = (title: string, entries: Readonly<Record<string, { readonly summary: string }>>): string =>
  [
    `\n${title}:`,
    ...Object.entries(entries).map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`),
    '',
  ].join('\n');
/** Approaches that need more than a job get a star. */
function starred(all: typeof APPROACHES): Readonly<Record<string, { readonly summary: string }>> {
  const entries = Object.values(all).map(({ name, summary, unasked }) => {
    return [unasked === 'always' ? name : `${name} *`, { summary }] as const;
  });
  return Object.fromEntries(entries);
}

/** What the names that options take stand for, for the end of a help. */
export const NAMES = [
  glossary('Jobs', JOBS),
  glossary('Approaches (* not by default)', starred(APPROACHES)),
  glossary('Faults', FAULTS),
].join('');

/** What may be asked of own work. */
export function ownOptions(on: Command): Command {
  return on
    .option('--inputs <file>', 'for own work: its inputs, one a line, or a JSON array in FILE.json')
    .addOption(
      new Option(
        '--kind <kind>',
        'for own work: measure it as work that waits, computes, or does both',
      ).choices(NATURES),
    )
    .option(
      '--most <count>',
      'for own work: never have more than this in flight at once',
      whole(1, 100_000),
      64,
    )
    .option('--dry-run', 'for own work: only print how many calls of the task would be made');
}
const OWN_OPTIONS = ['inputs', 'kind', 'most', 'dryRun'] as const;

/** What an API of our own is told about how it behaves. */
export const CONDITION_OPTIONS = ['latency', 'jitter', 'faults', 'seed', 'stoves', 'rate'] as const;

/** Which options of `compare` would change nothing for this job with these options. */
export function idleInCompare(job: string | undefined, flags: CompareChoices): IdleReasons {
  const { approach = usualApproaches(flags), threads } = flags;
  if (job !== undefined && !jobs.includes(job)) return idleForOwn(flags);
  const asksApi = job !== 'price-order';
  const computes = job === undefined || job === 'price-order';
  const hasThreads = approach.includes('worker-threads');
  // Without --threads there are as many threads as --concurrency says, for a job that waits.
  const threadsFollow = hasThreads && asksApi && threads === undefined;
  return {
    ...allOf(OWN_OPTIONS, 'only own work has it (compare ./my-work.ts)'),
    ...allOf(
      [...CONDITION_OPTIONS, 'network', 'timeout', 'retries'],
      asksApi ? undefined : 'price-order computes and asks no API',
    ),
    ...(asksApi && { seed: seedReason(flags), network: networkReason(flags) }),
    cost: computes ? undefined : `${job} computes nothing (only price-order does)`,
    threads: hasThreads ? undefined : 'worker-threads is not among the approaches',
    concurrency:
      approach.some((name) => BOUNDED.has(name)) || threadsFollow
        ? undefined
        : `none of the approaches is bounded by it (${[...BOUNDED].join(', ')} are)`,
    ...queueReasons(approach),
    pace: approach.includes('paced') ? undefined : 'paced is not among the approaches',
    force: forceReason(flags, 'save', 'html', 'trace'),
    verbose: flags.json ? '--json has everything in any case' : undefined,
  };
}

/** Why options that only a queue has would change nothing. */
const queueReasons = (approach: readonly string[]): IdleReasons =>
  allOf(
    ['workers', 'database'],
    approach.includes('job-queue')
      ? undefined
      : 'job-queue is not among the approaches (--approach job-queue)',
  );

/** The approaches that --concurrency bounds. */
const BOUNDED: ReadonlySet<string> = new Set(['bounded-pool', 'stream-map', 'paced', 'job-queue']);

/**
 * How many retries a trial of `sweep` may make if nobody says it. At an API with a rate there are enough for all: without
 * them, a C that is too large would show failures instead of the rate.
 */
export const retriesInSweep = (rate: Rate | undefined): number => (rate ? 10_000 : 0);

/** Which options of `sweep` would change nothing for this job. */
export function idleInSweep(job: string, flags: Drawn & { readonly network: string }): IdleReasons {
  const isOwn = !jobs.includes(job);
  const asksApi = !isOwn && job !== 'price-order';
  const whyNoApi = isOwn ? 'own work does not ask our API' : 'price-order computes and asks no API';
  return {
    ...allOf(['inputs', 'kind', 'dryRun'], isOwn ? undefined : 'only own work has it (sweep ./my-work.ts)'),
    ...(asksApi
      ? { network: networkReason(flags), seed: seedReason(flags) }
      : allOf([...CONDITION_OPTIONS, 'network'], whyNoApi)),
    ...allOf(['timeout', 'retries'], isOwn || asksApi ? undefined : whyNoApi),
    cost: job === 'price-order' ? undefined : `${job} is not price-order`,
    force: forceReason(flags, 'html'),
  };
}

/** The same for a module of the reader's. */
function idleForOwn(flags: CompareChoices): IdleReasons {
  const { approach = usualApproaches({}), json, threads } = flags;
  const hasThreads = approach.includes('worker-threads');
  return {
    ...allOf([...CONDITION_OPTIONS, 'network', 'cost'], 'own work does not ask our API'),
    threads: hasThreads ? undefined : 'worker-threads is not among the approaches',
    concurrency:
      approach.some((name) => BOUNDED.has(name)) || (hasThreads && threads === undefined)
        ? undefined
        : `none of the approaches is bounded by it (${[...BOUNDED].join(', ')} are)`,
    ...queueReasons(approach),
    pace: approach.includes('paced') ? undefined : 'paced is not among the approaches',
    force: forceReason(flags, 'save', 'html', 'trace'),
    verbose: json ? '--json has everything in any case' : undefined,
  };
}

/** Which options of `save` would change nothing with or without a queue. */
export function idleInQueue({
  queue,
  workers,
}: {
  readonly queue?: string;
  readonly workers?: number;
}): IdleReasons {
  if (queue === undefined) return allOf(['database', 'workers', 'heartbeat'], 'nothing is queued (--queue)');
  return {
    retries: 'the queue itself tries an order 5 times (--queue)',
    concurrency:
      workers === 0 ? 'this command starts no worker (--workers 0); each worker has its own' : undefined,
  };
}

/** What decides whether anything is drawn. */
interface Drawn {
  readonly jitter: number;
  readonly faults?: Faults;
  /** The waits before them are drawn too. A server repeats nothing. */
  readonly retries?: number;
}

/** Of `--seed`. */
export function seedReason({ jitter, faults, retries }: Drawn): string | undefined {
  if (jitter > 0 || faults !== undefined || (retries ?? 0) > 0) return undefined;
  const drawing = retries === undefined ? '--jitter and --faults' : '--jitter, --faults and --retries';
  return `nothing here is random (only ${drawing} are)`;
}

function networkReason({ network, faults }: Pick<CompareChoices, 'network' | 'faults'>): string | undefined {
  if (network === 'loopback' || !faults || !needsLoopback(faults)) return undefined;
  return `only loopback can do that to a connection (--faults ${faultsText(faults)})`;
}

interface CompareChoices extends Pick<Conditions, 'stoves' | 'rate'>, Drawn {
  readonly network: string;
  readonly approach?: readonly string[];
  readonly threads?: number;
  readonly json?: boolean;
}

/** @throws {UsageError} for `paced` without the pace that it is to keep */
export function expectPace(approach: readonly string[], pace: number | undefined): void {
  if (!approach.includes('paced') || pace !== undefined) return;
  throw new UsageError('--approach paced: expected the pace to keep, for instance --pace 100');
}

/**
 * The worker processes of a queue share no memory. Each would intercept an API of its own, and the number of requests in flight
 * would be unknown.
 * @throws {UsageError} for a queue whose workers would intercept the API
 */
export function expectOneApi(approach: readonly string[], network: string): void {
  if (network !== 'intercepted' || !approach.includes('job-queue')) return;
  throw new UsageError(
    '--network intercepted: each worker of job-queue would have an API of its own; take loopback, or leave job-queue out',
  );
}

/**
 * A kitchen of its own for each thread would multiply the limits by the number of threads.
 * @throws {UsageError} for threads that would intercept an API with limits
 */
export function expectOneKitchen(
  approach: readonly string[],
  network: string,
  { stoves, rate }: Pick<Conditions, 'stoves' | 'rate'>,
): void {
  if (network !== 'intercepted' || !(stoves || rate) || !approach.includes('worker-threads')) return;
  const others = [...new Set(approach)].filter((name) => name !== 'worker-threads').join(',');
  throw new UsageError(
    `--network intercepted: each thread of worker-threads would have ${stoves ? 'stoves' : 'a rate'} of its own; take loopback, or leave it out${others === '' ? '' : ` (--approach ${others})`}`,
  );
}
