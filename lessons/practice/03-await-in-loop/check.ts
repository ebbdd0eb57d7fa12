import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList, shown } from '../frame/verdict.ts';
import type { dinner as Dinner } from './solution.ts';

const IDS = [1, 2, 3];

export default async function check(dinner: typeof Dinner): Promise<void> {
  const kitchen = new Kitchen();
  const outcome = watched(() => dinner(IDS, kitchen.cook));
  await kitchen.quiet();
  const { inKitchen } = kitchen;
  demand(inKitchen.length > 0, 'All orders are in the kitchen at once.', 'No order was in the kitchen.');
  demand(
    sameList(inKitchen, IDS),
    `Orders ${listed(IDS)} are in the kitchen at once.`,
    `Only order ${listed(inKitchen)} was in the kitchen.`,
  );
  for (const id of [3, 1]) await kitchen.serve(id);
  demand(outcome.state === 'pending', 'The caller waits for order 2 as well.', told(outcome));
  await kitchen.serve(2);
  demand(outcome.state === 'fulfilled', 'The caller goes on when all dishes are ready.', told(outcome));
  demand(
    sameList(outcome.value, IDS.map(dishOf)),
    'The dishes come in the order of the ids.',
    `They came as ${shown(outcome.value)}.`,
  );

  const other = new Kitchen();
  const failing = watched(() => dinner(IDS, other.cook));
  await other.quiet();
  await other.burn(2);
  demand(failing.state === 'rejected', 'The caller hears at once that order 2 burnt.', told(failing));
  for (const id of other.inKitchen) await other.serve(id);
}
