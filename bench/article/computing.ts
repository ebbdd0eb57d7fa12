// The article's second measurement, for any language: tasks that only compute.
import { duration, mebibytes, ratio } from '../../src/report/units.ts';
import type { Findings } from '../findings.ts';
import type { Section, Size } from '../suite.ts';
import type { Language } from './language.ts';

export const computingTitle = ({ name }: Pick<Language, 'name'>): string => `${name}: computing`;

/** Turns of each case that computes. These are short, and the speed of a core changes from minute to minute. */
export const COMPUTING_REPEATS: Readonly<Record<Size, number>> = { quick: 1, default: 5, full: 5 };

export interface ComputingAmounts {
  readonly tasks: number;
  /** About what one task takes, for the estimate of the time that is left. */
  readonly costMs: number;
  /** How many turns each way gets. */
  readonly computingRepeats: number;
}

export function computingSection(
  language: Language,
  note: string,
  { tasks, costMs, computingRepeats }: ComputingAmounts,
): Section {
  const baseline = language.computing.find(({ manner }) => manner === 'one by one');
  return {
    title: computingTitle(language),
    note,
    columns: {
      timeMs: { title: 'time', show: duration },
      speedup: { title: 'speed-up', show: ratio },
      peakMiB: { title: 'memory', show: mebibytes },
      cpuMsPerTask: { title: 'CPU / task', show: duration, alone: true },
    },
    ...(baseline && {
      ratios: [{ figure: 'timeMs', baseline: baseline.name, as: 'speedup', inverse: true }],
    }),
    cases: language.computing.map((way) => ({
      name: way.name,
      repeats: computingRepeats,
      // Some tasks are computed before the clock starts.
      estimateMs: way.startMs + (tasks + 2) * costMs,
      async run(context): Promise<Findings> {
        const { timesMs, cpuMs, peakMiB } = await way.compute(tasks, context);
        return {
          timeMs: timesMs,
          ...(peakMiB !== undefined && { peakMiB }),
          ...(cpuMs !== undefined && { cpuMsPerTask: cpuMs / tasks }),
        };
      },
    })),
  };
}
