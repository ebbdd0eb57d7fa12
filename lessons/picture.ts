// A timeline in text: who worked on what, and when. It is the picture that explains most lessons. Bars that stand below
// each other overlap in time; a bar that begins where another one ends has waited for it.
import { seconds } from './stage.ts';

interface Bar {
  readonly label: string;
  readonly start: number;
  end: number;
}

/** Columns that the whole timeline takes. */
const WIDTH = 36;

export class Timeline {
  readonly #bars: Bar[] = [];
  readonly #origin = performance.now();

  /** Runs `work` and keeps a bar for it, also when it fails. */
  async during<Result>(label: string, work: () => Result | PromiseLike<Result>): Promise<Result> {
    const start = this.#elapsed();
    const bar = { label, start, end: start };
    this.#bars.push(bar);
    try {
      return await work();
    } finally {
      bar.end = this.#elapsed();
    }
  }

  /** When the last bar ends, in seconds from the timeline's start. */
  get end(): number {
    return Math.max(0, ...this.#bars.map((bar) => bar.end));
  }

  /** How long the longest bar is, in seconds. */
  get longest(): number {
    return Math.max(0, ...this.#bars.map((bar) => seconds((bar.end - bar.start) * 1000)));
  }

  /** One bar a line, in the order of their start, with its times. `until` is the right edge, in seconds. */
  rows(until = this.end): string {
    const width = Math.max(...this.#bars.map((bar) => bar.label.length));
    const lines = this.#bars.map((bar) => {
      const line = ' '.repeat(column(bar.start, until)) + '━'.repeat(length(bar, until));
      return `${bar.label.padEnd(width)}  ${line.padEnd(WIDTH)}  ${bar.start.toFixed(1)} – ${bar.end.toFixed(1)} s`;
    });
    return lines.join('\n');
  }

  /** Each bar in the first line that is free: as many lines as there were bars at once. */
  lanes(until = this.end): string {
    const lanes: Array<{ text: string; free: number }> = [];
    for (const bar of this.#bars) {
      const free = lanes.find(({ free }) => free <= bar.start);
      const lane = free ?? { text: '', free: 0 };
      if (!free) lanes.push(lane);
      lane.text = lane.text.padEnd(column(bar.start, until)) + bar.label.padEnd(length(bar, until), '━');
      lane.free = bar.end;
    }
    return lanes.map(({ text }) => `│${text.padEnd(WIDTH)}│`).join('\n');
  }

  #elapsed = () => seconds(performance.now() - this.#origin);
}

const column = (time: number, until: number) => Math.round((time / until) * WIDTH);
const length = (bar: Bar, until: number) => Math.max(1, column(bar.end, until) - column(bar.start, until));
