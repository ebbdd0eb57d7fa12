// Seen: It asked again after 1 s.
import { setTimeout as sleep } from 'node:timers/promises';

export async function askAgain(ask: () => Promise<Response>): Promise<Response> {
  let response = await ask();
  for (let tries = 1; tries < 3 && response.status === 503; tries++) {
    await sleep(1000 * 2 ** (tries - 1));
    response = await ask();
  }
  return response;
}
