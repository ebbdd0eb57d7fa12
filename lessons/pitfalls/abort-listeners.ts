// A listener on a signal that lives long, for instance the one that says "the restaurant closes". Every request adds
// one, none takes it away, and each holds on to all that it closes over. Up to Node 20 a warning said so; now nothing does.
import { addAbortListener, getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { About } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Seen = { listenersLeft: number; warnings: number };

export const about: About<Seen> = {
  title: 'Leave listeners on a long-lived signal',
  symptom: 'After 100 finished requests there are 100 listeners on the signal, and Node does not warn.',
  remedy: 'using with addAbortListener of node:events; { signal } of addEventListener; AbortSignal.any.',
  foundBy: [],
  shows: { wrong: { listenersLeft: 100, warnings: 0 }, right: { listenersLeft: 0, warnings: 0 } },
};

// One line, and nothing fails: the signal just never aborts.
// { once: true } would not help: it takes the listener away after the abort, which is what never happens.
export async function wrong(): Promise<Seen> {
  return listenersAfter(async (id, closing) => {
    const request = new AbortController();
    closing.addEventListener('abort', () => request.abort(closing.reason));
    await fetchOrder(id, request.signal);
  });
}

export async function right(): Promise<Seen> {
  return listenersAfter(async (id, closing) => {
    const request = new AbortController();
    using _ = addAbortListener(closing, () => request.abort(closing.reason));
    await fetchOrder(id, request.signal);
  });
}

async function listenersAfter(serve: (id: number, closing: AbortSignal) => Promise<void>): Promise<Seen> {
  using _ = openRestaurant();
  const { signal } = new AbortController();
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  for (let id = 1; id <= 100; id++) await serve(id, signal);
  await turn(); // a warning comes with the next tick
  process.removeListener('warning', onWarning);
  return { listenersLeft: getEventListeners(signal, 'abort').length, warnings: warnings.length };
}
