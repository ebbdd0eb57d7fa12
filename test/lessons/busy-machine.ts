// Plays a lesson that measures on a machine that is said to be busy, or quiet, whatever it really is:
//   node busy-machine.ts NAME busy|quiet [CASE]
// Without a CASE the lesson measures as it always does. CASES have figures that are made up.
import { availableParallelism } from 'node:os';
import { lessons, pathOf } from '../../lessons/manifest.ts';
import type { measured } from '../../lessons/measured.ts';
import { play } from '../../lessons/stage.ts';

type Run = (ingredients?: { readonly measure?: typeof measured }) => Promise<void>;
interface MadeUp {
  readonly speedup: number;
  readonly peakInFlight: number;
}

/** A comparison of CPU work in which each approach has these figures. */
const comparing = (figures: Readonly<Record<string, MadeUp>>) =>
  (async () => ({
    comparison: { machineSpeedup: 2 },
    row: (approach: string) => ({
      ...figures[approach],
      spans: [{ input: 1, startMs: 0, endMs: 1, thread: 0, outcome: 'ok' }],
    }),
  })) as unknown as typeof measured;

/** As many as lesson 11 starts. */
const THREADS = Math.max(2, Math.min(4, availableParallelism()));
const TEXTBOOK = {
  sequential: { speedup: 1, peakInFlight: 1 },
  'promise-all': { speedup: 1, peakInFlight: 1 },
  'bounded-pool': { speedup: 1, peakInFlight: 1 },
  'worker-threads': { speedup: 1.9, peakInFlight: THREADS },
};
const CASES: Readonly<Record<string, typeof measured>> = {
  textbook: comparing(TEXTBOOK),
  'the pool gains': comparing({ ...TEXTBOOK, 'bounded-pool': { speedup: 1.77, peakInFlight: 1 } }),
  'the pool computes two at once': comparing({
    ...TEXTBOOK,
    'bounded-pool': { speedup: 1, peakInFlight: 2 },
  }),
  'memory unknown': (async () => ({
    row: () => ({ memory: null }),
  })) as unknown as typeof measured,
  breakdown: async () => {
    throw new Error('the trial was lost');
  },
};

const [name, machine, made] = process.argv.slice(2);
const { run } = (await import(pathOf(lessons.find((lesson) => lesson.name === name)!))) as { run: Run };
const takenByOthers = machine === 'busy' ? 0.63 : 0;
await play(() => run(made === undefined ? {} : { measure: CASES[made]! }), {
  clock: 'real',
  measures: true,
  watch: () => ({ stop: async () => takenByOthers }),
});
