import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList, shown } from '../frame/verdict.ts';
import type { Counter, openCounter as OpenCounter } from './solution.ts';

export default async function check(openCounter: typeof OpenCounter): Promise<void> {
  const kitchen = new Kitchen();
  const returned: unknown = openCounter(kitchen.cook);
  const isCounter =
    typeof returned === 'object' && returned !== null && 'order' in returned && 'close' in returned;
  demand(isCounter, 'openCounter returns an object with order and close.', `It returned ${shown(returned)}.`);
  const counter = returned as Counter;
  const guests = [1, 2, 3].map((id) => watched(() => counter.order(id)));
  await kitchen.quiet();
  demand(
    sameList(kitchen.inKitchen, [1, 2, 3]),
    'Orders 1, 2 and 3 are in the kitchen.',
    `In the kitchen: ${listed(kitchen.inKitchen)}.`,
  );
  await kitchen.serve(3);
  const closings = [watched(() => counter.close()), watched(() => counter.close())];
  await kitchen.quiet();
  demand(
    kitchen.aborted.length === 0,
    'What is in the kitchen is not stopped.',
    `Stopped: ${listed(kitchen.aborted)}.`,
  );

  const late = watched(() => counter.order(4));
  await kitchen.quiet();
  demand(kitchen.started.length === 3, 'After the close nothing is cooked.', 'Order 4 reached the kitchen.');
  demand(late.state === 'rejected', 'After the close an order is refused.', told(late));

  for (const id of [1, 2]) {
    for (const closing of closings) {
      demand(
        closing.state === 'pending',
        `It is closed when order ${id} has ended.`,
        closing.state === 'fulfilled'
          ? `It said that it was closed while order ${id} was in the kitchen.`
          : `Closing failed. ${told(closing)}`,
      );
    }
    if (id === 1) await kitchen.burn(1);
    else await kitchen.serve(2);
  }
  for (const closing of closings) {
    demand(
      closing.state === 'fulfilled',
      'It is closed when the last order has ended.',
      `Closing: ${told(closing)}`,
    );
  }
  demand(guests[0]!.state === 'rejected', 'The guest of order 1 hears that it burnt.', told(guests[0]!));
  for (const id of [2, 3]) {
    demand(
      guests[id - 1]!.value === dishOf(id),
      `The guest of order ${id} gets the dish.`,
      told(guests[id - 1]!),
    );
  }

  const empty = watched(() => openCounter(kitchen.cook).close());
  await kitchen.quiet();
  demand(empty.state === 'fulfilled', 'A counter without orders closes at once.', told(empty));
}
