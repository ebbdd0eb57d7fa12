// Each lesson runs in a process of its own, exactly as `npx node lessons/NN-name.ts` runs it. So whatever it does to its
// process stays there. With a warm compile cache, as trials have it, it starts in two thirds of the time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { inFolder, temporaryFolder } from '../src/files/temporary-folder.ts';
import { trialEnvironment } from '../src/measure/compile-cache.ts';
import { pathOf, type Lesson } from './manifest.ts';
import { isVerdict, type Verdict } from './verdict.ts';

export interface LessonRun {
  /** Undefined where the lesson broke down before it reached one. */
  readonly verdict: Verdict | undefined;
  readonly stdout: string;
  /** How the process ended, as in "exit code 13" or "SIGKILL". */
  readonly ending: string;
}

export interface LessonOptions {
  readonly flags?: readonly string[];
  readonly signal?: AbortSignal;
  /** Shows the output while the lesson runs. */
  readonly isShown?: boolean;
}

/** @throws {Error} when `signal` aborts: the process is ended */
export async function runLesson(lesson: Lesson, options: LessonOptions = {}): Promise<LessonRun> {
  const { flags = [], signal, isShown = false } = options;
  // What a lesson writes, such as a database, is removed by us: a lesson that is ended by Ctrl-C cannot do it.
  await using folder = await temporaryFolder();
  const child = spawn(process.execPath, [pathOf(lesson), ...flags], {
    // A lesson asks nothing, so it gets no stdin. Its stderr is ours where it is shown: progress needs a terminal.
    stdio: ['ignore', 'pipe', isShown ? 'inherit' : 'ignore', 'ipc'],
    env: { ...trialEnvironment(), ...inFolder(folder.path) },
    ...(signal && { signal }),
  });
  let verdict: Verdict | undefined;
  child.on('message', (message) => {
    if (isVerdict(message)) verdict = message;
  });
  const output = child.stdout!;
  if (isShown) output.pipe(process.stdout, { end: false });
  const { promise: hasEnded, resolve: end } = Promise.withResolvers<void>();
  child.once('close', () => end());
  try {
    const [stdout, [code, killedBy]] = await Promise.all([
      text(output),
      once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    return { verdict, stdout, ending: killedBy ?? `exit code ${code}` };
  } finally {
    // After an abort it may live a little longer, and write to its folder.
    if (child.pid !== undefined) await hasEnded;
  }
}
