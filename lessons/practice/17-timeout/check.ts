import type { Clock } from '../frame/clock.ts';
import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand } from '../frame/verdict.ts';
import type { cookWithin as CookWithin } from './solution.ts';

const LIMIT_MS = 5000;

export default async function check(cookWithin: typeof CookWithin, clock: Clock): Promise<void> {
  const slow = new Kitchen();
  const late = watched(() => cookWithin(1, slow.cook, LIMIT_MS));
  await slow.quiet();
  demand(slow.started.length === 1, 'The kitchen cooks order 1.', `It cooked ${slow.started.length} orders.`);
  await clock.run(LIMIT_MS - 1000);
  demand(late.state === 'pending', `It waits for ${LIMIT_MS} ms.`, `It did not wait so long. ${told(late)}`);
  await clock.run(2000);
  await slow.quiet();
  demand(late.state === 'rejected', `It rejects after ${LIMIT_MS} ms.`, told(late));
  const { name } = (late.value ?? {}) as Partial<Error>;
  demand(name === 'TimeoutError', 'The error is called TimeoutError.', `It is called ${name}.`);
  demand(
    slow.inKitchen.length === 0,
    'The kitchen stops cooking.',
    'The kitchen was still cooking order 1 after the timeout.',
  );

  const quick = new Kitchen();
  const inTime = watched(() => cookWithin(2, quick.cook, LIMIT_MS));
  await quick.quiet();
  await clock.run(1000);
  await quick.serve(2);
  demand(
    inTime.state === 'fulfilled' && inTime.value === dishOf(2),
    'A dish that is ready in time is returned.',
    told(inTime),
  );
  demand(
    clock.timersSet === 0,
    'No timer is left when the dish is there.',
    `${clock.timersSet} timer was still set.`,
  );

  const unlucky = new Kitchen();
  const burnt = watched(() => cookWithin(3, unlucky.cook, LIMIT_MS));
  await unlucky.quiet();
  await unlucky.burn(3);
  const isTheFailure = burnt.state === 'rejected' && (burnt.value as Error)?.message === 'order 3 burnt';
  demand(isTheFailure, 'A dish that burns in time rejects with its failure.', told(burnt));
  demand(
    clock.timersSet === 0,
    'No timer is left after the failure.',
    `${clock.timersSet} timer was still set.`,
  );
}
