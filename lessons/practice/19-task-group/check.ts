import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList } from '../frame/verdict.ts';
import type { serveMenu as ServeMenu } from './solution.ts';

export default async function check(serveMenu: typeof ServeMenu): Promise<void> {
  const kitchen = new Kitchen({ slowToStop: true });
  const failing = watched(() => serveMenu([1, 2, 3], kitchen.cook));
  await kitchen.quiet();
  demand(
    sameList(kitchen.inKitchen, [1, 2, 3]),
    'Orders 1, 2 and 3 are in the kitchen at once.',
    `In the kitchen: ${listed(kitchen.inKitchen)}.`,
  );
  await kitchen.burn(1);
  demand(
    sameList(kitchen.aborted, [2, 3]),
    'Orders 2 and 3 are told to stop when order 1 burns.',
    kitchen.aborted.length === 0
      ? 'Orders 2 and 3 were not told to stop.'
      : `Told to stop: ${listed(kitchen.aborted)}.`,
  );
  for (const id of [2, 3]) {
    const waits = failing.state === 'pending';
    demand(
      waits,
      `It waits until order ${id} has ended as well.`,
      `Order ${id} was still in the kitchen. ${told(failing)}`,
    );
    await kitchen.clear(id);
  }
  const isFirst = failing.state === 'rejected' && (failing.value as Error)?.message === 'order 1 burnt';
  demand(isFirst, 'It rejects with the failure that came first, of order 1.', told(failing));

  const good = new Kitchen();
  const menu = watched(() => serveMenu([1, 2, 3], good.cook));
  await good.quiet();
  for (const id of [3, 1, 2]) await good.serve(id);
  demand(
    sameList(menu.value, [1, 2, 3].map(dishOf)),
    'Where nothing burns, the dishes come in their order.',
    told(menu),
  );
  demand(
    good.aborted.length === 0,
    'Where nothing burns, nobody is told to stop.',
    `Told to stop: ${listed(good.aborted)}.`,
  );
}
