// `compare` for a module of the reader's: looks into it, says how many calls the plan makes, tries a few tasks to see what
// they spend their time on, and only then knows what to measure.
import { availableParallelism } from 'node:os';
import { callsOf, repeatsOf, type LeftOut, type OwnSettings } from '../measure/plan.ts';
import { PROBE_TASKS, type Found } from '../measure/probe.ts';
import { natureOf, type Probe } from '../measure/nature.ts';
import { natureLine } from '../report/nature.ts';
import { count, number } from '../report/units.ts';
import { usualApproaches, type ApproachName } from '../running/registry.ts';
import { expectPace } from './options.ts';
import { workersFor } from './queue-flags.ts';
import {
  inputsText,
  look,
  natureFor,
  ownJob,
  ownModule,
  refuseMoreThan,
  threadsFor,
  tryOut,
  type OwnFlags,
} from './own.ts';

export interface CompareOwnFlags extends OwnFlags {
  readonly approach?: readonly ApproachName[];
  readonly requests: number;
  readonly concurrency: number;
  readonly threads?: number;
  readonly workers?: number;
  readonly database?: string;
  readonly pace?: number;
  readonly repeats?: number;
}

export interface PlanOptions {
  readonly signal: AbortSignal;
  /** Whether an option was typed and is not its default. */
  readonly isTyped: (option: string) => boolean;
  /** Prints a line that announces something before it happens, for instance how many calls will follow. */
  readonly say: (line: string) => void;
}

/** Before the first task was run nobody knows what one takes. */
const UNKNOWN: Probe = {
  tasks: 1,
  isSynchronous: true,
  wallMs: 0,
  heldMs: 0,
  threadCpuMs: 0,
  otherCpuMs: 0,
};

/** What to measure of the module `file`; undefined for `--dry-run`, which only says how many calls that would take. */
export async function planOwn(
  file: string,
  flags: CompareOwnFlags,
  { signal, isTyped, say }: PlanOptions,
): Promise<OwnSettings | undefined> {
  const { approach = usualApproaches({}), requests, pace, repeats, most, retries } = flags;
  expectPace(approach, pace);
  const module = await ownModule(file, flags);
  refuseMoreThan(most, {
    '--concurrency': isTyped('concurrency') ? flags.concurrency : undefined,
    '--threads': flags.threads,
  });
  const work = ownJob(module, flags, requests);
  const isForQueue = approach.includes('job-queue');
  await using probing = await look(module, { job: work, tasks: PROBE_TASKS, isForQueue }, signal);
  const { found } = probing;
  const concurrency = Math.min(flags.concurrency, most);
  const settingsFor = (probe: Probe, kind: Pick<OwnFlags, 'kind'>, leftOut: LeftOut): OwnSettings => {
    const nature = natureFor(probe, kind);
    return {
      kind: 'own',
      job: module.name,
      file: module.file,
      inputsFile: module.inputsFile,
      inputsInAll: found.inAll,
      approaches: [...new Set(approach)],
      requests: found.inputs,
      concurrency,
      threads: Math.min(most, flags.threads ?? threadsFor(nature, concurrency, found.inputs)),
      ...workersFor(nature, { approaches: approach, concurrency, requests: found.inputs }, flags.workers),
      ...(pace !== undefined && { pace }),
      repeats,
      work: { ...work, costMs: probe.wallMs, computes: nature === 'computes' },
      most,
      retryBudget: retries,
      probe,
      nature,
      leftOut,
    };
  };
  const known = leftOutBefore(found, flags);
  const largest = {
    ...settingsFor(UNKNOWN, { kind: flags.kind ?? 'computes' }, known),
    threads: Math.min(
      most,
      flags.threads ?? Math.max(availableParallelism(), Math.min(concurrency, found.inputs)),
    ),
  };
  say(planLine(found, largest));
  if (flags.dryRun) return undefined;
  const { probe, unfitForQueues } = await tryOut(module, probing);
  const isPromise = !probe.isSynchronous && {
    blocking: 'the task returns a promise, and blocking cannot wait for it',
  };
  const isUnfit = unfitForQueues !== undefined && { 'job-queue': notJson(unfitForQueues) };
  const settings = settingsFor(probe, flags, { ...known, ...isPromise, ...isUnfit });
  say(natureLine(settings.job, probe, natureOf(probe), settings.nature));
  say(`${count(callsOf(settings), 'call')} will follow.`);
  return settings;
}

/** Why approaches are not run, as far as it is known before the first call. */
function leftOutBefore({ inputs, notForThreads, notForQueues }: Found, { most, retries }: OwnFlags): LeftOut {
  return {
    ...(inputs > most && {
      'promise-all': `it would put ${number(inputs)} in flight at once, and ${number(most)} are allowed; --most ${inputs} allows it`,
    }),
    ...(notForThreads !== undefined && { 'worker-threads': notForThreads }),
    ...(notForQueues !== undefined && { 'job-queue': notJson(notForQueues) }),
    ...(retries > 0 && { blocking: 'a retry needs an asynchronous wait (--retries), and blocking has none' }),
  };
}

const notJson = (problem: string): string => `${problem}, and a queue carries only JSON`;

/** How many calls of the task are made in all, before the first one. */
function planLine(found: Found, largest: OwnSettings): string {
  const first = Math.min(PROBE_TASKS, found.inputs);
  const then = callsOf(largest);
  const runs = largest.approaches.reduce((sum, approach) => sum + repeatsOf(approach, largest), 0);
  const retries =
    largest.retryBudget > 0
      ? `, and up to ${count(2 * largest.retryBudget * runs, 'retry', 'retries')} (--retries)`
      : '';
  const again = largest.approaches.includes('adaptive') ? '; adaptive calls again what was refused' : '';
  return (
    `${largest.job}: ${inputsText(found)}. The plan makes at most ${count(first + then, 'call')} of the task: ` +
    `${number(first)} to see what it spends its time on, then at most ${number(then)} to measure${retries}${again}.`
  );
}
