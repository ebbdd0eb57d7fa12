// Most answers are quick, and a few are very late. To ask a second time after a while helps: the second answer
// is seldom late too. This is called hedging. This version asks a second time whatever happens, and leaves
// whoever loses at work.
//
// What is wanted: `hedged` asks once. If there is no answer after `afterMs` milliseconds, it asks a second time.
// It fulfils with whichever answer comes first, and stops the other one through its signal. A failure before
// that time is told at once. Of two that are asked, one may fail; if both do, it rejects with the failure of the
// first. When it has ended, no timer is left.
import { setTimeout as sleep } from 'node:timers/promises';

export type Ask = (signal: AbortSignal) => Promise<string>;

export async function hedged(ask: Ask, afterMs: number): Promise<string> {
  const { signal } = new AbortController();
  const second = sleep(afterMs).then(() => ask(signal));
  return Promise.race([ask(signal), second]);
}
