// The header counts seconds, and a timer counts milliseconds.
import { setTimeout as sleep } from 'node:timers/promises';

export async function askAgain(ask: () => Promise<Response>): Promise<Response> {
  let response = await ask();
  for (let tries = 1; tries < 3 && response.status === 503; tries++) {
    const seconds = Number(response.headers.get('retry-after') ?? 1);
    await sleep(seconds * 1000);
    response = await ask();
  }
  return response;
}
