// The command line of the benchmarks: the list, one suite, the page of a saved run, or two runs side by side.
import { Option, type Command } from 'commander';
import { command, outputIsNotAll, type main, type Result } from '../src/command-line.ts';
import { print, printPieces } from '../src/output.ts';
import { forceReason, refuseIdle } from '../src/commands/idle-options.ts';
import { nearest } from '../src/nearest.ts';
import { progressLine } from '../src/progress.ts';
import { pageAt } from '../src/report/html/page.ts';
import { paintFor } from '../src/report/paint.ts';
import { checkTargets, nameBeside, saveTargets, stemOf, type Target } from '../src/files/targets.ts';
import { differencesPage, runPage } from './page.ts';
import { expectPackages } from './missing.ts';
import { addOwnOptions, settingsAsked, typedAgain } from './own-options.ts';
import { hasFailed, runPlan, type SuiteRun } from './run.ts';
import { jsonOf, runAt, suiteRun } from './saved.ts';
import { readJson } from '../src/files/json.ts';
import { tellSaved } from '../src/commands/report-files.ts';
import { columnsOf, differenceInKind, sideBySide, type ColumnOf } from './side-by-side.ts';
import type { Plan, Size, Suite } from './suite.ts';
import { listText, runText, tookText } from './text.ts';
import { UsageError } from '../src/usage-error.ts';

interface PageFlags {
  readonly html?: string;
  readonly force?: boolean;
}

interface RunFlags extends PageFlags {
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
  readonly save?: string;
}

type Bind = Parameters<Parameters<typeof main>[0]>[0];

function unknownSuite(name: string, suites: readonly Suite[]): UsageError {
  const names = [...suites.map((suite) => suite.name), 'compare', 'report'];
  const [near] = nearest(name, names);
  const advice = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
  return new UsageError(`no suite ${JSON.stringify(name)}; ${advice}`);
}

/** The program that runs `suites`. */
export function benchProgram(bind: Bind, suites: readonly Suite[]): Command {
  const program = command(
    'npm run bench --',
    'Measure what the article claims, and what other packages do for the same work.',
  )
    .argument('[suite]', 'one of the list; without it, the list')
    .action(
      bind(async (_signal, name: string | undefined) => {
        if (name !== undefined) throw unknownSuite(name, suites);
        print(listText(suites, paintFor(process.stdout)));
        return 'done';
      }),
    );
  for (const suite of suites) {
    const one = command(suite.name, suite.summary)
      .addOption(
        new Option(
          '--quick',
          'a short version: one turn of each case; it shows that everything runs, and concludes nothing',
        ).conflicts('full'),
      )
      .option('--full', 'a long version: more work and more turns')
      .option('--json', 'print one JSON document and nothing else')
      .option('--save <file>', 'keep the run, for compare and report');
    addOwnOptions(one, suite);
    program.addCommand(
      pageOptions(one).action(
        bind(async (signal, flags: RunFlags) => {
          refuseIdle(one, { force: forceReason(flags, 'save', 'html') });
          return runOne(suite, flags, signal);
        }),
      ),
    );
  }
  const compare = command('compare', 'two saved runs of one suite side by side')
    .argument('<A.json>')
    .argument('<B.json>');
  program.addCommand(
    pageOptions(compare).action(
      bind((_signal, fileA: string, fileB: string, flags: PageFlags) => {
        refuseIdle(compare, { force: forceReason(flags, 'html') });
        return compareFiles(suites, [fileA, fileB], flags);
      }),
    ),
  );
  const report = command('report', 'the page of a saved run').argument(
    '<RUN.json>',
    'the page is RUN.html unless --html says otherwise',
  );
  program.addCommand(
    pageOptions(report).action(
      bind((_signal, file: string, flags: PageFlags) => reportFile(suites, file, flags)),
    ),
  );
  return program;
}

const pageOptions = (on: Command): Command =>
  on
    .option('--html <file>', 'write the report, one HTML file that needs nothing else')
    .option('--force', 'replace a file that is not one of ours');

function sizeAsked({ quick, full }: RunFlags): Size {
  if (quick) return 'quick';
  return full ? 'full' : 'default';
}

async function runOne(suite: Suite, flags: RunFlags, signal: AbortSignal): Promise<Result> {
  const { save, html, force = false } = flags;
  const size = sizeAsked(flags);
  const asked = settingsAsked(suite, flags);
  const plan = suite.planHere ? await suite.planHere(size, asked, signal) : suite.plan(size, asked);
  expectPackages(suite.name, plan);
  const targets: Array<Target<SuiteRun>> = [];
  if (save !== undefined) targets.push(runAt(save, plan));
  if (html !== undefined) {
    targets.push(pageAt(html, (run) => runPage(plan, run, typedAgain(suite, run.settings))));
  }
  // Before the measuring, not after three minutes of it.
  if (targets.length > 0) outputIsNotAll();
  await checkTargets(targets, force);
  const startMs = performance.now();
  let run: SuiteRun;
  {
    using progress = progressLine();
    run = await runPlan(suite.name, plan, { size, signal, onProgress: progress.show });
  }
  const took = tookText(performance.now() - startMs, plan);
  const saved = await saveTargets(targets, run, force);
  const paint = paintFor(process.stdout);
  if (flags.json) await printPieces(jsonOf(run, plan));
  else print([...runText(plan, run, paint), paint('dim', took)]);
  const told = tellSaved(flags.json ? { ...saved, lines: [] } : saved);
  return hasFailed(run) ? 'failed' : told;
}

async function compareFiles(
  suites: readonly Suite[],
  [fileA, fileB]: readonly [string, string],
  { html, force = false }: PageFlags,
) {
  const names = [nameBeside(fileA, fileB), nameBeside(fileB, fileA)] as const;
  const suiteOf = (run: SuiteRun) => suites.find(({ name }) => name === run.suite);
  const columnOf = (pair: Pair): ColumnOf => {
    const suite = suiteOf(pair[0]);
    if (!suite) return () => undefined;
    const [inA, inB] = pair.map((run) => columnsOf(planOf(suite, run))) as [ColumnOf, ColumnOf];
    // A section may be in one of the two only: an option of the suite's own added it.
    return (section, figure) => inA(section, figure) ?? inB(section, figure);
  };
  const pageOf = (runs: Pair) =>
    differencesPage(runs, names, columnOf(runs), typedAgain(suiteOf(runs[0]) ?? {}, runs[0].settings));
  const targets = html === undefined ? [] : [pageAt(html, pageOf)];
  await checkTargets(targets, force);
  const runs: Pair = [await readRun(fileA), await readRun(fileB)];
  const difference = differenceInKind(...runs);
  if (difference) throw new UsageError(difference);
  if (targets.length > 0) outputIsNotAll();
  const saved = await saveTargets(targets, runs, force);
  print(sideBySide(...runs, names, columnOf(runs), paintFor(process.stdout)));
  return tellSaved(saved);
}

type Pair = readonly [SuiteRun, SuiteRun];

async function reportFile(suites: readonly Suite[], file: string, { html, force = false }: PageFlags) {
  const run = await readRun(file);
  const suite = suites.find(({ name }) => name === run.suite);
  if (!suite) throw new UsageError(`${file}: ${run.suite} is no suite of this version`);
  const page = () => runPage(planOf(suite, run), run, typedAgain(suite, run.settings));
  const target = pageAt(html ?? `${stemOf(file)}.html`, page);
  outputIsNotAll();
  await checkTargets([target], force);
  return tellSaved(await saveTargets([target], run, force));
}

/** The plan that a saved run was made by. Nothing is looked for on this machine. */
export function planOf(suite: Suite, { settings, environment }: SuiteRun): Plan {
  const { size } = settings;
  return suite.plan(size === 'quick' || size === 'full' ? size : 'default', settings, environment);
}

const readRun = (file: string): Promise<SuiteRun> => readJson(file, suiteRun);
