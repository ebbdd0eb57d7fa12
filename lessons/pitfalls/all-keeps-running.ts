// After Promise.all has rejected, the other tasks go on. Promise.all starts nothing and stops nothing: it only waits, and
// now it has stopped waiting. Here the other tasks charge cards after the guests were told that nothing was charged.
// The remedy is called structured concurrency: a block does not end before all tasks that it started have ended.
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

type Card = () => Promise<void>;
type Note = (event: string) => void;

// It looks right because in synchronous code everything in the try is over
// when the catch begins.
export async function wrong(declined: Card, note: Note): Promise<void> {
  const charge = async (id: number) => {
    await fetchOrder(id);
    note('an order is charged');
  };
  try {
    await Promise.all([charge(1), charge(2), declined()]);
  } catch {
    note('"Sorry, nothing was charged."');
  }
}

// The signal tells the others to stop. That alone is not enough: only when
// all of them have settled is it true that nothing more will happen.
export async function right(declined: Card, note: Note): Promise<void> {
  const group = new AbortController();
  const charge = async (id: number) => {
    await fetchOrder(id, group.signal);
    note('an order is charged');
  };
  const tasks = [charge(1), charge(2), declined()];
  try {
    await Promise.all(tasks);
  } catch (error) {
    group.abort(error);
    await Promise.allSettled(tasks);
    note('"Sorry, nothing was charged."');
  }
}

export const pitfall = pitfallOf({
  about: {
    title: 'Think a rejected Promise.all has ended',
    symptom:
      'After the catch the other tasks still run and write. Two orders are charged although the guests were told that nothing was charged.',
    remedy:
      'Give all tasks the signal of one AbortController. In the catch, abort it and then wait until all tasks have settled. A task group does both (structured concurrency).',
    foundBy: ['awaiting abandoned'],
    shows: {
      wrong: {
        events: ['"Sorry, nothing was charged."', 'an order is charged', 'an order is charged'],
        answered: 2,
        cancelled: 0,
      },
      right: { events: ['"Sorry, nothing was charged."'], answered: 0, cancelled: 2 },
    },
  },
  wrong,
  right,
  show: whatHappens,
});

/** The card of the third guest is declined while the first two orders are in the kitchen. Then the kitchen cooks on. */
async function whatHappens(version: (declined: Card, note: Note) => Promise<void>) {
  using restaurant = openRestaurant({ gated: true });
  const declined = async () => {
    await restaurant.gate.waitFor(2);
    throw new Error('card declined');
  };
  const events: string[] = [];
  await version(declined, (event) => events.push(event));
  restaurant.gate.letGo();
  await until(() => restaurant.stats.inFlight === 0);
  await until(() => events.length > restaurant.stats.completed);
  const { completed, aborted } = restaurant.stats;
  return { events, answered: completed, cancelled: aborted };
}
