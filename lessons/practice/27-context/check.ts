import { AsyncLocalStorage } from 'node:async_hooks';
import { demand, listed, sameList, shown } from '../frame/verdict.ts';
import type { openQueue as OpenQueue, Queue } from './solution.ts';

const table = new AsyncLocalStorage<number>();
const whoIsIt = (): string => {
  const number = table.getStore();
  return number === undefined ? 'nobody' : `table ${number}`;
};

export default async function check(openQueue: typeof OpenQueue): Promise<void> {
  // It is opened at a table as well: that must not matter to those who come later.
  const opened = table.run(1, () => openQueue()) as Partial<Queue> | undefined;
  const isQueue = typeof opened?.add === 'function' && typeof opened.work === 'function';
  demand(isQueue, 'openQueue returns a queue with add and work.', `It returned ${shown(opened)}.`);
  const queue = opened as Queue;
  const seen: string[] = [];
  const order: string[] = [];
  const handIn = (number: number): void =>
    table.run(number, () =>
      queue.add(() => {
        seen.push(whoIsIt());
        order.push(`order of table ${number}`);
      }),
    );

  for (const number of [3, 7]) handIn(number);
  demand(order.length === 0, 'A callback waits until the cook works.', 'It was called by add.');
  queue.work();
  const orders = ['order of table 3', 'order of table 7'];
  demand(
    sameList(order, orders),
    'The callbacks are called in their order, each once.',
    `It called: ${listed(order)}.`,
  );
  const tables = ['table 3', 'table 7'];
  demand(sameList(seen, tables), 'Each callback knows its table.', `They worked for ${listed(seen)}.`);

  // Now the cook helps out at table 9.
  seen.length = 0;
  for (const number of [3, 7]) handIn(number);
  const whoWorks = table.run(9, () => {
    queue.work();
    return whoIsIt();
  });
  demand(sameList(seen, tables), 'It does not matter who works.', `They worked for ${listed(seen)}.`);
  demand(
    whoWorks === 'table 9',
    'The cook stays at their own table.',
    `The cook was at ${whoWorks} afterwards.`,
  );
  seen.length = 0;
  queue.work();
  demand(seen.length === 0, 'Each callback is called once.', `It called ${seen.length} of them again.`);

  // To be at no table is a context too.
  queue.add(() => seen.push(whoIsIt()));
  table.run(9, () => queue.work());
  demand(
    sameList(seen, ['nobody']),
    'A callback that was added outside any table runs outside any table.',
    `It worked for ${listed(seen)}.`,
  );
}
