// Promise.all tells of the first error only. Many pages say that a second one crashes the process as an unhandled
// rejection. It does not: Promise.all has handled every promise that it was given. It is worse, the error is lost.
import { setImmediate as turn } from 'node:timers/promises';
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';

export const about: About<Ended> = {
  title: 'Expect Promise.all to tell all errors',
  symptom:
    'Two cards are declined and one is reported; the process ends with 0 and says nothing of the other.',
  remedy: 'Promise.allSettled, and throw what failed together as one AggregateError.',
  foundBy: [],
  shows: {
    wrong: {
      printed: ['table 3 pays', 'caught: table 3 declined', 'table 7 pays'],
      exitCode: 0,
      complaint: '',
    },
    right: {
      printed: ['table 3 pays', 'table 7 pays', 'caught: table 3 declined, table 7 declined'],
      exitCode: 0,
      complaint: '',
    },
  },
};

// One try, one error: so it is everywhere else.
export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong' }, async () => {
    try {
      await Promise.all([pay(3), pay(7)]);
    } catch (error) {
      console.log(`caught: ${(error as Error).message}`);
    }
  });
}

export async function right(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'right' }, async () => {
    try {
      const outcomes = await Promise.allSettled([pay(3), pay(7)]);
      const reasons = outcomes
        .filter((outcome) => outcome.status === 'rejected')
        .map(({ reason }) => reason as Error);
      if (reasons.length > 0)
        throw new AggregateError(reasons, reasons.map(({ message }) => message).join(', '));
    } catch (error) {
      console.log(`caught: ${(error as Error).message}`);
    }
  });
}

/** The cards are read one after the other, each in a turn of its own, and each is declined. */
async function pay(table: number): Promise<void> {
  await turn();
  console.log(`table ${table} pays`);
  throw new Error(`table ${table} declined`);
}
