// The article's first pitfall in JavaScript: a blocking sleep in an async function. A timer counts the turns that it gets
// meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import { answerSettings } from '../runtimes/answer.ts';
import type { PitfallSettings, SleepAnswer } from './settings.ts';

async function badPractice(ms: number): Promise<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function goodPractice(ms: number): Promise<void> {
  await sleep(ms);
}

let turns = 0;
const firstTurn = Promise.withResolvers<void>();
setInterval(() => {
  turns += 1;
  firstTurn.resolve();
}, 1);

answerSettings(async (settings): Promise<SleepAnswer> => {
  const { isWrong, sleepMs } = settings as PitfallSettings;
  await firstTurn.promise;
  const turnsBefore = turns;
  await (isWrong ? badPractice : goodPractice)(sleepMs);
  return { turnsOfOther: turns - turnsBefore };
});
