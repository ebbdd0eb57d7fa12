// Plays a lesson in this process, where `play` of a lesson's own file would print its verdict and set the exit code.
import { format } from 'node:util';
import { isOnRealClock, pathOf, type Lesson } from '../../lessons/manifest.ts';
import type { measured, timesOf } from '../../lessons/measured.ts';
import { judged } from '../../lessons/stage.ts';
import type { Verdict } from '../../lessons/verdict.ts';
import { virtualTime } from '../../lessons/virtual-time.ts';

/** What a lesson that measures measures with. */
export interface Instruments {
  readonly measure?: typeof measured;
  readonly times?: typeof timesOf;
}

export type Run = (ingredients?: Instruments) => Promise<void>;

export const runOf = async (lesson: Lesson): Promise<Run> =>
  ((await import(pathOf(lesson))) as { readonly run: Run }).run;

export interface Played {
  readonly verdict: Verdict;
  readonly printed: string;
  /** Timers of virtual time that are still set. On the real clock they would keep the process of the lesson alive. */
  readonly timersLeft: number;
}

/** On a machine that is said to be busy, or quiet, whatever it really is. @throws what the lesson broke down with */
export async function played(
  lesson: Lesson,
  machine: 'busy' | 'quiet',
  run: () => Promise<void>,
): Promise<Played> {
  let printed = '';
  const { log } = console;
  console.log = (...words: unknown[]) => {
    printed += `${format(...words)}\n`;
  };
  try {
    // The clock is ours and not that of `judged`, because we ask it afterwards what is left.
    using time = isOnRealClock(lesson) ? undefined : virtualTime();
    const verdict = await judged(run, {
      clock: 'real',
      measures: lesson.measured ?? false,
      watch: () => ({ stop: async () => (machine === 'busy' ? 0.63 : 0) }),
    });
    return { verdict, printed, timersLeft: time?.timersSet ?? 0 };
  } finally {
    console.log = log;
  }
}
