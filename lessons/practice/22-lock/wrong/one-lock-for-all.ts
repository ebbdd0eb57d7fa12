// Seen: Nobody asked about Bela before Ada was done.
import type { Store } from '../solution.ts';

export function openBank(store: Store) {
  let last: Promise<void> = Promise.resolve();
  return async (account: string, amount: number): Promise<void> => {
    const mine = last.then(async () => {
      const balance = await store.read(account);
      await store.write(account, balance + amount);
    });
    last = mine.catch(() => {});
    return mine;
  };
}
