import { dishOf, Kitchen } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, shown } from '../frame/verdict.ts';
import type { cached as Cached } from './solution.ts';

export default async function check(cached: typeof Cached): Promise<void> {
  const kitchen = new Kitchen();
  const timesCooked = (id: number) => kitchen.started.filter((started) => started === id).length;
  const get = cached(kitchen.cook);
  demand(typeof get === 'function', 'cached returns a function.', `It returned ${shown(get)}.`);

  const guests = [watched(() => get(1)), watched(() => get(1))];
  await kitchen.quiet();
  demand(
    timesCooked(1) === 1,
    'Two guests who ask at once make the kitchen cook once.',
    `The kitchen cooked order 1 ${timesCooked(1)} times.`,
  );
  await kitchen.serve(1);
  for (const guest of guests) {
    demand(
      guest.state === 'fulfilled' && guest.value === dishOf(1),
      'Both guests get the dish.',
      told(guest),
    );
  }
  const later = watched(() => get(1));
  await kitchen.quiet();
  demand(
    timesCooked(1) === 1,
    'A dish that is known is not cooked again.',
    `The kitchen cooked order 1 ${timesCooked(1)} times.`,
  );
  demand(later.value === dishOf(1), 'A guest who asks later gets the dish too.', told(later));

  const unlucky = [watched(() => get(2)), watched(() => get(2))];
  await kitchen.quiet();
  demand(
    timesCooked(2) === 1,
    'Order 2 is another order, and is cooked once.',
    `The kitchen cooked order 2 ${timesCooked(2)} times.`,
  );
  await kitchen.burn(2);
  for (const guest of unlucky)
    demand(guest.state === 'rejected', 'Both guests hear that order 2 burnt.', told(guest));
  const patient = watched(() => get(2));
  await kitchen.quiet();
  demand(
    timesCooked(2) === 2,
    'After a failure the kitchen tries again.',
    `Order 2 burnt once and was not cooked again. ${told(patient)}`,
  );
  await kitchen.serve(2);
  demand(patient.value === dishOf(2), 'The second try brings the dish.', told(patient));
}
