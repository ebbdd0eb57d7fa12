// What every lesson stands on: it runs by itself on virtual time, or with real waiting if asked for, and a claim
// that turns out false ends the process with 1.
import { AssertionError } from 'node:assert';
import { INSTANT } from '../src/api/conditions.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { intercept } from '../src/api/intercept.ts';
import { Session } from '../src/api/session.ts';
import { virtualTime } from './virtual-time.ts';

const isRealTime = process.argv.includes('--real-time');

/**
 * Milliseconds as seconds. Virtual time is exact; real seconds never are, so there the result is the nearest half
 * second, and the claims compare what a reader would see on a wall clock.
 */
export function seconds(milliseconds: number): number {
  const grain = isRealTime ? 500 : 1;
  return (Math.round(milliseconds / grain) * grain) / 1000;
}

/** How many seconds `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return seconds(performance.now() - start);
}

/** Plays a lesson: `clock: 'real'` is for one that is about the event loop itself, or that measures. */
export async function play(
  run: () => Promise<void>,
  { clock = 'virtual' }: { readonly clock?: 'virtual' | 'real' } = {},
): Promise<void> {
  // `| head` closes our stdout early: that is the reader's right and no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  if (isRealTime) await warmUp();
  using _ = clock === 'virtual' && !isRealTime ? virtualTime() : undefined;
  try {
    await run();
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    console.error(`The claim does not hold: ${error.message}`);
    process.exitCode = 1;
  }
}

/** The first request of a process takes a tenth of a second or two, which would show in real time. */
async function warmUp() {
  using _ = intercept({ conditions: INSTANT });
  await using session = new Session({ origin: ORIGIN, connections: 1 });
  await session.getJson('/health');
}
