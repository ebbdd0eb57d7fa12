// Checks the checks. Three things would teach something false: an exercise that passes as it is shipped, a solution that
// fails once in twenty times, and a wrong answer that passes.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import type { Progress } from '../../src/measure/steps.ts';
import { count } from '../../src/report/units.ts';
import { lazyAnswers } from './frame/lazy.ts';
import { mutantsOf } from './frame/mutants.ts';
import { runChecks } from './frame/run-check.ts';
import type { Verdict } from './frame/verdict.ts';
import { folderOf, stemOf, type Exercise } from './manifest.ts';

/** How often a solution must pass. */
export const TIMES = 20;

/** One file, what is known of it, and whether its check sees that. */
export interface Finding {
  readonly exercise: Exercise;
  readonly kind: 'shipped' | 'solution' | 'wrong' | 'lazy' | 'mutant';
  readonly name: string;
  readonly isRight: boolean;
  /** What the check said. */
  readonly verdict: Verdict;
}

interface Candidate {
  readonly exercise: Exercise;
  readonly kind: Finding['kind'];
  readonly name: string;
  readonly file: string;
  /** What the check must see in it; undefined where any failure will do. */
  readonly seen?: string;
}

/**
 * Runs every check on everything whose verdict is known. Lazy answers and mutants are written to a folder below
 * `lessons/practice`, so that their imports hold, and removed again.
 */
export async function verify(
  exercises: readonly Exercise[],
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: Progress) => void } = {},
): Promise<Finding[]> {
  await using made = await temporaryFolder({ folder: import.meta.dirname, prefix: 'made-' });
  const all = await Promise.all(exercises.map((exercise) => candidatesOf(exercise, made.path)));
  const startMs = performance.now();
  const total = all.flat().length;
  let done = 0;
  const findings = await boundedPool(
    all,
    async (candidates, inner) => {
      const { exercise } = candidates[0]!;
      const answers = candidates.map(({ kind, file }) => ({ file, times: kind === 'solution' ? TIMES : 1 }));
      const verdicts = await runChecks(exercise, answers, {
        signal: inner,
        control: solutionOf(exercise),
        onVerdict(_, place) {
          const { kind, name } = candidates[place]!;
          done++;
          const leftMs = ((performance.now() - startMs) / done) * (total - done);
          if (done < total) onProgress?.({ doing: `${exercise.name}, ${kind} ${name}`, done, total, leftMs });
        },
      });
      return candidates.map((candidate, place): Finding => {
        const { kind, name } = candidate;
        const verdict = verdicts[place]!;
        return { exercise, kind, name, isRight: isRight(candidate, verdict), verdict };
      });
    },
    { concurrency: availableParallelism(), signal },
  );
  return findings.flat();
}

const solutionOf = (exercise: Exercise): string => join(folderOf(exercise), 'solution.ts');

function isRight({ kind, seen }: Candidate, verdict: Verdict): boolean {
  if (kind === 'solution') return verdict.passes;
  return !verdict.passes && (seen === undefined || verdict.seen === seen);
}

async function candidatesOf(exercise: Exercise, made: string): Promise<Candidate[]> {
  const folder = folderOf(exercise);
  const solutionFile = solutionOf(exercise);
  const solution = await readFile(solutionFile, 'utf8');
  const wrongNames = await readdir(join(folder, 'wrong'));
  const wrong = wrongNames.map(async (name): Promise<Candidate> => {
    const file = join(folder, 'wrong', name);
    return { exercise, kind: 'wrong', name, file, seen: seenIn(await readFile(file, 'utf8'), file) };
  });
  const lazy = Object.entries(lazyAnswers(exercise.exported, exercise.seenAsShipped));
  const write =
    (kind: 'lazy' | 'mutant') =>
    async ([name, text]: [string, string], index: number): Promise<Candidate> => {
      const file = join(made, `${stemOf(exercise)}-${kind}-${index}.ts`);
      await writeFile(file, text);
      return { exercise, kind, name, file };
    };
  const mutants = mutantsOf(solution).map(({ name, text }): [string, string] => [name, text]);
  return [
    {
      exercise,
      kind: 'shipped',
      name: 'exercise.ts',
      file: join(folder, 'exercise.ts'),
      seen: exercise.seenAsShipped,
    },
    { exercise, kind: 'solution', name: 'solution.ts', file: solutionFile },
    ...(await Promise.all(wrong)),
    ...(await Promise.all(lazy.map(write('lazy')))),
    ...(await Promise.all(mutants.map(write('mutant')))),
  ];
}

const SEEN = '// Seen: ';

/** The first line of a wrong answer says what the check must see in it. */
function seenIn(text: string, file: string): string {
  const [first = ''] = text.split('\n');
  if (!first.startsWith(SEEN))
    throw new Error(`${file}: expected a first line that begins with "${SEEN}", got ${first}`);
  return first.slice(SEEN.length);
}

/** The result in one line. */
export function summaryOf(findings: readonly Finding[]): string {
  const right = (kind: Finding['kind']) =>
    findings.filter((finding) => finding.kind === kind && finding.isRight).length;
  return (
    `${count(new Set(findings.map(({ exercise }) => exercise)).size, 'exercise')}. Pass ${TIMES} times of ${TIMES}: ` +
    `${count(right('solution'), 'solution')}. Fail in the expected words: ${right('shipped')} as shipped, ` +
    `${right('wrong')} wrong. Fail: ${count(right('mutant'), 'mutant')}, ${right('lazy')} lazy.`
  );
}
