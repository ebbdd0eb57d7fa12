// How a program in Node, Deno or Bun talks to the suite: it gets its settings as one line of JSON, and answers with one line.
// It ends when its standard input ends. So it never outlives the suite, and the suite can read its memory before it ends.
import process from 'node:process';
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin });

/** Calls `program` with the settings, and prints what it returns. */
export function answerSettings(program: (settings: unknown) => Promise<object>): void {
  lines.once('line', (line) => {
    void program(JSON.parse(line)).then((answer) => console.log(JSON.stringify(answer)));
  });
  lines.once('close', () => process.exit());
}

/** Says that the warm-up is done, and waits until the suite wants the run. */
export async function waitForStart(): Promise<void> {
  const started = new Promise<void>((start) => {
    lines.once('line', () => start());
  });
  console.log(JSON.stringify({ ready: true }));
  await started;
}

export interface Cost {
  readonly timeMs: number;
  /** CPU time of the whole process, threads included. */
  readonly cpuMs: number;
}

/** Measures what `run` costs this process. */
export async function costOf(run: () => Promise<unknown>): Promise<Cost> {
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  await run();
  const timeMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { timeMs, cpuMs: (user + system) / 1000 };
}
