import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList } from '../frame/verdict.ts';
import type { bring as Bring } from './solution.ts';

export default async function check(bring: typeof Bring): Promise<void> {
  const kitchen = new Kitchen();
  const table: string[] = [];
  const outcome = watched(() => bring(1, kitchen.cook, table));
  await kitchen.quiet();
  demand(kitchen.started.length === 1, 'The kitchen gets one order.', `It got ${kitchen.started.length}.`);
  demand(
    table.length === 0,
    'The table gets nothing before the dish is ready.',
    `The table got ${listed(table)} before the dish was ready.`,
  );
  demand(
    outcome.state === 'pending',
    'The caller waits until the dish is on the table.',
    `The caller did not wait: ${told(outcome)}`,
  );
  await kitchen.serve(1);
  demand(sameList(table, [dishOf(1)]), `The table gets ${dishOf(1)}.`, `The table got ${listed(table)}.`);
  demand(outcome.state === 'fulfilled', 'The caller goes on when the dish is on the table.', told(outcome));

  const failing = watched(() => bring(2, kitchen.cook, table));
  await kitchen.quiet();
  await kitchen.burn(2);
  demand(failing.state === 'rejected', 'The caller hears that order 2 burnt.', told(failing));
  demand(
    table.length === 1,
    'Nothing is put on the table for a burnt order.',
    `The table got ${listed(table)}.`,
  );
}
