// What a process tells whoever started it, at the moment it happens: that its event loop goes round, and when a task
// starts and ends. Each line is written synchronously to a pipe of its own. A message over the channel between two
// processes would wait until the task that keeps the thread has ended, and other threads have no such channel.
import { writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { now } from '../api/clock.ts';
import type { Task } from '../approaches/task.ts';
import { isThenable } from '../thenable.ts';
import type { Recorded, Span } from './recorded.ts';

/** The file descriptor of the pipe, where whoever starts the process makes one. */
export const TOLD_FD = 4;

/** `atMs` is on the clock of `now()` in the process that tells. */
export type Told =
  /** The event loop came round. */
  | { readonly what: 'beat'; readonly atMs: number }
  /** The run begins: what was told before belongs to the warm-up. */
  | { readonly what: 'run'; readonly atMs: number }
  /** The run is over. */
  | { readonly what: 'ran'; readonly atMs: number }
  | { readonly what: 'start'; readonly atMs: number; readonly input: number; readonly thread: number }
  | {
      readonly what: 'end';
      readonly atMs: number;
      readonly input: number;
      readonly outcome: Span['outcome'];
    };

export function tell(told: Told): void {
  try {
    writeSync(TOLD_FD, `${JSON.stringify(told)}\n`);
  } catch {
    // Nobody listens any more. This process ends with whoever started it.
  }
}

/** What a line tells; undefined for the last one of a process that was killed, which may be a part of a line. */
export function toldIn(line: string): Told | undefined {
  try {
    return JSON.parse(line) as Told;
  } catch {
    return undefined;
  }
}

/** Often enough that a stop of a tenth of a second is seen, and seldom enough to cost nothing. */
const BEAT_MS = 50;

/** Tells that the event loop goes round, until the returned function is called. */
export function startBeating(): () => void {
  const beat = () => tell({ what: 'beat', atMs: now() });
  beat();
  const timer = setInterval(beat, BEAT_MS).unref();
  return () => clearInterval(timer);
}

/** A recorded task that also tells its start and its end. It stays synchronous if the task is. */
export function told(task: Task<number, Recorded>): Task<number, Recorded> {
  return (input, signal) => {
    tell({ what: 'start', atMs: now(), input, thread: threadId });
    const ended = (record: Recorded): Recorded => {
      tell({ what: 'end', atMs: now(), input, outcome: record.span.outcome });
      return record;
    };
    const record = task(input, signal);
    return isThenable(record) ? Promise.resolve(record).then(ended) : ended(record);
  };
}
