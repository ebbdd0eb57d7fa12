import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { limitOf } from '../frame/limit.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, shown } from '../frame/verdict.ts';
import type { serveTables as ServeTables } from './solution.ts';

const TABLES = [
  [1, 2, 3],
  [4, 5],
];
const EXPECTED = TABLES.map((ids) => ids.map(dishOf));

export default async function check(serveTables: typeof ServeTables): Promise<void> {
  for (const places of [2, 1, 3]) {
    const kitchen = new Kitchen();
    const outcome = watched(() => serveTables(TABLES, kitchen.cook, limitOf(places)));
    await kitchen.quiet();
    const { inKitchen } = kitchen;
    demand(
      inKitchen.length > 0,
      'Orders reach the kitchen.',
      outcome.state === 'pending'
        ? 'No order reached the kitchen: every place is held by a table that waits for a place.'
        : `No order reached the kitchen. ${told(outcome)}`,
    );
    const most = `The kitchen has at most ${places} orders, as many as the limit has places.`;
    demand(inKitchen.length <= places, most, `It had ${inKitchen.length} orders.`);
    demand(
      inKitchen.length === places,
      `The kitchen has ${places} orders: no place is left empty.`,
      `It had ${inKitchen.length} orders.`,
    );
    await kitchen.serveAll();
    demand(kitchen.peak <= places, most, `It had ${kitchen.peak} orders.`);
    demand(outcome.state === 'fulfilled', 'It is done when all dishes are ready.', told(outcome));
    const isAll = JSON.stringify(outcome.value) === JSON.stringify(EXPECTED);
    demand(isAll, 'Every table gets its dishes in their order.', `They got ${shown(outcome.value)}.`);
  }
}
