// Seen: Two deposits on the account of Ada read the same balance, 0.
import type { Store } from '../solution.ts';

// Between the look at `busy` and the note in it there is an `await`, so that all of them look before anyone
// has noted anything.
export function openBank(store: Store) {
  const busy = new Map<string, Promise<void>>();
  return async (account: string, amount: number): Promise<void> => {
    await busy.get(account);
    const { promise, resolve } = Promise.withResolvers<void>();
    busy.set(account, promise);
    try {
      const balance = await store.read(account);
      await store.write(account, balance + amount);
    } finally {
      resolve();
    }
  };
}
