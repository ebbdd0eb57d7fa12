import { EventEmitter } from 'node:events';
import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { demand, listed, sameList, shown } from '../frame/verdict.ts';
import type { listen as Listen } from './solution.ts';

export default async function check(listen: typeof Listen): Promise<void> {
  const kitchen = new Kitchen();
  const orders = new EventEmitter();
  const table: string[] = [];
  const failures: unknown[] = [];
  try {
    listen(orders, kitchen.cook, table, (error) => failures.push(error));
  } catch (error) {
    demand(false, 'listen returns after it has added its listener.', `It threw ${shown(error)}.`);
  }
  orders.emit('order', 1);
  orders.emit('order', 2);
  await kitchen.quiet();
  demand(
    sameList(kitchen.inKitchen, [1, 2]),
    'Orders 1 and 2 are in the kitchen at once.',
    `In the kitchen: ${listed(kitchen.inKitchen)}.`,
  );
  await kitchen.burn(1);
  demand(failures.length > 0, 'onFailure hears that order 1 burnt.', 'It heard of no failure.');
  demand(
    failures.length === 1 && (failures[0] as Error)?.message === 'order 1 burnt',
    'onFailure gets the error of order 1, once.',
    `It got ${listed(failures.map(shown))}.`,
  );
  orders.emit('order', 3);
  await kitchen.quiet();
  demand(
    kitchen.inKitchen.includes(3),
    'Order 3 is cooked after the failure.',
    'Order 3 did not reach the kitchen.',
  );
  await kitchen.serve(3);
  await kitchen.serve(2);
  const expected = [3, 2].map(dishOf);
  demand(sameList(table, expected), `The table gets ${listed(expected)}.`, `It got ${listed(table)}.`);
  demand(failures.length === 1, 'There is one failure.', `onFailure was called ${failures.length} times.`);
}
