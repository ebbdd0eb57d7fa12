// Seen: It was rejected with Error: disk full.
import type { Store } from '../solution.ts';

export function openBank(store: Store) {
  const lastOf = new Map<string, Promise<void>>();
  return async (account: string, amount: number): Promise<void> => {
    const before = lastOf.get(account) ?? Promise.resolve();
    const mine = before.then(async () => {
      const balance = await store.read(account);
      await store.write(account, balance + amount);
    });
    lastOf.set(account, mine);
    return mine;
  };
}
