// What the mocked API serves. An order is a function of its id: nothing is stored, every process agrees, and
// a test can say what the right answer to any request is.
import { chance } from './random.ts';

export interface Order {
  readonly id: number;
  readonly table: number;
  readonly waiter: string;
  readonly lines: ReadonlyArray<{ readonly dish: string; readonly quantity: number; readonly cents: number }>;
  readonly note: string;
}

const WAITERS = ['Ada', 'Bela', 'Chidi', 'Dalia'];
const MENU: ReadonlyArray<readonly [dish: string, cents: number]> = [
  ['mushroom risotto', 1450],
  ['lentil soup', 690],
  ['grilled trout', 1890],
  ['beetroot salad', 820],
  ['plum dumplings', 760],
];
const NOTES = ['no onions, please', 'window seat if there is one', 'birthday: candle on dessert'];

/** The order with this id: about 200 bytes as JSON, the same for every caller. */
export function orderOf(id: number): Order {
  const pick = <T>(from: readonly T[], key: string): T => from[Math.floor(chance(id, key) * from.length)]!;
  const line = (key: string) => {
    const [dish, cents] = pick(MENU, key);
    return { dish, quantity: 1 + Math.floor(chance(id, key, 'quantity') * 4), cents };
  };
  return {
    id,
    table: 1 + Math.floor(chance(id, 'table') * 20),
    waiter: pick(WAITERS, 'waiter'),
    lines: [line('first'), line('second')],
    note: pick(NOTES, 'note'),
  };
}
