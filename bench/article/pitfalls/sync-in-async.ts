// The article's third pitfall in JavaScript: a synchronous call in each of many async functions, which Promise.all starts
// together.
import { synchronously } from '../../../src/running/synchronously.ts';
import { answerSettings } from '../runtimes/answer.ts';
import type { CallAnswer, PitfallSettings } from './settings.ts';

answerSettings(async (settings): Promise<CallAnswer> => {
  const { isWrong, origin, calls } = settings as PitfallSettings;
  await using helper = synchronously<string, string>(new URL('./fetch-text.ts', import.meta.url));
  const fetchSynchronously = async (url: string) => helper.call(url);
  const fetchText = async (url: string) => (await fetch(url)).text();

  const urls = Array.from({ length: calls }, (_, index) => `${origin}/orders/${index + 1}`);
  const bodies = await Promise.all(urls.map(isWrong ? fetchSynchronously : fetchText));
  return { answers: bodies.length };
});
