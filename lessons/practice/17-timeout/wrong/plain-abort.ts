// Seen: It is called AbortError.
import type { Cook } from '../../frame/kitchen.ts';

export async function cookWithin(id: number, cook: Cook, limitMs: number): Promise<string> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limitMs);
  try {
    return await cook(id, stop.signal);
  } finally {
    clearTimeout(timer);
  }
}
