// Most answers are quick, and a few are very late. To ask a second time after a while helps: the second answer
// is seldom late too. This is called hedging. This version always asks a second time. It does not
// stop the question that loses.
//
// What is wanted: `hedged` asks once. If there is no answer after `afterMs` milliseconds, it asks a second time.
// It fulfils with whichever answer comes first, and stops the other question through its signal. If the first
// question fails before `afterMs`, `hedged` rejects at once. When two questions run, one may fail. If both fail,
// it rejects with the failure of the first question. When it has ended, no timer is left.
import { setTimeout as sleep } from 'node:timers/promises';

export type Ask = (signal: AbortSignal) => Promise<string>;

export async function hedged(ask: Ask, afterMs: number): Promise<string> {
  const { signal } = new AbortController();
  const second = sleep(afterMs).then(() => ask(signal));
  return Promise.race([ask(signal), second]);
}
