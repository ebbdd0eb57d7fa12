// An async function where a yes or no is expected. What comes back is a promise, and a promise is always true: filter
// keeps everything, and every if is taken.
import type { About } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Seen = { served: readonly string[]; doorIs: 'open' | 'closed' };

export const about: About<Seen> = {
  title: 'Use an async function as a condition',
  symptom: 'filter keeps orders that do not exist, and the door is open although isOpen() says false.',
  remedy: 'Await first: collect the answers with Promise.all, then filter by them.',
  foundBy: [
    'oxlint typescript/no-misused-promises',
    'oxlint typescript/no-unnecessary-condition',
    'tsc TS2801',
  ],
  shows: {
    wrong: { served: ['order 0', 'order 1', 'order 2'], doorIs: 'open' },
    right: { served: ['order 1', 'order 2'], doorIs: 'closed' },
  },
};

const IDS = [0, 1, 2];

// So it stands in every synchronous version of this code. tsc sees only the condition; the predicate of filter may
// return anything.
export async function wrong(): Promise<Seen> {
  using _ = openRestaurant();
  const existing = IDS.filter(async (id) => {
    return exists(id);
  });
  // @ts-expect-error here TypeScript knows that this is always true
  const doorIs = isOpen() ? 'open' : 'closed';
  return { served: existing.map((id) => `order ${id}`), doorIs };
}

export async function right(): Promise<Seen> {
  using _ = openRestaurant();
  const answers = await Promise.all(IDS.map((id) => exists(id)));
  const existing = IDS.filter((_id, index) => answers[index]);
  const doorIs = (await isOpen()) ? 'open' : 'closed';
  return { served: existing.map((id) => `order ${id}`), doorIs };
}

/** There is no order 0. */
async function exists(id: number): Promise<boolean> {
  return fetchOrder(id).then(
    () => true,
    () => false,
  );
}

async function isOpen(): Promise<boolean> {
  return false;
}
