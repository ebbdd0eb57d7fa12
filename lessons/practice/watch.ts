// Checks the exercise that was saved last, at every save. On a terminal it draws one screen again and again, and listens to
// keys. Elsewhere it prints plain lines, for a pipe or an editor's window.
import { readFile, rm, watch, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../../src/usage-error.ts';
import type { Paint } from '../../src/report/paint.ts';
import { copiesFolder, copyOf, hashOf, readCopy, type Copies } from './copies.ts';
import { resultOf } from './check-copy.ts';
import { exercises, type Exercise } from './manifest.ts';
import { listText, doneLine, resultText, wrappedHint } from './text.ts';

/** Editors save in several steps: a file is written, renamed, touched. The file is read this long after the last step. */
const SETTLES_MS = 80;
const CLEAR_SCREEN = '\u001B[2J\u001B[3J\u001B[H';
const CTRL_C = '\u0003';
const LOCK = '.watching';

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/**
 * Runs until the signal aborts or the reader presses q.
 * @throws {UsageError} if another watcher is at work on the same copies
 */
export async function watchCopies(
  copies: Copies,
  first: Exercise | undefined,
  paint: Paint,
  { input, output }: Terminal,
  outer: AbortSignal,
): Promise<void> {
  await using _ = await lockCopies();
  const quit = new AbortController();
  const signal = AbortSignal.any([outer, quit.signal]);
  const isScreen = output.isTTY;
  let current = first ?? copies.next ?? exercises[0]!;
  /**
   * The text of each exercise that was checked last. Some saves are reported twice, and some change nothing. Such a report of
   * an exercise that has passed must not take the reader back from the next one.
   */
  const checkedHashes = new Map<Exercise, string>();
  /** A key that destroys something has to be pressed twice. */
  let isResetAsked = false;
  /** Ends the check that is running when a newer text is there. */
  let running: AbortController | undefined;

  const show = (lines: readonly string[]) => {
    const keys = input.isTTY ? ['', paint('dim', 'h hint   n next   l list   r reset   q quit')] : [];
    const text = [...lines, '', doneLine(copies), ...keys].join('\n');
    output.write(isScreen ? `${CLEAR_SCREEN}${text}\n` : `${text}\n`);
  };

  async function check(): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const exercise = current;
    try {
      const text = await readCopy(exercise);
      checkedHashes.set(exercise, hashOf(text));
      if (isScreen) show([`… ${exercise.name}`]);
      const result = await resultOf(copies, exercise, { signal: AbortSignal.any([signal, mine.signal]) });
      if (running === mine) show(resultText(result, paint));
    } catch (error) {
      if (mine.signal.aborted || signal.aborted) return;
      if (!(error instanceof UsageError)) throw error;
      show([paint('red', `✗ ${error.message}`)]);
    }
  }

  async function onSave(file: string): Promise<void> {
    const saved = exercises.find((exercise) => basename(copyOf(exercise)) === file);
    if (!saved) return;
    const text = await readCopy(saved).catch(() => '');
    if (hashOf(text) === checkedHashes.get(saved)) return;
    current = saved;
    await check();
  }

  async function onKey(key: string): Promise<void> {
    const isSecondReset = key === 'r' && isResetAsked;
    isResetAsked = false;
    if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
    else if (key === 'q') quit.abort();
    else if (key === 'h') show(wrappedHint(current));
    else if (key === 'l') show(listText(copies, paint));
    else if (key === 'n') {
      current = copies.next ?? current;
      await check();
    } else if (isSecondReset) {
      const kept = await copies.reset(current);
      show([
        kept === undefined
          ? `${current.name} is as shipped`
          : `${current.name} is as shipped; your text is in ${kept}`,
      ]);
      await check();
    } else if (key === 'r') {
      isResetAsked = true;
      show([`Press r once more to take ${current.name} as it is shipped. Your text is kept beside it.`]);
    }
  }

  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const onData = (data: Buffer) => {
    // Two keys that are pressed quickly arrive together.
    for (const key of data.toString()) onKey(key).catch((error: unknown) => failed.reject(error));
  };
  if (input.isTTY) {
    input.setRawMode(true);
    input.on('data', onData);
    input.resume();
  }
  try {
    const here = relative(process.cwd(), copiesFolder()) || '.';
    if (!isScreen) output.write(`watching ${here}; save an exercise, and it is checked\n`);
    await Promise.race([Promise.all([check(), listenToSaves(onSave, signal)]), failed.promise]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    running?.abort();
    input.off('data', onData);
    if (input.isTTY) input.setRawMode(false);
    input.pause();
  }
  outer.throwIfAborted();
}

async function listenToSaves(onSave: (file: string) => Promise<void>, signal: AbortSignal): Promise<void> {
  /** The files that were touched since the last look. */
  const touched = new Set<string>();
  let settling: Promise<void> | undefined;
  let failure: unknown;
  async function settle(): Promise<void> {
    await sleep(SETTLES_MS, undefined, { signal });
    settling = undefined;
    const files = [...touched];
    touched.clear();
    for (const file of files) await onSave(file);
  }
  for await (const { filename } of watch(copiesFolder(), { signal })) {
    if (failure !== undefined) throw failure;
    if (filename === null) continue;
    touched.add(filename);
    settling ??= settle().catch((error: unknown) => {
      if (!signal.aborted) failure = error;
    });
  }
}

/** One watcher at a time: two would draw over each other. A lock that a dead process left is taken over. */
async function lockCopies(): Promise<AsyncDisposable> {
  const path = join(copiesFolder(), LOCK);
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  if (owner > 0 && owner !== process.pid && isAlive(owner)) {
    throw new UsageError(
      `process ${owner} watches these exercises already; end it first (q), or use its screen`,
    );
  }
  await rm(path, { force: true });
  await writeFile(path, String(process.pid), { flag: 'wx' });
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
