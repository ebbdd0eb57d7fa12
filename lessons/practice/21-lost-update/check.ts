import { Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList } from '../frame/verdict.ts';
import type { bill as Bill } from './solution.ts';

const IDS = [1, 2, 3];

export default async function check(bill: typeof Bill): Promise<void> {
  for (const order of [
    [1, 2, 3],
    [2, 3, 1],
  ]) {
    const kitchen = new Kitchen();
    const priceOf = async (id: number) => {
      await kitchen.cook(id);
      return id * 10;
    };
    const outcome = watched(() => bill(IDS, priceOf));
    await kitchen.quiet();
    demand(
      sameList(kitchen.inKitchen, IDS),
      'All prices are asked for at once.',
      `Asked for at once: ${listed(kitchen.inKitchen)}.`,
    );
    for (const id of order) {
      demand(outcome.state === 'pending', `It waits for the price of order ${id}.`, told(outcome));
      await kitchen.serve(id);
    }
    demand(outcome.state === 'fulfilled', 'It is done when the last price is there.', told(outcome));
    demand(outcome.value === 60, 'Prices of 10, 20 and 30 make 60.', told(outcome));
  }
  const other = new Kitchen();
  const failing = watched(() => bill([1, 2], async (id) => Number(await other.cook(id))));
  await other.quiet();
  await other.burn(1);
  await other.serveAll();
  demand(failing.state === 'rejected', 'The caller hears that a price could not be had.', told(failing));
}
