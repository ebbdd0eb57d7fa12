// Progress on stderr: one line that renews itself, and only where somebody can see it.
import { oneLine } from './printable.ts';
import { duration } from './report/units.ts';
import type { Progress } from './measure/steps.ts';

export interface ProgressLine extends Disposable {
  readonly show: (progress: Progress) => void;
  /** Takes the line away, so that results can be printed; so does disposing. */
  readonly clear: () => void;
}

const ERASE_LINE = '\r\u001B[K';

export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  const clear = () => {
    if (stream.isTTY) stream.write(ERASE_LINE);
  };
  return {
    show({ doing, done, total, leftMs }) {
      if (!stream.isTTY) return;
      const text = `[${done + 1}/${total}] ${doing}, about ${duration(Math.ceil(leftMs / 1000) * 1000)} left`;
      stream.write(ERASE_LINE + oneLine(text).slice(0, (stream.columns || 80) - 1));
    },
    clear,
    [Symbol.dispose]: clear,
  };
}
