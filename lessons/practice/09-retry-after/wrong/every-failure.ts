// Seen: It asked 3 times.
import { setTimeout as sleep } from 'node:timers/promises';

export async function askAgain(ask: () => Promise<Response>): Promise<Response> {
  let response = await ask();
  for (let tries = 1; tries < 3 && !response.ok; tries++) {
    await sleep(Number(response.headers.get('retry-after') ?? 1) * 1000);
    response = await ask();
  }
  return response;
}
