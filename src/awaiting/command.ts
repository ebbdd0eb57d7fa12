// What `npm run awaiting -- PID` does: one look, or with `--watch` one after the other.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../command-line.ts';
import { print } from '../output.ts';
import { attachToPid, attachToPort, type Attachment } from './attach.ts';
import { memoryOf } from './examine.ts';
import { InspectorError } from './inspector.ts';
import type { AwaitingOptions } from './options.ts';
import { changedLines, lookLines, targetMemoryLines } from './report.ts';
import { followThreads, type ThreadLook, type Threads } from './threads.ts';

export async function lookAtProcess(
  pid: number | undefined,
  options: AwaitingOptions,
  signal: AbortSignal,
): Promise<Result> {
  await using target = await (pid === undefined ? attachToPort(options.port!) : attachToPid(pid));
  await using threads = await followThreads(target.session, options);
  const before = pid === undefined ? undefined : await memoryOf(pid);
  const looks = await threads.look(signal);
  const after = pid === undefined ? undefined : await memoryOf(pid);
  const lines = [...lookLines(looks), ...targetMemoryLines(before, after)];
  print(options.json ? [JSON.stringify({ looks })] : lines);
  if (options.watch !== undefined) await watch(target, threads, looks, options, signal);
  return 'done';
}

/** Until Ctrl-C, until nobody reads any more, or until the process ends. */
async function watch(
  { session }: Attachment,
  threads: Threads,
  first: readonly ThreadLook[],
  options: AwaitingOptions,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  let before = first;
  for (;;) {
    await Promise.race([sleep(options.watch! * 1000, undefined, { signal }), session.closed]);
    signal.throwIfAborted();
    const looks = await threads.look(signal).catch((error: unknown) => {
      if (error instanceof InspectorError && error.isEnd) return undefined;
      throw error;
    });
    if (!looks) {
      process.stderr.write('the process ended, or closed its inspector\n');
      return;
    }
    const afterMs = performance.now() - started;
    if (!options.json) print(changedLines(before, looks, afterMs));
    else if (treesOf(before) !== treesOf(looks)) print([JSON.stringify({ afterMs, looks })]);
    before = looks;
  }
}

/** What has to differ for a look to be printed again. */
function treesOf(looks: readonly ThreadLook[]): string {
  return JSON.stringify(looks, (key, value: unknown) =>
    ['price', 'ageMs', 'leftMs'].includes(key) ? undefined : value,
  );
}
