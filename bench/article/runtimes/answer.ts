// How a program inside Node, Deno or Bun speaks with the suite: settings come as one line of JSON, and one line answers. It
// ends when its standard input does. So it outlives nobody, and its memory can be read while it still exists.
import process from 'node:process';
import { createInterface } from 'node:readline';

/** Takes the settings and answers with what `program` makes of them. */
export function answerSettings(program: (settings: unknown) => Promise<object>): void {
  const lines = createInterface({ input: process.stdin });
  lines.once('line', (line) => {
    void program(JSON.parse(line)).then((answer) => console.log(JSON.stringify(answer)));
  });
  lines.once('close', () => process.exit());
}

export interface Cost {
  readonly timeMs: number;
  /** Of the whole process, threads included. */
  readonly cpuMs: number;
}

/** What `run` costs this process. */
export async function costOf(run: () => Promise<unknown>): Promise<Cost> {
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  await run();
  const timeMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { timeMs, cpuMs: (user + system) / 1000 };
}
