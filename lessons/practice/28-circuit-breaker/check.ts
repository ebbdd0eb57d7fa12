import type { Clock } from '../frame/clock.ts';
import { quietFor } from '../frame/kitchen.ts';
import { told, watched, type Outcome } from '../frame/outcome.ts';
import { demand, shown } from '../frame/verdict.ts';
import type { guarded as Guarded } from './solution.ts';

const LIMITS = { failures: 3, openMs: 5000 };
const nameOf = ({ value }: Outcome) => (value as Error | undefined)?.name;
const isTurnedAway = (outcome: Outcome) =>
  outcome.state === 'rejected' && nameOf(outcome) === 'CircuitOpenError';
const isBurnt = ({ state, value }: Outcome) =>
  state === 'rejected' && (value as Error | undefined)?.message === 'burnt';

/** A kitchen that answers when the check says so, and a guard in front of it. */
function restaurant(guarded: typeof Guarded) {
  const waiting: Array<PromiseWithResolvers<string>> = [];
  const seen = { asked: 0 };
  const ask = (): Promise<string> => {
    seen.asked++;
    const question = Promise.withResolvers<string>();
    waiting.push(question);
    return question.promise;
  };
  const guard = guarded(ask, LIMITS);
  demand(typeof guard === 'function', 'guarded returns a function.', `It returned ${shown(guard)}.`);
  const quiet = () => quietFor(() => seen.asked);
  const send = async () => {
    const outcome = watched(guard);
    await quiet();
    return outcome;
  };
  /** Ends the oldest question. */
  async function end(isGood: boolean): Promise<void> {
    const question = waiting.shift();
    if (isGood) question?.resolve('soup');
    else question?.reject(new Error('burnt'));
    await quiet();
  }
  async function burn(times: number): Promise<void> {
    for (let count = 0; count < times; count++) {
      const outcome = await send();
      await end(false);
      demand(
        !isTurnedAway(outcome),
        'It opens after three failures in a row.',
        'It opened after fewer failures in a row.',
      );
      demand(isBurnt(outcome), 'A question gets the failure of the kitchen.', told(outcome));
    }
  }
  return { seen, send, end, burn };
}

export default async function check(guarded: typeof Guarded, clock: Clock): Promise<void> {
  const one = restaurant(guarded);
  const served = await one.send();
  await one.end(true);
  demand(served.value === 'soup', 'A question gets the answer of the kitchen.', told(served));
  await one.burn(2);
  await one.send();
  await one.end(true);
  await one.burn(3);
  const asked = one.seen.asked;
  const away = await one.send();
  demand(isTurnedAway(away), 'After three failures in a row it rejects with a CircuitOpenError.', told(away));
  demand(one.seen.asked === asked, 'The kitchen is left alone.', 'It asked the kitchen all the same.');
  await clock.run(LIMITS.openMs - 1000);
  demand(
    isTurnedAway(await one.send()),
    `It is open for ${LIMITS.openMs} ms.`,
    'It let a question through too early.',
  );

  await clock.run(1000);
  const probe = await one.send();
  demand(
    one.seen.asked === asked + 1,
    'After that time one question is let through.',
    'The time was over, and still nobody was let through.',
  );
  demand(
    isTurnedAway(await one.send()),
    'While the probe is on its way, nobody else is let through.',
    'It let a second question through.',
  );
  await one.end(false);
  demand(isBurnt(probe), 'The probe gets the failure of the kitchen.', told(probe));
  await clock.run(LIMITS.openMs - 1000);
  demand(
    isTurnedAway(await one.send()),
    'After a probe that failed it is open for as long again.',
    'It let a question through after a probe that had failed.',
  );

  await clock.run(2000);
  const good = await one.send();
  await one.end(true);
  demand(good.value === 'soup', 'The probe gets the answer of the kitchen.', told(good));
  const two = [await one.send(), await one.send()];
  demand(
    two.every(({ state }) => state === 'pending'),
    'After a probe that succeeded all are let through.',
    told(two.find(({ state }) => state !== 'pending') ?? two[0]!),
  );
  await one.end(true);
  await one.end(true);
  await one.burn(2);
  demand(
    !isTurnedAway(await one.send()),
    'It takes three failures in a row again.',
    'It opened after two failures.',
  );
}
