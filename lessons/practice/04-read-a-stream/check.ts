import { Readable } from 'node:stream';
import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList } from '../frame/verdict.ts';
import type { serveStream as ServeStream } from './solution.ts';

/** A stream keeps a few items ready, whoever reads it. */
const READ_AHEAD = 3;

/** The numbers from 1 to `last`; and how many were drawn. */
function ordersTo(last: number) {
  const source = { drawn: 0 };
  function* ids() {
    while (source.drawn < last) yield ++source.drawn;
  }
  return { source, stream: Readable.from(ids(), { highWaterMark: 1 }) };
}

export default async function check(serveStream: typeof ServeStream): Promise<void> {
  const kitchen = new Kitchen();
  const table: string[] = [];
  const { stream, source } = ordersTo(5);
  const outcome = watched(() => serveStream(stream, kitchen.cook, table));
  await kitchen.quiet();
  for (let id = 1; id <= 5; id++) {
    demand(
      kitchen.started.includes(id),
      `Order ${id} is in the kitchen.`,
      `Started: ${listed(kitchen.started)}.`,
    );
    demand(
      !kitchen.started.includes(id + 1),
      'An order is taken when the dish before it is on the table.',
      `It took order ${id + 1} before order ${id} was ready.`,
    );
    demand(
      source.drawn <= id + READ_AHEAD,
      'The stream is read as fast as the dishes are ready.',
      `It had read ${source.drawn} orders before order ${id} was ready.`,
    );
    demand(
      outcome.state === 'pending',
      'The caller waits for the last dish.',
      `Order ${id} was not ready. ${told(outcome)}`,
    );
    await kitchen.serve(id);
  }
  demand(outcome.state === 'fulfilled', 'The caller goes on after the last dish.', told(outcome));
  demand(
    sameList(table, [1, 2, 3, 4, 5].map(dishOf)),
    'The table gets all dishes.',
    `The table got ${listed(table)}.`,
  );

  const other = new Kitchen();
  const endless = ordersTo(Infinity).stream;
  const failing = watched(() => serveStream(endless, other.cook, []));
  await other.quiet();
  await other.burn(1);
  demand(failing.state === 'rejected', 'The caller hears that order 1 burnt.', told(failing));
  demand(
    endless.destroyed,
    'The stream is closed after the failure.',
    'The stream was still open after the failure.',
  );
}
