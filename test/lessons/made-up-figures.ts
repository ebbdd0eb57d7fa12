// Figures that no machine has measured, in the place of `measured`: what a lesson says of them is known beforehand.
import { availableParallelism } from 'node:os';
import type { measured } from '../../lessons/measured.ts';

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

/** A comparison of waiting, in which each thread takes 20 MiB and each request in flight 50 KiB. */
const memoryByTextbook = (async ({ threads }: { threads: number }) => ({
  row: (approach: string) => {
    const overBaselineMiB =
      approach === 'worker-threads' ? 20 * threads : approach === 'promise-all' ? 50 : 1;
    return { memory: { peakMiB: 80 + overBaselineMiB, overBaselineMiB } };
  },
})) as unknown as typeof measured;

export const FIGURES = {
  textbook: comparing(TEXTBOOK),
  'the pool gains': comparing({ ...TEXTBOOK, 'bounded-pool': { speedup: 1.77, peakInFlight: 1 } }),
  'the pool computes two at once': comparing({
    ...TEXTBOOK,
    'bounded-pool': { speedup: 1, peakInFlight: 2 },
  }),
  'memory by the textbook': memoryByTextbook,
  'memory unknown': (async () => ({
    row: () => ({ memory: null }),
  })) as unknown as typeof measured,
  breakdown: (async () => {
    throw new Error('the trial was lost');
  }) as typeof measured,
};
