import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList, shown } from '../frame/verdict.ts';
import type { cookAll as CookAll } from './solution.ts';

const STOVES = 3;
const IDS = [1, 2, 3, 4, 5, 6, 7];

export default async function check(cookAll: typeof CookAll): Promise<void> {
  const kitchen = new Kitchen();
  const outcome = watched(() => cookAll(IDS, kitchen.cook, STOVES));
  await kitchen.quiet();
  const inKitchen = () => kitchen.inKitchen.length;
  demand(
    inKitchen() <= STOVES,
    `At most ${STOVES} orders are in the kitchen.`,
    `${inKitchen()} orders were in the kitchen.`,
  );
  demand(
    inKitchen() === STOVES,
    `${STOVES} orders are in the kitchen.`,
    `${inKitchen()} orders were in the kitchen.`,
  );
  // Order 1 is slow. A program that waits for it before it goes on has cold stoves.
  for (const id of [2, 4, 3]) {
    demand(
      kitchen.inKitchen.includes(id),
      `Order ${id} is in the kitchen.`,
      `In the kitchen: ${listed(kitchen.inKitchen)}.`,
    );
    await kitchen.serve(id);
    demand(
      inKitchen() === STOVES,
      'A stove that is free gets the next order.',
      inKitchen() < STOVES
        ? `Order ${id} was done, but nobody took the next order: ${inKitchen()} orders were in the kitchen.`
        : `${inKitchen()} orders were in the kitchen.`,
    );
  }
  for (const id of [6, 7, 5]) await kitchen.serve(id);
  demand(outcome.state === 'pending', 'It waits for order 1.', told(outcome));
  await kitchen.serve(1);
  demand(outcome.state === 'fulfilled', 'It is done when all dishes are ready.', told(outcome));
  demand(
    sameList(outcome.value, IDS.map(dishOf)),
    'The dishes come in the order of the ids.',
    `They came as ${shown(outcome.value)}.`,
  );
  demand(
    kitchen.started.length === IDS.length,
    'Every order is cooked once.',
    `Cooked: ${listed(kitchen.started)}.`,
  );

  const few = new Kitchen();
  const small = watched(() => cookAll([1], few.cook, STOVES));
  await few.serveAll();
  demand(sameList(small.value, [dishOf(1)]), 'One order gives one dish.', told(small));

  const other = new Kitchen();
  const failing = watched(() => cookAll([1, 2, 3], other.cook, STOVES));
  await other.quiet();
  await other.burn(2);
  await other.serveAll();
  demand(failing.state === 'rejected', 'The caller hears that order 2 burnt.', told(failing));
}
