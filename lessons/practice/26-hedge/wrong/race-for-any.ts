// Seen: It was rejected with Error: the first burnt.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ask } from '../solution.ts';

const LATE = Symbol('late');

export async function hedged(ask: Ask, afterMs: number): Promise<string> {
  const stop = new AbortController();
  const first = ask(stop.signal);
  try {
    const seen = await Promise.race([first, sleep(afterMs, LATE, { signal: stop.signal })]);
    if (seen !== LATE) return seen;
    return await Promise.race([first, ask(stop.signal)]);
  } finally {
    stop.abort();
  }
}
