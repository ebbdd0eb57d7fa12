// `return promise` inside try or using. The function is left at once, and the promise settles after that. So catch does
// not catch its error, finally runs too early, and `using` closes what is still in use.
import { pitfallOf } from './frame/pitfall.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Note = (event: string) => void;

// It looks right because elsewhere a return without await does the same. For
// years a lint rule even asked for it (no-return-await, now deprecated).
export async function wrong(note: Note): Promise<void> {
  const fileOrder = async () => {
    using drawer = new Drawer(note);
    return drawer.file(1);
  };
  const lookUp = async (id: number) => {
    try {
      return fetchOrder(id);
    } catch {
      return note('the error was caught');
    }
  };
  await fileOrder();
  await lookUp(0).catch(() => note('the error got past the catch'));
}

// The function is left only after the promise has settled.
export async function right(note: Note): Promise<void> {
  const fileOrder = async () => {
    using drawer = new Drawer(note);
    return await drawer.file(1);
  };
  const lookUp = async (id: number) => {
    try {
      return await fetchOrder(id);
    } catch {
      return note('the error was caught');
    }
  };
  await fileOrder();
  await lookUp(0).catch(() => note('the error got past the catch'));
}

export const pitfall = pitfallOf({
  about: {
    title: 'Return a promise out of try or using',
    symptom:
      'The catch around the call is skipped. The drawer is closed before the order has been put into it.',
    remedy: 'Write `return await` wherever try, finally or using stands around the return.',
    foundBy: ['oxlint typescript/return-await'],
    shows: {
      wrong: { events: ['the drawer closes', 'order 1 is filed', 'the error got past the catch'] },
      right: { events: ['order 1 is filed', 'the drawer closes', 'the error was caught'] },
    },
  },
  wrong,
  right,
  async show(version: (note: Note) => Promise<void>) {
    using _ = openRestaurant();
    const events: string[] = [];
    await version((event) => events.push(event));
    return { events };
  },
});

class Drawer implements Disposable {
  readonly #note: Note;
  constructor(note: Note) {
    this.#note = note;
  }
  async file(id: number): Promise<void> {
    await fetchOrder(id);
    this.#note(`order ${id} is filed`);
  }
  [Symbol.dispose](): void {
    this.#note('the drawer closes');
  }
}
