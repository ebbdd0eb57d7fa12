// Seen: It was called by add.
import type { Queue } from '../solution.ts';

export function openQueue(): Queue {
  return { add: (callback) => callback(), work() {} };
}
