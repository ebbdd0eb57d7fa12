// How a program in Node, Deno or Bun talks to the suite: it gets its settings as one line of JSON, and answers with one line.
// It ends when its standard input ends. So it never outlives the suite, and the suite can read its memory before it ends.
import process from 'node:process';
import { createInterface } from 'node:readline';

/** Calls `program` with the settings, and prints what it returns. */
export function answerSettings(program: (settings: unknown) => Promise<object>): void {
  const lines = createInterface({ input: process.stdin });
  lines.once('line', (line) => {
    void program(JSON.parse(line)).then((answer) => console.log(JSON.stringify(answer)));
  });
  lines.once('close', () => process.exit());
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
