// Seen: 1 timer was still set.
import type { Cook } from '../../frame/kitchen.ts';

export async function cookWithin(id: number, cook: Cook, limitMs: number): Promise<string> {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new DOMException('too late', 'TimeoutError')), limitMs);
  return cook(id, stop.signal);
}
