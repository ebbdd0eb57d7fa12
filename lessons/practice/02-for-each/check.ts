import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList } from '../frame/verdict.ts';
import type { serveAll as ServeAll } from './solution.ts';

const IDS = [1, 2, 3];

export default async function check(serveAll: typeof ServeAll): Promise<void> {
  const kitchen = new Kitchen();
  const table: string[] = [];
  const outcome = watched(() => serveAll(IDS, kitchen.cook, table));
  await kitchen.quiet();
  for (const id of IDS) {
    const tooEarly = kitchen.started.find((other) => other > id);
    demand(
      tooEarly === undefined,
      'An order is started when the one before it is ready.',
      `Order ${tooEarly} was started before order ${id} was ready.`,
    );
    demand(
      sameList(kitchen.inKitchen, [id]),
      `Order ${id} is in the kitchen, and no other.`,
      `In the kitchen: ${listed(kitchen.inKitchen)}.`,
    );
    demand(
      outcome.state === 'pending',
      'The caller waits for the last dish.',
      `Order ${id} was not ready. ${told(outcome)}`,
    );
    await kitchen.serve(id);
  }
  demand(outcome.state === 'fulfilled', 'The caller goes on when the last dish is ready.', told(outcome));
  demand(
    sameList(table, IDS.map(dishOf)),
    'The table gets all dishes in their order.',
    `The table got ${listed(table)}.`,
  );
  demand(outcome.value === IDS.length, `It fulfils with the number of dishes, ${IDS.length}.`, told(outcome));

  const other = new Kitchen();
  const failing = watched(() => serveAll(IDS, other.cook, []));
  await other.quiet();
  await other.burn(1);
  demand(
    other.started.length === 1,
    'Nothing is started after order 1 has burnt.',
    `Started: ${listed(other.started)}.`,
  );
  demand(failing.state === 'rejected', 'The caller hears that order 1 burnt.', told(failing));
}
