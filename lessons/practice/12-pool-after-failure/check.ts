import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList } from '../frame/verdict.ts';
import type { cookAll as CookAll } from './solution.ts';

const IDS = [1, 2, 3, 4, 5];

export default async function check(cookAll: typeof CookAll): Promise<void> {
  const kitchen = new Kitchen();
  const outcome = watched(() => cookAll(IDS, kitchen.cook, 2));
  await kitchen.quiet();
  demand(
    sameList(kitchen.inKitchen, [1, 2]),
    'Orders 1 and 2 are in the kitchen.',
    `In the kitchen: ${listed(kitchen.inKitchen)}.`,
  );
  await kitchen.burn(1);
  const waitsForOrder2 = outcome.state === 'pending';
  const meanwhile = told(outcome);
  await kitchen.serve(2);
  demand(
    kitchen.started.length === 2,
    'Nothing is started after the failure.',
    `Order ${kitchen.started[2]} was started after order 1 had burnt.`,
  );
  demand(
    waitsForOrder2,
    'It waits for order 2, which is in the kitchen.',
    `Order 2 was still in the kitchen. ${meanwhile}`,
  );
  const isTheFailure = outcome.state === 'rejected' && (outcome.value as Error)?.message === 'order 1 burnt';
  demand(isTheFailure, 'It rejects with the failure of order 1.', told(outcome));

  const good = new Kitchen();
  const dinner = watched(() => cookAll(IDS, good.cook, 2));
  await good.serveAll();
  demand(
    sameList(dinner.value, IDS.map(dishOf)),
    'Where nothing burns, all dishes come in order.',
    told(dinner),
  );
  demand(
    good.peak === 2,
    '2 orders are in the kitchen at once.',
    `${good.peak} orders were in the kitchen at once.`,
  );
}
