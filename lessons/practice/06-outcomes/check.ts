import { Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList, shown } from '../frame/verdict.ts';
import type { inspect as Inspect, Report } from './solution.ts';

const IDS = [1, 2, 3, 4];

export default async function check(inspect: typeof Inspect): Promise<void> {
  const kitchen = new Kitchen();
  const outcome = watched(() => inspect(IDS, kitchen.cook));
  await kitchen.quiet();
  demand(
    sameList(kitchen.inKitchen, IDS),
    `Orders ${listed(IDS)} are in the kitchen at once.`,
    `In the kitchen: ${listed(kitchen.inKitchen)}.`,
  );
  await kitchen.serve(3);
  await kitchen.burn(2);
  demand(
    outcome.state !== 'rejected',
    'A burnt order is noted, and does not end the inspection.',
    told(outcome),
  );
  demand(outcome.state === 'pending', 'It waits for orders 1 and 4.', told(outcome));
  await kitchen.burn(4);
  await kitchen.serve(1);
  demand(outcome.state === 'fulfilled', 'It is done when every order is ready or burnt.', told(outcome));
  const { served, burnt } = (outcome.value ?? {}) as Partial<Report>;
  demand(sameList(served, [1, 3]), 'Served: 1 and 3.', `Served: ${shown(served)}.`);
  demand(sameList(burnt, [2, 4]), 'Burnt: 2 and 4.', `Burnt: ${shown(burnt)}.`);
}
