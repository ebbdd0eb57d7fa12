import { quietFor } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, shown } from '../frame/verdict.ts';
import type { Request, send as Send } from './solution.ts';

/** A line to the bank that fails so often before it works. It notes what was sent. */
function line(failures: number) {
  const sent: Request[] = [];
  const transmit = async (request: Request): Promise<string> => {
    sent.push(request);
    if (sent.length <= failures) throw new Error(`connection lost, try ${sent.length}`);
    return 'receipt';
  };
  return { sent, transmit, quiet: () => quietFor(() => sent.length) };
}

const PAYMENT: Request = { method: 'POST', path: '/payments' };
const SAFE: ReadonlyArray<readonly [what: string, request: Request]> = [
  ['A GET', { method: 'GET', path: '/menu' }],
  ['A payment with a key', { ...PAYMENT, idempotencyKey: 'table-7-evening' }],
];

export default async function check(send: typeof Send): Promise<void> {
  const once = line(5);
  const refused = watched(() => send(PAYMENT, once.transmit));
  await once.quiet();
  demand(
    once.sent.length === 1,
    'A payment without a key is sent once.',
    `The payment without a key was sent ${once.sent.length} times.`,
  );
  demand(refused.state === 'rejected', 'The caller hears that the payment failed.', told(refused));

  for (const [what, request] of SAFE) {
    const shaky = line(2);
    const outcome = watched(() => send(request, shaky.transmit));
    await shaky.quiet();
    demand(
      shaky.sent.length === 3,
      `${what} is tried again after a failure.`,
      `${what} was sent ${shaky.sent.length} times.`,
    );
    const keys = new Set(shaky.sent.map(({ idempotencyKey }) => idempotencyKey));
    demand(
      keys.size === 1 && keys.has(request.idempotencyKey),
      'Every try carries the key of the request.',
      `The keys were ${shown([...keys])}.`,
    );
    demand(
      outcome.state === 'fulfilled' && outcome.value === 'receipt',
      'The third try brings the answer.',
      told(outcome),
    );

    const dead = line(5);
    const hopeless = watched(() => send(request, dead.transmit));
    await dead.quiet();
    demand(
      dead.sent.length === 3,
      `${what} is sent three times at most.`,
      `${what} was sent ${dead.sent.length} times.`,
    );
    const { state, value } = hopeless;
    demand(
      state === 'rejected' && shown(value).includes('try 3'),
      'It rejects with the last error.',
      told(hopeless),
    );
  }
}
