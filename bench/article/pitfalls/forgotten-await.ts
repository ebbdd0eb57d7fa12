// The article's second pitfall in JavaScript: calls of an async function, without await or with it.
import { answer, receiveSettings } from '../answering.ts';
import type { CallAnswer, PitfallSettings } from './settings.ts';

const { isWrong, origin, calls } = await receiveSettings<PitfallSettings>();

async function fetchOrder(id: number): Promise<string> {
  const response = await fetch(`${origin}/orders/${id}`);
  return response.text();
}

let answers = 0;
for (let id = 1; id <= calls; id++) {
  const result = isWrong ? fetchOrder(id) : await fetchOrder(id);
  if (typeof result === 'string') answers += 1;
}
// The last one is awaited. So all that was started before has had the time to reach the API.
await fetchOrder(calls + 1);
answer({ answers } satisfies CallAnswer);
