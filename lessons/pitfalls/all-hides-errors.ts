// Promise.all reports the first error only. Many pages say that a second error is an unhandled rejection and ends the
// process. That is not so: Promise.all has handled every promise that it was given. The second error is simply lost.
import { setImmediate as turn } from 'node:timers/promises';
import { pitfallInOwnProcess } from './frame/own-process.ts';

// It looks right because everywhere else one try has at most one error.
export async function wrong(): Promise<void> {
  try {
    await Promise.all([pay(3), pay(7)]);
  } catch (error) {
    console.log(`caught: ${(error as Error).message}`);
  }
}

// allSettled waits for all and keeps every error.
export async function right(): Promise<void> {
  const outcomes = await Promise.allSettled([pay(3), pay(7)]);
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    console.log(`caught: ${(outcome.reason as Error).message}`);
  }
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Expect Promise.all to report all errors',
    symptom:
      'Two cards are declined and one error is caught. The process ends with exit code 0 and never mentions the other.',
    remedy:
      'Use Promise.allSettled and look at every outcome. To throw all errors together, put them into one AggregateError.',
    foundBy: ['awaiting abandoned'],
    shows: {
      wrong: {
        printed: ['table 3 pays', 'caught: table 3 declined', 'table 7 pays'],
        exitCode: 0,
        stderr: '',
      },
      right: {
        printed: ['table 3 pays', 'table 7 pays', 'caught: table 3 declined', 'caught: table 7 declined'],
        exitCode: 0,
        stderr: '',
      },
    },
  },
  wrong,
  right,
  scene: (version) => version(),
});

/** The cards are read one after the other, each in its own turn of the event loop. Each is declined. */
async function pay(table: number): Promise<void> {
  await turn();
  console.log(`table ${table} pays`);
  throw new Error(`table ${table} declined`);
}
