// The command line of the benchmarks: the list, one suite, or two saved runs side by side.
import { access, constants, readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { command, UsageError, type main, type Result } from '../src/command-line.ts';
import { progressLine } from '../src/progress.ts';
import { paintFor } from '../src/report/paint.ts';
import { writeWhole } from '../src/whole-file.ts';
import { hasFailed, runPlan, type SuiteRun } from './run.ts';
import { ForeignFileError, jsonOf, runFrom } from './saved.ts';
import { differenceInKind, sideBySide } from './side-by-side.ts';
import type { Size, Suite } from './suite.ts';
import { listText, runText } from './text.ts';

interface RunFlags {
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
  readonly save?: string;
}

type Bind = Parameters<Parameters<typeof main>[0]>[0];

/** The program that runs `suites`. */
export function benchProgram(bind: Bind, suites: readonly Suite[]): Command {
  const program = command('npm run bench --', 'Measure the claims of the article, and the field.')
    .argument('[suite]', 'one of the list; without it, the list')
    .action(
      bind(async (_signal, name: string | undefined) => {
        const names = suites.map((suite) => suite.name).join(', ');
        if (name !== undefined) throw new UsageError(`no suite ${name}; there are ${names}, and compare`);
        print(listText(suites, paintFor(process.stdout)));
        return 'done';
      }),
    );
  for (const suite of suites) {
    program.addCommand(
      command(suite.name, suite.summary)
        .addOption(new Option('--quick', 'a short version, at most 25 s').conflicts('full'))
        .option('--full', 'a long version, some ten minutes')
        .option('--json', 'print one JSON document and nothing else')
        .option('--save <file>', 'keep the run, for compare')
        .action(bind((signal, flags: RunFlags) => runOne(suite, flags, signal))),
    );
  }
  program.addCommand(
    command('compare', 'two saved runs of one suite side by side')
      .argument('<A.json>')
      .argument('<B.json>')
      .action(bind((_signal, fileA: string, fileB: string) => compareFiles(fileA, fileB))),
  );
  return program;
}

function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

async function runOne(suite: Suite, flags: RunFlags, signal: AbortSignal): Promise<Result> {
  // Before the measuring, not after three minutes of it.
  if (flags.save !== undefined) await expectWritable(flags.save);
  const size: Size = flags.quick ? 'quick' : flags.full ? 'full' : 'default';
  const plan = suite.plan(size);
  let run: SuiteRun;
  {
    using progress = progressLine();
    run = await runPlan(suite.name, plan, { size, signal, onProgress: progress.show });
  }
  if (flags.save !== undefined) {
    const path = resolve(flags.save);
    await writeWhole(dirname(path), basename(path), `${jsonOf(run)}\n`);
  }
  print(flags.json ? [jsonOf(run)] : runText(plan, run, paintFor(process.stdout)));
  return hasFailed(run) ? 'failed' : 'done';
}

async function expectWritable(file: string): Promise<void> {
  const path = resolve(file);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) throw new UsageError(`--save: expected a file, ${file} is a folder`);
  await access(dirname(path), constants.W_OK).catch(() => {
    throw new UsageError(`--save: expected a folder that can be written, got ${dirname(path)}`);
  });
}

async function compareFiles(fileA: string, fileB: string): Promise<Result> {
  const [a, b] = [await load(fileA), await load(fileB)];
  const difference = differenceInKind(a, b);
  if (difference) throw new UsageError(`these runs did not measure the same thing: ${difference}`);
  print(sideBySide(a, b, paintFor(process.stdout)));
  return 'done';
}

async function load(file: string): Promise<SuiteRun> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code})`);
  });
  try {
    return runFrom(text);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    throw new UsageError(`${file} is not a run saved by --save: ${error.message}`);
  }
}
