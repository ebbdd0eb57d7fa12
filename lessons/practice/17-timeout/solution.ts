// The signal is aborted after the time, with an error that is called TimeoutError. Its timer keeps no process
// alive.
import type { Cook } from '../frame/kitchen.ts';

export async function cookWithin(id: number, cook: Cook, limitMs: number): Promise<string> {
  const signal = AbortSignal.timeout(limitMs);
  return cook(id, signal);
}
