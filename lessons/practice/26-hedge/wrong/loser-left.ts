// Seen: The second one was still at work.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ask } from '../solution.ts';

const LATE = Symbol('late');

export async function hedged(ask: Ask, afterMs: number): Promise<string> {
  const timer = new AbortController();
  const { signal } = new AbortController();
  const first = ask(signal);
  try {
    const seen = await Promise.race([first, sleep(afterMs, LATE, { signal: timer.signal })]);
    if (seen !== LATE) return seen;
    return await Promise.any([first, ask(signal)]);
  } finally {
    timer.abort();
  }
}
