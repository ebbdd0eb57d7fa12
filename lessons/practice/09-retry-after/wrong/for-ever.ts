// Seen: It asked 3600 times.
import { setTimeout as sleep } from 'node:timers/promises';

export async function askAgain(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const response = await ask();
    if (response.status !== 503) return response;
    await sleep(Number(response.headers.get('retry-after')) * 1000);
  }
}
