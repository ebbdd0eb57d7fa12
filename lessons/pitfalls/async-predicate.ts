// An async function where a yes or no is expected. It returns a promise, and a promise always counts as true. So filter
// keeps everything, and every condition is met.
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

interface Answers {
  readonly existing: readonly number[];
  readonly door: 'open' | 'closed';
}

const IDS = [0, 1, 2];

// It looks right because synchronous code looks like this. tsc sees only the
// condition: the predicate of filter may return anything.
export async function wrong(): Promise<Answers> {
  const existing = IDS.filter(async (id) => {
    return exists(id);
  });
  // @ts-expect-error TypeScript knows that a promise is always true
  const door = isOpen() ? 'open' : 'closed';
  return { existing, door };
}

// The answers are there before anything depends on them.
export async function right(): Promise<Answers> {
  const answers = await Promise.all(IDS.map((id) => exists(id)));
  const existing = IDS.filter((_id, index) => answers[index]);
  const door = (await isOpen()) ? 'open' : 'closed';
  return { existing, door };
}

export const pitfall = pitfallOf({
  about: {
    title: 'Use an async function as a condition',
    symptom: 'filter keeps order 0, which does not exist. The door is open although isOpen() answers false.',
    remedy: 'Await first: collect the answers with Promise.all, and then filter by them.',
    foundBy: [
      'oxlint typescript/no-misused-promises',
      'oxlint typescript/no-unnecessary-condition',
      'tsc TS2801',
    ],
    shows: {
      wrong: { served: ['order 0', 'order 1', 'order 2'], door: 'open' },
      right: { served: ['order 1', 'order 2'], door: 'closed' },
    },
  },
  wrong,
  right,
  async show(version: () => Promise<Answers>) {
    using _ = openRestaurant();
    const { existing, door } = await version();
    return { served: existing.map((id) => `order ${id}`), door };
  },
});

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
