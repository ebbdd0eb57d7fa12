// `npm run lesson`: the list, one lesson, or all of them.
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { command, main, type Result } from '../src/command-line.ts';
import { print } from '../src/output.ts';
import { paintFor, WIDTH, wrapped } from '../src/report/paint.ts';
import { UsageError } from '../src/usage-error.ts';
import { ask } from './ask.ts';
import { runLesson, type LessonRun } from './lesson-process.ts';
import { fileOf, isOnRealClock, lessons, pathOf, type Lesson } from './manifest.ts';
import { nearest } from '../src/nearest.ts';
import { claim, closing, MARKS, opening, prediction } from './page.ts';
import { partsOf, type Parts } from './parts.ts';
import { differenceOf, parseGuess, questionOf } from './prediction.ts';
import { done, markDone } from './progress.ts';
import { together } from './verdict.ts';

const paint = paintFor(process.stdout);
const numbered = ({ order, name }: Lesson) => `${String(order).padStart(2)} ${name}`;
const labelWidth = Math.max(...lessons.map((lesson) => numbered(lesson).length));

const RESULT = { holds: 'done', differs: 'failed', undecided: 'undecided' } as const;

const HELP = `
A lesson prints its idea, its claim, what the run showed, what to notice in it,
and a question.

Exit codes: 0 the claim holds, 1 it does not (or the lesson broke down),
2 a wrong command line, 3 undecided: a lesson that measures, or that waits for
real, ran on a machine that was busy with other programs.

Progress is kept in node_modules/.cache, or in the file that LESSON_PROGRESS
names.`;

interface Options {
  readonly realTime?: true;
  readonly hint?: true;
  readonly predict?: true;
}

await main((bind) =>
  command('npm run lesson --', 'Read and run the course: each lesson proves one claim.')
    .argument('[lesson]', 'number or name of a lesson, or "all"; without it, the list')
    .option('--real-time', 'wait for real instead of on virtual time')
    .addOption(
      new Option('--hint', 'a hint for the question of a lesson, which is not run').conflicts('realTime'),
    )
    .addOption(new Option('--predict', 'answer one question before the output is shown').conflicts('hint'))
    .addHelpText('after', HELP)
    .action(
      bind(async (signal, which: string | undefined, { realTime, hint, predict }: Options) => {
        const flags = realTime ? ['--real-time'] : [];
        if (which === undefined) {
          refuseForMany('the list', { '--hint': hint, '--real-time': realTime, '--predict': predict });
          return list();
        }
        if (which === 'all') {
          refuseForMany('all lessons', { '--hint': hint, '--predict': predict });
          return runAll(flags, signal);
        }
        const lesson = find(which);
        if (realTime && isOnRealClock(lesson)) {
          throw new UsageError(
            `--real-time: would change nothing here, since lesson ${lesson.name} waits for real in any case`,
          );
        }
        if (!hint) return runOne(lesson, { flags, signal, isPredicted: predict ?? false });
        print(wrapped(lesson.hint, WIDTH));
        return 'done';
      }),
    ),
);

/** @throws {UsageError} if one of these options was given, which change nothing without a single lesson */
function refuseForMany(what: string, options: Readonly<Record<string, true | undefined>>): void {
  const [given] = Object.entries(options).find(([, isGiven]) => isGiven) ?? [];
  if (given === undefined) return;
  const example = `npm run lesson ${lessons[0]!.name} -- ${given}`;
  throw new UsageError(`${given} needs one lesson, as in \`${example}\`; it has no meaning for ${what}`);
}

/** @throws {UsageError} with the nearest names */
function find(which: string): Lesson {
  const wanted = which.toLowerCase().replace(/\.ts$/, '');
  const found = lessons.find((lesson) =>
    [lesson.name, `${lesson.order}`, fileOf(lesson).slice(0, 2), fileOf(lesson).slice(0, -3)].includes(
      wanted,
    ),
  );
  if (found) return found;
  const names = lessons.map(({ name }) => name);
  const near = nearest(wanted, names);
  const advice = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`npm run lesson` lists them';
  throw new UsageError(`no lesson ${JSON.stringify(which)}; ${advice}`);
}

async function list(): Promise<Result> {
  const known = await done();
  for (const lesson of lessons) {
    const mark = known.has(lesson.name) ? paint('green', '✓') : ' ';
    print([`${mark} ${numbered(lesson).padEnd(labelWidth)}  ${lesson.title}`]);
  }
  const next = lessons.find(({ name }) => !known.has(name));
  const count = lessons.filter(({ name }) => known.has(name)).length;
  const advice = next ? `next: npm run lesson ${next.name}` : 'that was the course';
  print(['', paint('dim', `${count} of ${lessons.length} done; ${advice}`)]);
  return 'done';
}

interface RunOptions {
  readonly flags: readonly string[];
  readonly signal: AbortSignal;
  /** The reader answers a question before the run. The claim would give the answer away, so it comes after it. */
  readonly isPredicted: boolean;
}

async function runOne(lesson: Lesson, { flags, signal, isPredicted }: RunOptions): Promise<Result> {
  const parts = partsOf(await readFile(pathOf(lesson), 'utf8'));
  print(opening(lesson, parts, paint));
  if (isPredicted) {
    print(questionOf(lesson.predict).flatMap((line) => wrapped(line, WIDTH)));
    const guess = await ask((line) => parseGuess(lesson.predict, line), signal);
    print(['']);
    const run = await runLesson(lesson, { flags, signal, isShown: true });
    print(['', ...prediction(differenceOf(lesson.predict, guess, run.stdout), paint), '', ...claim(parts)]);
    return conclude(lesson, parts, run);
  }
  print([...claim(parts), '']);
  return conclude(lesson, parts, await runLesson(lesson, { flags, signal, isShown: true }));
}

/** Prints what stands below the output, and keeps in mind that the lesson was read. */
async function conclude(lesson: Lesson, parts: Parts, run: LessonRun): Promise<Result> {
  if (!run.verdict) throw new Error(breakdown(lesson, run));
  print(closing(lesson, parts, run.verdict, { paint, neighbours: neighboursOf(lesson) }));
  if (run.verdict.outcome === 'holds') await markDone(lesson.name);
  return RESULT[run.verdict.outcome];
}

/** Why there is no verdict. A package that is missing is the usual reason, and the one with a remedy. */
function breakdown({ name }: Lesson, { ending }: LessonRun): string {
  const root = join(import.meta.dirname, '..');
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const missing = Object.keys(dependencies).filter((name) => !existsSync(join(root, 'node_modules', name)));
  const remedy = missing.length > 0 ? `; not installed: ${missing.join(', ')}; \`npm ci\` installs it` : '';
  return `lesson ${name} ended with ${ending} and without a verdict${remedy}`;
}

function neighboursOf(lesson: Lesson): string[] {
  const at = lessons.indexOf(lesson);
  const previous = lessons[at - 1];
  const next = lessons[at + 1];
  return [
    ...(previous ? [`Previous: npm run lesson ${previous.name}`] : []),
    ...(next ? [`Next:     npm run lesson ${next.name}`] : []),
  ];
}

async function runAll(flags: readonly string[], signal: AbortSignal): Promise<Result> {
  // Lessons that measure come last, one at a time. Beside another lesson they would find the machine busy.
  const measured = lessons.filter((lesson) => lesson.measured);
  const others = lessons.filter((lesson) => !lesson.measured);
  const start = async (lesson: Lesson, inner: AbortSignal | undefined) => ({
    lesson,
    run: await runLesson(lesson, { flags, signal: inner ?? signal, isShown: false }),
  });
  const results = [
    ...(await boundedPool(others, start, { concurrency: availableParallelism(), signal })),
    ...(await boundedPool(measured, start, { concurrency: 1, signal })),
  ].toSorted((one, other) => one.lesson.order - other.lesson.order);
  for (const { lesson, run } of results) print([`${markOf(run)} ${sentenceOn(lesson, run)}`]);

  const held = results.filter(({ run }) => run.verdict?.outcome === 'holds');
  await markDone(...held.map(({ lesson }) => lesson.name));
  return RESULT[together(results.map(({ run }) => run.verdict?.outcome))];
}

/** A breakdown has the mark of failure: whoever runs the whole course must look at it. */
function markOf({ verdict }: LessonRun): string {
  const [colour, sign] = MARKS[verdict?.outcome ?? 'differs'];
  return paint(colour, sign);
}

function sentenceOn(lesson: Lesson, run: LessonRun): string {
  const { verdict } = run;
  const sentence = verdict ? verdict.because || lesson.claim : breakdown(lesson, run);
  return `${numbered(lesson).padEnd(labelWidth)}  ${sentence}`;
}
