// Seen: The kitchen was still cooking order 1 after the timeout.
import type { Cook } from '../../frame/kitchen.ts';

export async function cookWithin(id: number, cook: Cook, limitMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('too late', 'TimeoutError')), limitMs);
  });
  try {
    return await Promise.race([cook(id), late]);
  } finally {
    clearTimeout(timer);
  }
}
