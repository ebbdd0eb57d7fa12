// What a reader can ask of `npm run awaiting`, and whether a large heap may be paused.
import { createInterface } from 'node:readline/promises';

export interface AwaitingOptions {
  readonly port?: number;
  readonly all?: true;
  readonly locals?: true;
  readonly json?: true;
  readonly yes?: true;
  readonly threads?: true;
  /** Seconds. */
  readonly watch?: number;
  /** Seconds. */
  readonly after?: number;
  readonly keep?: true;
}

/** Asks whoever sits at the terminal; without one only `--yes` says so. */
export async function mayPause(
  bytes: number,
  { yes, json }: AwaitingOptions,
  signal: AbortSignal,
): Promise<boolean> {
  if (yes) return true;
  if (json || !process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const size = Math.round(bytes / 2 ** 20);
    const question = `Its heap is ${size} MiB. A look stops it for seconds to minutes. Go on? [y/N] `;
    return /^y/i.test(await terminal.question(question, { signal }));
  } finally {
    terminal.close();
  }
}
