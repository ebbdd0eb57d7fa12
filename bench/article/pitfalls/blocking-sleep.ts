// The article's first pitfall in JavaScript: a sleep that blocks, in an async function. Another one counts the turns that it
// gets meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, receiveSettings } from '../answering.ts';
import type { PitfallSettings, SleepAnswer } from './settings.ts';

const { isWrong, sleepMs } = await receiveSettings<PitfallSettings>();

async function badPractice(): Promise<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
}

async function goodPractice(): Promise<void> {
  await sleep(sleepMs);
}

let turns = 0;
const firstTurn = Promise.withResolvers<void>();
setInterval(() => {
  turns += 1;
  firstTurn.resolve();
}, 1);

await firstTurn.promise;
const turnsBefore = turns;
await (isWrong ? badPractice() : goodPractice());
answer({ turnsOfOther: turns - turnsBefore } satisfies SleepAnswer);
