// `sweep`: the same job with more and more at once, and how many are enough.
import { availableParallelism } from 'node:os';
import { needsLoopback } from '../api/faults.ts';
import { outputIsNotAll, type Result } from '../command-line.ts';
import { jsonPieces } from '../files/json-pieces.ts';
import { checkTargets, saveTargets, type Target } from '../files/targets.ts';
import type { JobName, Network } from '../jobs/job.ts';
import { JOBS } from '../jobs/open.ts';
import { environment } from '../measure/environment.ts';
import { natureOf } from '../measure/nature.ts';
import { watchOthers } from '../measure/others.ts';
import type { ComparisonSettings } from '../measure/plan.ts';
import { PROBE_TASKS } from '../measure/probe.ts';
import { callsOfSweep, concurrenciesUpTo, sweep, tasksAt, type SweepSettings } from '../measure/sweep.ts';
import { print, printPieces } from '../output.ts';
import { progressLine } from '../progress.ts';
import { sweepCode } from '../report/advice.ts';
import type { SweepRun } from '../report/html/sweep.ts';
import { busyLine, environmentLines } from '../report/machine.ts';
import { natureLine } from '../report/nature.ts';
import { paintFor, WIDTH, wrapped } from '../report/paint.ts';
import { sweepDocument } from '../report/sweep-document.ts';
import { sweepText } from '../report/sweep.ts';
import { count, number } from '../report/units.ts';
import { conditionsOf, type ConditionFlags } from './condition-flags.ts';
import { inputsText, look, natureFor, ownJob, ownModule, tryOut, type OwnFlags } from './own.ts';
import { tellSaved } from './report-files.ts';

export interface SweepFlags extends OwnFlags, ConditionFlags {
  readonly requests?: number;
  readonly repeats: number;
  readonly cost: number;
  readonly network: Network;
  readonly json?: boolean;
  readonly html?: string;
  readonly force?: boolean;
}

/** `job` is the name of one, or a module. */
export async function runSweep(signal: AbortSignal, job: string, flags: SweepFlags): Promise<Result> {
  const { html, force = false, json = false } = flags;
  const targets = html === undefined ? [] : [await pageOf(html)];
  if (targets.length > 0) outputIsNotAll();
  await checkTargets(targets, force);
  const paint = paintFor(process.stdout);
  using progress = progressLine();
  const notes: string[] = [];
  const say = (line: string): void => {
    const lines = wrapped(line, WIDTH);
    if (json) process.stderr.write(`${lines.join('\n')}\n`);
    else print(lines);
  };
  const asked = Object.hasOwn(JOBS, job)
    ? namedSweep(job as JobName, flags)
    : await ownSweep(job, flags, signal, say, notes);
  if (!asked) return 'done';
  const others = watchOthers();
  const swept = await sweep(asked, { signal, onProgress: progress.show });
  const here = { ...environment(), takenByOthers: await others.stop() };
  progress.clear();
  const { settings } = asked;
  const code = settings.kind === 'own' ? sweepCode(swept, settings.probe.wallMs, settings.job) : [];
  const saved = await saveTargets(targets, { environment: here, sweep: swept, notes, code }, force);
  if (json) {
    await printPieces(jsonPieces(sweepDocument(swept, here)));
  } else {
    if (notes.length > 0) print(['']);
    const [machine] = environmentLines(here);
    print([
      ...sweepText(swept, { paint, doubt: busyLine(here) }),
      ...(code.length > 0 ? ['', ...code.map((line) => `  ${line}`)] : []),
      '',
      ...wrapped(machine, WIDTH).map((line) => paint('dim', line)),
    ]);
  }
  const told = tellSaved(json ? { ...saved, lines: [] } : saved);
  return told === 'done' && swept.points.length > 0 ? 'done' : 'failed';
}

/** The page that `--html` asked for. What draws it is loaded only then. */
async function pageOf(path: string): Promise<Target<SweepRun>> {
  const [{ pageAt }, { sweepPage }] = await Promise.all([
    import('../report/html/page.ts'),
    import('../report/html/sweep.ts'),
  ]);
  return pageAt(path, sweepPage);
}

/** A job of ours under the conditions that were asked for. Work that computes gains nothing from lanes: it gets threads. */
function namedSweep(job: JobName, flags: SweepFlags): SweepSettings {
  const { most, repeats, requests } = flags;
  const size = { requests: tasksAt(1, requests), concurrency: 1, threads: 1, repeats };
  const shared = { most, repeats, requests };
  if (job === 'price-order') {
    const approach = 'worker-threads';
    const settings: ComparisonSettings = {
      kind: 'cpu',
      job,
      approaches: [approach],
      ...size,
      costMs: flags.cost,
    };
    return { settings, approach, ...shared };
  }
  const approach = 'bounded-pool';
  const settings: ComparisonSettings = {
    kind: 'io',
    job,
    approaches: [approach],
    ...size,
    conditions: conditionsOf(flags),
    network: needsLoopback(flags.faults) ? 'loopback' : flags.network,
    timeoutMs: flags.timeout,
    retryBudget: flags.retries,
  };
  return { settings, approach, ...shared };
}

/** A module of the reader's; undefined for `--dry-run`. What it spends its time on is added to `notes`. */
async function ownSweep(
  file: string,
  flags: SweepFlags,
  signal: AbortSignal,
  say: (line: string) => void,
  notes: string[],
): Promise<SweepSettings | undefined> {
  const { most, repeats, requests, retries, dryRun = false } = flags;
  const module = await ownModule(file, flags);
  const work = ownJob(module, flags, tasksAt(most, requests));
  await using probing = await look(module, { job: work, tasks: PROBE_TASKS }, signal);
  const { found } = probing;
  const calls = callsOfSweep({ most, repeats, requests });
  const first = Math.min(PROBE_TASKS, found.inputs);
  const again = found.inputs < work.inputs ? ' Inputs are used again where a trial needs more.' : '';
  const repeated = retries > 0 ? `, and up to ${number(2 * retries)} retries in each trial (--retries)` : '';
  say(
    `${module.name}: ${inputsText(found)}. The plan makes at most ${count(first + calls, 'call')} of the task: ${first} to see ` +
      `what it spends its time on, then at most ${number(calls)} at C = ${concurrenciesUpTo(most).join(', ')}${repeated}.${again}`,
  );
  if (dryRun) return undefined;
  const { probe } = await tryOut(module, probing);
  const nature = natureFor(probe, flags);
  const line = natureLine(module.name, probe, natureOf(probe), nature);
  say(line);
  notes.push(line);
  const wantsThreads = nature === 'computes' && availableParallelism() > 1;
  const approach = wantsThreads && found.notForThreads === undefined ? 'worker-threads' : 'bounded-pool';
  if (wantsThreads && found.notForThreads !== undefined) {
    const why = `It is swept in one thread: ${found.notForThreads}.`;
    say(why);
    notes.push(why);
  }
  const settings: ComparisonSettings = {
    kind: 'own',
    job: module.name,
    file: module.file,
    inputsFile: module.inputsFile,
    inputsInAll: found.inAll,
    approaches: [approach],
    requests: tasksAt(1, requests),
    concurrency: 1,
    threads: 1,
    work: { ...work, costMs: probe.wallMs },
    most,
    retryBudget: retries,
    probe,
    nature,
    leftOut: {},
  };
  return { settings, approach, most, repeats, requests };
}
