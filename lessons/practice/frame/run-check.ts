// Checks one file in a process of its own, and always comes back with a verdict.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trialEnvironment } from '../../../src/measure/compile-cache.ts';
import { folderOf, type Exercise } from '../manifest.ts';
import type { CheckSettings } from './child.ts';
import { fails, type Verdict } from './verdict.ts';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether what the file prints is shown. */
  readonly showOutput?: boolean;
  /** How often the check must pass. */
  readonly times?: number;
}

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
/** Variables of the learner's shell that would change what the program under check does. */
const KEPT_FROM_THE_CHILD = ['NODE_OPTIONS', 'NODE_TEST_CONTEXT', 'NODE_V8_COVERAGE'];

/**
 * The verdict on `file` as an answer to `exercise`.
 * @throws the signal's reason
 */
export async function runCheck(
  exercise: Exercise,
  file: string,
  { signal, showOutput = false, times = 1 }: RunOptions = {},
): Promise<Verdict> {
  signal?.throwIfAborted();
  const settings: CheckSettings = { folder: folderOf(exercise), file, exported: exercise.exported, times };
  const env = trialEnvironment();
  for (const name of KEPT_FROM_THE_CHILD) delete env[name];
  const output = showOutput ? 'inherit' : 'ignore';
  const child = fork(CHILD, [JSON.stringify(settings)], {
    cwd: join(import.meta.dirname, '..'),
    env,
    // A program that collects without end must fail before the machine runs out of memory.
    execArgv: ['--max-old-space-size=256'],
    stdio: ['ignore', output, output, 'ipc'],
  });
  let verdict: Verdict | undefined;
  child.on('message', (message) => {
    verdict = message as Verdict;
  });
  const end = () => void child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  const [code, endedBy] = (await once(child, 'exit')) as [number | null, string | null];
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  return verdict ?? fails('The program comes to an end.', describeEnd(code, endedBy));
}

function describeEnd(code: number | null, endedBy: string | null): string {
  // The watchdog sends this signal, and nobody else does.
  if (endedBy === 'SIGKILL')
    return 'It computes without end: the event loop does not turn, or never comes to rest.';
  if (endedBy === 'SIGABRT' || code === 134) return 'It ran out of memory.';
  return `Its process ended with ${endedBy ?? `code ${code}`} before the check was over.`;
}
