// One trial inside Node, Deno or Bun. The program warms up, says that it is ready, waits for a line on its standard input,
// runs, and prints what it measured. It ends when its standard input does: so it outlives nobody, and whoever started it
// can read how much memory it took while it still exists.
import process from 'node:process';
import { createInterface } from 'node:readline';

/** What a program does. Settings have come, nothing has begun. */
export interface Program {
  /** Until the code is compiled, and connections and threads stand. */
  warmUp(): Promise<unknown>;
  /** What is measured. */
  run(): Promise<unknown>;
}

export interface TrialResult {
  readonly timeMs: number;
  /** Of the whole process, threads included. */
  readonly cpuMs: number;
}

const print = (message: object): void => console.log(JSON.stringify(message));

/** Runs what `open` makes of the settings, which are the program's only argument. */
export async function runTrial<Settings>(open: (settings: Settings) => Promise<Program>): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  const started = new Promise((resolve) => {
    lines.once('line', resolve);
  });
  lines.once('close', () => process.exit());
  const program = await open(JSON.parse(process.argv[2]!) as Settings);
  await program.warmUp();
  print({ ready: true });
  await started;
  print(await measured(program));
}

async function measured(program: Program): Promise<TrialResult> {
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  await program.run();
  const timeMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { timeMs, cpuMs: (user + system) / 1000 };
}
