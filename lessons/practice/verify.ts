// Checks the checks. Three things would teach something false: an exercise that passes as it is shipped, a solution that
// fails once in twenty times, and a wrong answer that passes.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import type { Progress } from '../../src/measure/steps.ts';
import { count } from '../../src/report/units.ts';
import { readShipped, readSolution } from './copies.ts';
import { lazyAnswers } from './frame/lazy.ts';
import { mutantsOf } from './frame/mutants.ts';
import { runChecks, type Controlled } from './frame/run-check.ts';
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
  readonly seen?: string | undefined;
}

/**
 * Runs every check on everything whose verdict is known. Answers are written to a folder below `lessons/practice`, as the
 * copies of a learner are, so that their imports hold. The folder is removed again.
 */
export async function verify(
  exercises: readonly Exercise[],
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: Progress) => void } = {},
): Promise<Finding[]> {
  await using made = await temporaryFolder({ folder: import.meta.dirname, prefix: 'made-' });
  const all = await Promise.all(exercises.map((exercise) => candidatesOf(exercise, made.path)));
  const candidates = all.flat();
  const startMs = performance.now();
  const total = candidates.length;
  let done = 0;
  const findings = await boundedPool(
    shares(candidates),
    async (share, inner) => {
      const verdicts = await runChecks(share.map(answerOf), {
        signal: inner,
        onVerdict(_, place) {
          const { exercise, kind, name } = share[place]!;
          done++;
          const leftMs = ((performance.now() - startMs) / done) * (total - done);
          if (done < total) onProgress?.({ doing: `${exercise.name}, ${kind} ${name}`, done, total, leftMs });
        },
      });
      return share.map((candidate, place): Finding => {
        const { exercise, kind, name } = candidate;
        const verdict = verdicts[place]!;
        return { exercise, kind, name, isRight: isRight(candidate, verdict), verdict };
      });
    },
    { concurrency: availableParallelism(), signal },
  );
  return findings.flat();
}

/** To start a process takes as long as so many checks. */
const LEAST_IN_A_PROCESS = 50;

/** What each process checks. */
function shares(candidates: readonly Candidate[]): Candidate[][] {
  const most = Math.ceil(candidates.length / LEAST_IN_A_PROCESS);
  const processes = Math.min(availableParallelism(), most);
  const size = Math.ceil(candidates.length / processes);
  return Array.from({ length: processes }, (_, index) => candidates.slice(index * size, (index + 1) * size));
}

const answerOf = ({ exercise, kind, file }: Candidate): Controlled => ({
  exercise,
  file,
  times: kind === 'solution' ? TIMES : 1,
  control: join(folderOf(exercise), 'solution.ts'),
});

function isRight({ kind, seen }: Candidate, verdict: Verdict): boolean {
  if (kind === 'solution') return verdict.passes;
  return !verdict.passes && (seen === undefined || verdict.seen === seen);
}

async function candidatesOf(exercise: Exercise, made: string): Promise<Candidate[]> {
  const folder = folderOf(exercise);
  const [shipped, solution, wrongNames] = await Promise.all([
    readShipped(exercise),
    readSolution(exercise),
    readdir(join(folder, 'wrong')),
  ]);
  const wrong = wrongNames.map(async (name): Promise<Candidate> => {
    const file = join(folder, 'wrong', name);
    return { exercise, kind: 'wrong', name, file, seen: seenIn(await readFile(file, 'utf8'), file) };
  });
  const write =
    (kind: Finding['kind']) =>
    async ([name, text]: [string, string], index: number): Promise<Candidate> => {
      const file = join(made, `${stemOf(exercise)}-${kind}-${index}.ts`);
      await writeFile(file, text);
      const seen = kind === 'shipped' ? exercise.seenAsShipped : undefined;
      return { exercise, kind, name, file, seen };
    };
  const lazy = Object.entries(lazyAnswers(exercise.exported, exercise.seenAsShipped));
  const mutants = mutantsOf(solution).map(({ name, text }): [string, string] => [name, text]);
  return Promise.all([
    write('shipped')(['exercise.ts', shipped], 0),
    write('solution')(['solution.ts', solution], 0),
    ...wrong,
    ...lazy.map(write('lazy')),
    ...mutants.map(write('mutant')),
  ]);
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
