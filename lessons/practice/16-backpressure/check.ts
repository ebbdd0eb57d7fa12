import { quietFor } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, shown } from '../frame/verdict.ts';
import type { orders as Orders, Source } from './solution.ts';

/** Pages of two orders each, so many; a page after the last one cannot be fetched if `breaks`. */
function database({ pages, breaks = false }: { pages: number; breaks?: boolean }) {
  const seen = { fetched: 0, closed: 0 };
  const closing = Promise.withResolvers<void>();
  const source: Source = {
    async nextPage() {
      if (seen.closed > 0) throw new Error('the source is closed');
      if (seen.fetched === pages && breaks) throw new Error('connection lost');
      if (seen.fetched === pages) return undefined;
      seen.fetched++;
      return [2 * seen.fetched - 1, 2 * seen.fetched];
    },
    close() {
      seen.closed++;
      return closing.promise;
    },
  };
  return { source, seen, closing, quiet: () => quietFor(() => seen.fetched + seen.closed) };
}

export default async function check(orders: typeof Orders): Promise<void> {
  const { source, seen, closing, quiet } = database({ pages: 3 });
  const made = orders(source) as unknown;
  const isGenerator =
    typeof made === 'object' && made !== null && Symbol.asyncIterator in made && 'next' in made;
  demand(isGenerator, 'orders is an async generator.', `It returned ${shown(made)}.`);
  const iterator = made as AsyncGenerator<number>;
  await quiet();
  demand(seen.fetched === 0, 'Nothing is fetched before anybody asks.', `It fetched ${seen.fetched} pages.`);
  for (let id = 1; id <= 6; id++) {
    const answer = watched(() => iterator.next());
    await quiet();
    const page = Math.ceil(id / 2);
    demand(
      seen.fetched <= page,
      `For order ${id} it takes ${page} of the pages.`,
      id === 1
        ? `It fetched ${seen.fetched} pages before the consumer had taken the first order.`
        : `It had fetched ${seen.fetched} pages when the consumer took order ${id}.`,
    );
    demand(
      seen.closed === 0,
      'The source is open while orders are left.',
      `It was closed before order ${id} was taken.`,
    );
    const { done, value } = (answer.value ?? {}) as Partial<IteratorResult<number>>;
    demand(
      answer.state === 'fulfilled' && !done && value === id,
      `The consumer gets order ${id}.`,
      told(answer),
    );
  }
  const end = watched(() => iterator.next());
  await quiet();
  demand(
    end.state === 'pending',
    'The consumer waits until the source is closed.',
    `It was still being closed. ${told(end)}`,
  );
  closing.resolve();
  await quiet();
  demand(
    (end.value as IteratorResult<number>)?.done === true,
    'After the last page the orders end.',
    told(end),
  );
  demand(seen.closed === 1, 'The source is closed once at the end.', `It was closed ${seen.closed} times.`);

  const left = database({ pages: 3 });
  const leaving = orders(left.source);
  watched(() => leaving.next());
  await left.quiet();
  watched(() => leaving.return(undefined));
  await left.quiet();
  demand(
    left.seen.closed === 1,
    'The source is closed when the consumer leaves after the first order.',
    `It was closed ${left.seen.closed} times.`,
  );

  const torn = database({ pages: 0, breaks: true });
  torn.closing.resolve();
  const failing = watched(() => orders(torn.source).next());
  await torn.quiet();
  demand(failing.state === 'rejected', 'The consumer hears that a page could not be fetched.', told(failing));
  demand(
    torn.seen.closed === 1,
    'The source is closed after a failure.',
    `It was closed ${torn.seen.closed} times.`,
  );
}
