// The only check that uses the mocked API itself, because here fetch is what the exercise is about. A gate
// holds every request.
import { setImmediate as turn } from 'node:timers/promises';
import { INSTANT } from '../../../src/api/conditions.ts';
import { Gate } from '../../../src/api/gate.ts';
import { Counters } from '../../../src/api/counters.ts';
import { intercept } from '../../../src/api/intercept.ts';
import { ORIGIN } from '../../../src/api/origin.ts';
import { quietFor } from '../frame/kitchen.ts';
import { told, watched, type Outcome } from '../frame/outcome.ts';
import { demand, shown } from '../frame/verdict.ts';
import type { loadOrders as LoadOrders, Order } from './solution.ts';

/** The first request of a process loads the client, which takes some turns of the event loop more than any later one. */
const MANY_TURNS = 5000;

async function until(holds: () => boolean): Promise<void> {
  for (let count = 0; count < MANY_TURNS && !holds(); count++) await turn();
}

export default async function check(loadOrders: typeof LoadOrders): Promise<void> {
  const gate = new Gate();
  const counters = new Counters();
  using _ = intercept({ conditions: INSTANT, counters, gate });
  const news = () => counters.read().started + counters.read().completed + counters.read().aborted;
  const settled = (outcome: Outcome) => until(() => outcome.state !== 'pending');

  const calm = new AbortController();
  const outcome = watched(() => loadOrders(ORIGIN, [1, 2, 3], calm.signal));
  await until(() => gate.held === 3 || outcome.state !== 'pending');
  demand(gate.held === 3, 'The API has 3 requests at once.', `It had ${gate.held}. ${told(outcome)}`);
  gate.letGo();
  await settled(outcome);
  demand(outcome.state === 'fulfilled', 'It fulfils when the orders are there.', told(outcome));
  const ids = Array.isArray(outcome.value)
    ? (outcome.value as Order[]).map((order) => order?.id)
    : outcome.value;
  demand(shown(ids) === '[1,2,3]', 'It fulfils with orders 1, 2 and 3.', `It fulfilled with ${shown(ids)}.`);

  counters.reset();
  const stop = new AbortController();
  const stopped = watched(() => loadOrders(ORIGIN, [4, 5], stop.signal));
  await until(() => gate.held === 2 || stopped.state !== 'pending');
  demand(gate.held === 2, 'The API has 2 requests at once.', `It had ${gate.held}. ${told(stopped)}`);
  const reason = new Error('the page was closed');
  stop.abort(reason);
  await quietFor(news);
  const { inFlight } = counters.read();
  demand(
    inFlight === 0,
    'Every request ends at the abort.',
    `The API was still busy with ${inFlight} requests after the abort.`,
  );
  await settled(stopped);
  const isTheReason = stopped.state === 'rejected' && stopped.value === reason;
  demand(isTheReason, "It rejects with the signal's reason.", told(stopped));

  counters.reset();
  const refused = watched(() => loadOrders(ORIGIN, [6], AbortSignal.abort(reason)));
  await quietFor(news);
  demand(counters.read().started === 0, 'With an aborted signal nothing is asked for.', 'It sent a request.');
  demand(refused.state === 'rejected', 'With an aborted signal it rejects.', told(refused));
}
