// Runs a suite: all its cases in turn, again and again. Each round starts with another case, so that a slow minute of the
// machine hits all of them. A case that throws gets a row that says so, and does not run again.
import { inTime } from '../src/measure/deadline.ts';
import { rotated, runSteps, type Progress } from '../src/measure/steps.ts';
import type { MachineDuringRun } from '../src/measure/environment.ts';
import { watchOthers } from '../src/measure/others.ts';
import { LEAST_TRIALS } from '../src/measure/statistics.ts';
import type { Claim } from '../src/report/claim.ts';
import { count } from '../src/report/units.ts';
import { benchEnvironment } from './environment.ts';
import { isFailed, isMeasured, Rows, rowsOf, type Row, type Turns } from './rows.ts';
import type { Findings } from './findings.ts';
import { LeftOut, type Case, type Context, type Plan, type SharedResource, type Size } from './suite.ts';

export interface SuiteRun {
  readonly suite: string;
  readonly environment: MachineDuringRun;
  readonly settings: Plan['settings'];
  /**
   * The notes of its sections, by title. They stay with the run, because the notes of a later version may not be true of it.
   * Absent if there are none, and in a run of an earlier version.
   */
  readonly notes?: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

export interface RunOptions {
  readonly size: Size;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** @throws the signal's reason; nothing that a case throws */
export async function runPlan(
  name: string,
  plan: Plan,
  { size, signal, onProgress }: RunOptions,
): Promise<SuiteRun> {
  const others = watchOthers();
  const rows = await rowsOfPlan(name, plan, { signal, onProgress });
  const takenByOthers = await others.stop();
  const notes = Object.fromEntries(
    plan.sections.flatMap(({ title, note }) => (note === undefined ? [] : [[title, note]])),
  );
  return {
    suite: name,
    environment: benchEnvironment(plan, takenByOthers),
    settings: { size, repeats: plan.repeats, ...plan.settings },
    ...(Object.keys(notes).length > 0 && { notes }),
    rows,
  };
}

/** All turns; what the cases shared is closed again. */
async function rowsOfPlan(
  name: string,
  plan: Plan,
  { signal, onProgress }: Omit<RunOptions, 'size'>,
): Promise<Row[]> {
  await using resources = new AsyncDisposableStack();
  const shared = new Map<string, Promise<SharedResource>>();
  const context: Context = {
    signal,
    shared(key, make) {
      const start = () => make(signal).then((resource) => resources.use(resource));
      const made = shared.get(key) as ReturnType<typeof start> | undefined;
      // One that has died failed the case that it served, and must not fail those that follow.
      const living = made?.then((resource) => (resource.hasEnded?.() ? start() : resource)) ?? start();
      shared.set(key, living);
      return living;
    },
  };
  const turns = plan.sections.map(() => new Map<string, Turns>());
  await runSteps(
    stepsOf(plan, (sectionIndex, each) => takeTurn(each, turns[sectionIndex]!, context)),
    name,
    { signal, onProgress },
  );
  return plan.sections.flatMap((section, index) => rowsOf(section, turns[index]!));
}

/** All turns of all cases: first turns first, and each turn starts one case later than the one before. */
function stepsOf(
  { sections, repeats: planned }: Plan,
  take: (sectionIndex: number, each: Case) => Promise<void>,
) {
  const all = sections.flatMap(({ title, cases }, sectionIndex) =>
    cases.map((each) => ({ title, each, sectionIndex })),
  );
  const repeatsOf = ({ repeats = planned }: Case) => repeats;
  return Array.from({ length: Math.max(...all.map(({ each }) => repeatsOf(each))) }, (_, turn) =>
    rotated(all, turn)
      .filter(({ each }) => repeatsOf(each) > turn)
      .map(({ title, each, sectionIndex }) => ({
        doing: `${title}: ${each.name}, ${turn + 1} of ${repeatsOf(each)}`,
        estimateMs: each.estimateMs,
        run: () => take(sectionIndex, each),
      })),
  ).flat();
}

async function takeTurn(each: Case, turns: Map<string, Turns>, context: Context): Promise<void> {
  const before = turns.get(each.name) ?? { findings: [] };
  if (!('findings' in before)) return;
  let running: Promise<unknown> = Promise.resolve();
  try {
    const deadline = { ms: deadlineMs(each), expectedMs: each.estimateMs, signal: context.signal };
    // After the deadline what the case runs in processes is ended, by its signal.
    const findings: Findings = await inTime(deadline, (signal) => {
      const turn = each.run({ ...context, signal });
      running = turn;
      return turn;
    });
    turns.set(each.name, { findings: [...before.findings, findings] });
  } catch (error) {
    await ended(running);
    context.signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    turns.set(each.name, error instanceof LeftOut ? { leftOut: message } : { error: message });
  }
}

/** How long a late turn may take to end, in milliseconds. A program that was told to leave takes far less. */
const LEAVING_MS = 10_000;

/**
 * Waits until a turn that passed its deadline has ended. Until then it may talk to an API that the next case uses, too. If it
 * does not end soon, the next case begins all the same.
 */
async function ended(turn: Promise<unknown>): Promise<void> {
  await inTime({ ms: LEAVING_MS, expectedMs: 0 }, () => turn).catch(() => {});
}

/** Far longer than a turn takes on the slowest of machines. A turn that takes longer hangs. */
const deadlineMs = ({ estimateMs }: Case) => 60_000 + 20 * estimateMs;

export const hasFailed = ({ rows }: SuiteRun): boolean => rows.some(isFailed);

/** What the article says, and what this run says to it. */
export const claimsOf = (plan: Pick<Plan, 'claims'>, { rows }: SuiteRun): Claim[] =>
  plan.claims?.(new Rows(rows)) ?? [];

/** The sentences that are true of this run. Where there are none, the reason for it. */
export function closingOf(plan: Plan, { rows, settings }: SuiteRun): string[] {
  const sentences = plan.closing(new Rows(rows));
  if (sentences.length > 0 || !rows.some(isMeasured)) return sentences;
  if (plan.repeats >= LEAST_TRIALS) return ['No conclusion: no difference in this run is beyond doubt.'];
  const turns = count(plan.repeats, 'turn');
  return [`${turns} of each case: leave out --${String(settings['size'])} for conclusions.`];
}
