// The article's second pitfall in JavaScript: calls of an async function, without await or with it.
import { answerSettings } from '../runtimes/answer.ts';
import type { CallAnswer, PitfallSettings } from './settings.ts';

async function fetchOrder(origin: string, id: number): Promise<string> {
  const response = await fetch(`${origin}/orders/${id}`);
  return response.text();
}

answerSettings(async (settings): Promise<CallAnswer> => {
  const { isWrong, origin, calls } = settings as PitfallSettings;
  let answers = 0;
  for (let id = 1; id <= calls; id++) {
    const result = isWrong ? fetchOrder(origin, id) : await fetchOrder(origin, id);
    if (typeof result === 'string') answers += 1;
  }
  // The last one is awaited. So all that was started before has had the time to reach the API.
  await fetchOrder(origin, calls + 1);
  return { answers };
});
