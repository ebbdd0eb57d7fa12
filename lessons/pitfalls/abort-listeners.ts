// Listeners on a signal that lives long, for instance the one that says "the restaurant closes". Every request adds one
// and none removes it. Each listener keeps alive everything it uses. That is a memory leak. Up to Node 20 a warning said
// so. Newer versions do not warn.
import { addAbortListener, getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

// It looks right because nothing fails. The signal just never aborts.
// { once: true } would not help: it removes the listener after the abort.
export async function wrong(id: number, closing: AbortSignal): Promise<void> {
  const request = new AbortController();
  closing.addEventListener('abort', () => request.abort(closing.reason));
  await fetchOrder(id, request.signal);
}

// `using` removes the listener when the function ends.
export async function right(id: number, closing: AbortSignal): Promise<void> {
  const request = new AbortController();
  using _ = addAbortListener(closing, () => request.abort(closing.reason));
  await fetchOrder(id, request.signal);
}

export const pitfall = pitfallOf({
  about: {
    title: 'Leave listeners on a long-lived signal',
    symptom:
      'After 100 finished requests there are 100 listeners on the signal. That is a memory leak, and Node does not warn of it.',
    remedy:
      'Use addAbortListener of node:events with `using`. The option { signal } of addEventListener and AbortSignal.any work too.',
    foundBy: [],
    shows: { wrong: { listenersLeft: 100, warnings: 0 }, right: { listenersLeft: 0, warnings: 0 } },
  },
  wrong,
  right,
  show: listenersAfter100Requests,
});

async function listenersAfter100Requests(version: (id: number, closing: AbortSignal) => Promise<void>) {
  using _ = openRestaurant();
  const { signal } = new AbortController();
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  for (let id = 1; id <= 100; id++) await version(id, signal);
  await turn(); // a warning would come with the next tick
  process.removeListener('warning', onWarning);
  return { listenersLeft: getEventListeners(signal, 'abort').length, warnings: warnings.length };
}
