// `npm run lesson`: the list, one lesson, or all of them. Each lesson runs in a process of its own, exactly as
// `node lessons/NN-name.ts` does, so that what it does to its process stays there. A warm compile cache, as trials
// have it, takes a third off its start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { command, main, type Result } from '../src/command-line.ts';
import { trialEnvironment } from '../src/measure/compile-cache.ts';
import { fileOf, lessons, pathOf, type Lesson } from './manifest.ts';
import { nearest } from './nearest.ts';
import { done, markDone } from './progress.ts';
import { UsageError } from '../src/usage-error.ts';

const style = (format: 'bold' | 'dim' | 'green' | 'red', words: string) =>
  styleText(format, words, { stream: process.stdout });
const numbered = ({ order, name }: Lesson) => `${String(order).padStart(2)} ${name}`;
const labelWidth = Math.max(...lessons.map((lesson) => numbered(lesson).length));

await main((bind) =>
  command('npm run lesson --', 'Read and run the course: each lesson proves one claim.')
    .argument('[lesson]', 'number or name of a lesson, or "all"; without it, the list')
    .option('--real-time', 'wait for real instead of on virtual time')
    .option('--hint', 'do not run the lesson, give a hint for its question')
    .addHelpText(
      'after',
      '\nProgress is kept in node_modules/.cache, or in the file that LESSON_PROGRESS names.',
    )
    .action(
      bind(async (signal, which: string | undefined, options: { realTime?: true; hint?: true }) => {
        const flags = options.realTime ? ['--real-time'] : [];
        if (which === undefined) return list();
        if (which === 'all') return runAll(flags, signal);
        const lesson = find(which);
        if (options.hint) console.log(lesson.hint);
        return options.hint ? 'done' : runOne(lesson, flags, signal);
      }),
    ),
);

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
    const mark = known.has(lesson.name) ? style('green', '✓') : ' ';
    console.log(`${mark} ${numbered(lesson).padEnd(labelWidth)}  ${lesson.title}`);
  }
  const next = lessons.find(({ name }) => !known.has(name));
  const count = lessons.filter(({ name }) => known.has(name)).length;
  const advice = next ? `next: npm run lesson ${next.name}` : 'that was the course';
  console.log(style('dim', `\n${count} of ${lessons.length} done; ${advice}`));
  return 'done';
}

async function runOne(lesson: Lesson, flags: string[], signal: AbortSignal): Promise<Result> {
  console.log(style('bold', `Lesson ${lesson.order}: ${lesson.title}`));
  console.log(`${lesson.claim}\n`);
  const child = spawn(process.execPath, [pathOf(lesson), ...flags], {
    stdio: 'inherit',
    env: trialEnvironment(),
    signal,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) {
    console.log(style('red', `\n✗ The claim did not hold (exit ${code}).`));
    return 'failed';
  }
  await markDone(lesson.name);
  const at = lessons.indexOf(lesson);
  const neighbours = [
    lessons[at - 1] && `previous: ${lessons[at - 1]?.name}`,
    lessons[at + 1] && `next: npm run lesson ${lessons[at + 1]?.name}`,
  ];
  console.log(
    style('green', '\n✓ The claim holds.'),
    `Read it, and try its question: lessons/${fileOf(lesson)}`,
  );
  console.log(style('dim', neighbours.filter(Boolean).join('   ')));
  return 'done';
}

async function runAll(flags: string[], signal: AbortSignal): Promise<Result> {
  const results = await boundedPool(
    lessons,
    async (lesson, inner) => {
      const child = spawn(process.execPath, [pathOf(lesson), ...flags], {
        env: trialEnvironment(),
        signal: inner,
      });
      const exit = once(child, 'exit');
      const [, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
      return { lesson, held: code === 0, errors: errors.trim().replaceAll(/\s*\n\s*/g, ' ') };
    },
    { concurrency: availableParallelism(), signal },
  );
  for (const { lesson, held, errors } of results) {
    const mark = held ? style('green', '✓') : style('red', '✗');
    console.log(`${mark} ${numbered(lesson).padEnd(labelWidth)}  ${held ? lesson.claim : errors}`);
  }
  const held = results.filter((result) => result.held);
  await markDone(...held.map(({ lesson }) => lesson.name));
  return held.length === results.length ? 'done' : 'failed';
}
