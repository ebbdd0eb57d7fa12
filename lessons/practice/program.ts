// `npm run practice`: the list, one check, and what a learner needs besides.
import { command, main, type Result } from '../../src/command-line.ts';
import { print } from '../../src/output.ts';
import { progressLine } from '../../src/progress.ts';
import { paintFor } from '../../src/report/paint.ts';
import { UsageError } from '../../src/usage-error.ts';
import { nearest } from '../../src/nearest.ts';
import { resultOf } from './check-copy.ts';
import { openCopies, readSolution } from './copies.ts';
import { exercises, stemOf, type Exercise } from './manifest.ts';
import { listText, doneLine, resultText, wrappedHint } from './text.ts';

const NAME = 'name or number of an exercise';

await main((bind) => {
  const paint = paintFor(process.stdout);
  const program = command(
    'npm run practice --',
    'Repair broken programs. A check sees what your program does.',
  )
    .argument('[exercise]', `${NAME}: checks your copy of it; without it, the list`)
    .action(
      bind(async (signal, which: string | undefined) => {
        const copies = await openCopies();
        if (which === undefined) {
          print(listText(copies, paint));
          return 'done';
        }
        const result = await resultOf(copies, find(which), { signal, showOutput: true });
        print([...resultText(result, paint), doneLine(copies)]);
        return result.verdict.passes ? 'done' : 'failed';
      }),
    );

  program.addCommand(
    command('watch', 'check at every save; keys give a hint, the next one, the list')
      .argument('[exercise]', 'where to begin; without it, the first that has not passed')
      .action(
        bind(async (signal, which: string | undefined) => {
          const { watchCopies } = await import('./watch.ts');
          const copies = await openCopies();
          const first = which === undefined ? undefined : find(which);
          await watchCopies(copies, first, paint, { input: process.stdin, output: process.stdout }, signal);
          return 'done';
        }),
      ),
  );
  program.addCommand(
    command('hint', 'show the idea that helps, and no code')
      .argument('<exercise>', NAME)
      .action(
        bind(async (_signal, which: string) => {
          print(wrappedHint(find(which)));
          return 'done';
        }),
      ),
  );
  program.addCommand(
    command('reset', 'take the exercise as it is shipped; your text is kept beside it')
      .argument('<exercise>', NAME)
      .action(
        bind(async (_signal, which: string) => {
          const exercise = find(which);
          const kept = await (await openCopies()).reset(exercise);
          const where = kept === undefined ? '' : `; your text is kept in ${kept}`;
          print([`${exercise.name} is as shipped${where}`]);
          return 'done';
        }),
      ),
  );
  program.addCommand(
    command('solution', 'show our solution, once yours has passed')
      .argument('<exercise>', NAME)
      .option('--give-up', 'show it although yours has not passed yet')
      .action(
        bind(async (_signal, which: string, { giveUp = false }: { giveUp?: boolean }) => {
          const exercise = find(which);
          const copies = await openCopies();
          if (!giveUp && !copies.isDone(exercise)) {
            throw new UsageError(
              `${exercise.name} has not passed yet; --give-up shows the solution all the same, and "hint ${exercise.name}" helps first`,
            );
          }
          print((await readSolution(exercise)).trimEnd().split('\n'));
          return 'done';
        }),
      ),
  );
  program.addCommand(
    command('verify', 'for developers: check that every check passes and fails what it should')
      .argument('[exercise]', `${NAME}; without it, all of them`)
      .action(
        bind(async (signal, which: string | undefined) => {
          const chosen = which === undefined ? exercises : [find(which)];
          return verifyAll(chosen, signal);
        }),
      ),
  );
  return program;
});

async function verifyAll(chosen: readonly Exercise[], signal: AbortSignal): Promise<Result> {
  const { summaryOf, verify } = await import('./verify.ts');
  using progress = progressLine();
  const findings = await verify(chosen, { signal, onProgress: progress.show });
  progress.clear();
  const surprises = findings.filter(({ isRight }) => !isRight);
  print([
    ...surprises.map(({ exercise, kind, name, verdict }) => {
      const said = verdict.passes ? 'passes' : `fails with: ${verdict.seen}`;
      return `✗ ${stemOf(exercise)}, ${kind} ${name}: ${said}`;
    }),
    summaryOf(findings),
  ]);
  return surprises.length === 0 ? 'done' : 'failed';
}

/** @throws {UsageError} with the nearest names */
function find(which: string): Exercise {
  const wanted = which.toLowerCase().replace(/\.ts$/, '');
  const found = exercises.find((exercise) =>
    [
      exercise.name,
      String(exercise.order),
      String(exercise.order).padStart(2, '0'),
      stemOf(exercise),
    ].includes(wanted),
  );
  if (found) return found;
  const near = nearest(
    wanted,
    exercises.map(({ name }) => name),
  );
  const advice = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`npm run practice` lists them';
  throw new UsageError(`no exercise ${JSON.stringify(which)}; ${advice}`);
}
