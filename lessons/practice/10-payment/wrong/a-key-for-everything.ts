// Seen: The payment without a key was sent 3 times.
import { randomUUID } from 'node:crypto';
import type { Request } from '../solution.ts';

// The caller may send the same payment again with the next click, and then it has another key.
export async function send(
  request: Request,
  transmit: (request: Request) => Promise<string>,
): Promise<string> {
  const keyed = { idempotencyKey: randomUUID(), ...request };
  for (let tries = 1; ; tries++) {
    try {
      return await transmit(keyed);
    } catch (error) {
      if (tries >= 3) throw error;
    }
  }
}
