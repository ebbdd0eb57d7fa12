// Seen: It asked again after 0.002 s.
import { setTimeout as sleep } from 'node:timers/promises';

export async function askAgain(ask: () => Promise<Response>): Promise<Response> {
  let response = await ask();
  for (let tries = 1; tries < 3 && response.status === 503; tries++) {
    await sleep(Number(response.headers.get('retry-after')));
    response = await ask();
  }
  return response;
}
