// Checks files in processes of their own, and always comes back with a verdict on each.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trialEnvironment } from '../../../src/measure/compile-cache.ts';
import { folderOf, type Exercise } from '../manifest.ts';
import type { Answer, CheckSettings } from './child.ts';
import { fails, type Verdict } from './verdict.ts';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether what the file prints is shown. */
  readonly showOutput?: boolean;
  /** How often the check must pass. */
  readonly times?: number;
  /** A file that burns so much CPU time within one turn of the event loop computes without end. */
  readonly mostCpuMs?: number;
}

interface Checked {
  readonly exercise: Exercise;
  readonly file: string;
  /** How often the check must pass. */
  readonly times: number;
}

/** A file that may be checked in one process with others. */
export interface Controlled extends Checked {
  /** A file that passes the same check. It proves that the answer has left nothing behind that changes the next one. */
  readonly control: string;
}

export interface RunManyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is called with each verdict as it comes, in the order of the answers. */
  readonly onVerdict?: (verdict: Verdict, place: number) => void;
}

const MOST_CPU_MS = 4000;
const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
/** Variables of the learner's shell that would change what the program under check does. */
const KEPT_FROM_THE_CHILD = ['NODE_OPTIONS', 'NODE_TEST_CONTEXT', 'NODE_V8_COVERAGE'];

/**
 * The verdict on `file` as an answer to `exercise`, checked in a process of its own.
 * @throws the signal's reason
 */
export async function runCheck(
  exercise: Exercise,
  file: string,
  { signal, showOutput = false, times = 1, mostCpuMs = MOST_CPU_MS }: RunOptions = {},
): Promise<Verdict> {
  let verdict: Verdict | undefined;
  const answers = [answerOf({ exercise, file, times })];
  const end = await inOneProcess(
    { answers, mostCpuMs },
    { signal, showOutput, keepsCode: true, onVerdict: (first) => (verdict = first) },
  );
  return verdict ?? fails('The program comes to an end.', end);
}

/**
 * The verdicts on many answers, in their order. The answers share a process as long as none of them changes it. An answer that
 * ends the process, or changes it for the next ones, is checked in a process of its own.
 * @throws the signal's reason
 */
export async function runChecks(
  answers: readonly Controlled[],
  { signal, onVerdict }: RunManyOptions,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const take = (verdict: Verdict) => {
    onVerdict?.(verdict, verdicts.length);
    verdicts.push(verdict);
  };
  while (verdicts.length < answers.length) {
    const others = answers.slice(verdicts.length).map(answerOf);
    const settings = { answers: others, mostCpuMs: MOST_CPU_MS };
    await inOneProcess(settings, { signal, keepsCode: false, onVerdict: take });
    const next = answers[verdicts.length];
    if (next) take(await runCheck(next.exercise, next.file, { signal, times: next.times }));
  }
  return verdicts;
}

const answerOf = ({ exercise, ...answer }: Checked | Controlled): Answer => ({
  folder: folderOf(exercise),
  exported: exercise.exported,
  ...answer,
});

interface ProcessOptions {
  readonly signal?: AbortSignal | undefined;
  readonly showOutput?: boolean;
  /** Whether compiled code is kept for the next process. Hundreds of files that are checked once would only fill the disk. */
  readonly keepsCode: boolean;
  readonly onVerdict: (verdict: Verdict) => void;
}

/** @returns how the process ended, in words. @throws the signal's reason */
async function inOneProcess(
  settings: CheckSettings,
  { signal, showOutput = false, keepsCode, onVerdict }: ProcessOptions,
): Promise<string> {
  signal?.throwIfAborted();
  const env = trialEnvironment();
  for (const name of KEPT_FROM_THE_CHILD) delete env[name];
  if (!keepsCode) delete env['NODE_COMPILE_CACHE'];
  const output = showOutput ? 'inherit' : 'ignore';
  const child = fork(CHILD, {
    cwd: join(import.meta.dirname, '..'),
    env,
    // A program that collects without end must fail before the machine runs out of memory.
    execArgv: ['--max-old-space-size=256'],
    stdio: ['ignore', output, output, 'ipc'],
  });
  // If the process has ended already, nobody takes the settings. Its end is told below in any case.
  child.send(settings, () => {});
  child.on('message', (message) => onVerdict(message as Verdict));
  const end = () => void child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  // 'close' and not 'exit': at its exit, verdicts that it has sent may still be on their way.
  const [code, endedBy] = (await once(child, 'close')) as [number | null, string | null];
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  return describeEnd(code, endedBy);
}

function describeEnd(code: number | null, endedBy: string | null): string {
  // The watchdog sends this signal, and nobody else does.
  if (endedBy === 'SIGKILL')
    return 'It computes without end: the event loop does not turn, or never comes to rest.';
  if (endedBy === 'SIGABRT' || code === 134) return 'It ran out of memory.';
  return `Its process ended with ${endedBy ?? `code ${code}`} before the check was over.`;
}
