// The words of a race. They are those of `npm start` and of the report.
import type { Comparison, Row } from '../measure/comparison.ts';
import type { MachineDuringRun } from '../measure/environment.ts';
import { commandOf } from '../report/command.ts';
import { hiddenWinnerLine } from '../report/far-off.ts';
import { headline } from '../report/headline.ts';
import { spreadLine } from '../report/html/panel.ts';
import { busyLine } from '../report/machine.ts';
import {
  count,
  duration,
  durationWithSpread,
  mebibytes,
  number,
  orNone,
  percent,
  ratio,
} from '../report/units.ts';
import type { MeasuredWords, Outcome } from './protocol.ts';

export const measuredWords = (row: Row): MeasuredWords => ({
  time: durationWithSpread(row.timeMs),
  median: duration(row.timeMs.median),
  spread: spreadLine(row),
  succeeded: number(row.succeeded),
  failed: number(row.failed),
  peakInFlight: number(row.peakInFlight),
  ofLimit: orNone(row.ofLimit, percent),
  speedup: orNone(row.speedup, ratio),
  lag: duration(row.loopDelayMs.max),
  memory: orNone(row.memory && row.memory.overBaselineMiB, (MiB) => `+${mebibytes(MiB)}`),
});

/** `isTogether`: whether all approaches ran at one time, and none had the machine for itself. */
export function outcomeOf(
  comparison: Comparison,
  machine: Pick<MachineDuringRun, 'takenByOthers' | 'cores'>,
  isTogether = false,
): Outcome {
  const shared = `All ran together and shared ${count(machine.cores, 'core')}, so times are too long. A race in turns is fair.`;
  const doubts = [isTogether ? shared : undefined, busyLine(machine), hiddenWinnerLine(comparison)].filter(
    (line) => line !== undefined,
  );
  return {
    finding: headline(comparison),
    doubt: doubts.length === 0 ? null : doubts.join(' '),
    command: commandOf(comparison),
  };
}
