import { quietFor } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, sameList, shown } from '../frame/verdict.ts';
import type { priceAll as PriceAll } from './solution.ts';

const IDS = [1, 2, 3, 4, 5, 6, 7];
const priceOf = (id: number) => id * 100;

export default async function check(priceAll: typeof PriceAll): Promise<void> {
  for (const [size, expected] of [
    [3, [[1, 2, 3], [4, 5, 6], [7]]],
    [7, [IDS]],
    [10, [IDS]],
  ] as const) {
    const messages: Array<{ batch: number[]; answer: (prices: number[]) => void }> = [];
    const send = (batch: number[]) => {
      const { promise, resolve } = Promise.withResolvers<number[]>();
      messages.push({ batch, answer: resolve });
      return promise;
    };
    const outcome = watched(() => priceAll(IDS, { batchSize: size, send }));
    await quietFor(() => messages.length);
    const count = messages.length;
    demand(
      count === expected.length,
      `7 ids in batches of ${size} are ${expected.length} messages, sent at once.`,
      `It sent ${count} ${count === 1 ? 'message' : 'messages'}.`,
    );
    const batches = messages.map(({ batch }) => batch);
    demand(
      JSON.stringify(batches) === JSON.stringify(expected),
      `The messages are ${JSON.stringify(expected)}.`,
      `They were ${shown(batches)}.`,
    );
    // The last message is answered first.
    for (const { batch, answer } of messages.toReversed()) {
      demand(outcome.state === 'pending', 'It waits for all answers.', told(outcome));
      answer(batch.map(priceOf));
      await quietFor(() => messages.length);
    }
    demand(outcome.state === 'fulfilled', 'It is done when all answers are there.', told(outcome));
    demand(
      sameList(outcome.value, IDS.map(priceOf)),
      'The prices come in the order of the ids.',
      told(outcome),
    );
  }
  const failing = watched(() =>
    priceAll([1, 2], { batchSize: 1, send: () => Promise.reject(new Error('the thread died')) }),
  );
  await quietFor(() => 0);
  demand(failing.state === 'rejected', 'The caller hears that a thread died.', told(failing));
}
