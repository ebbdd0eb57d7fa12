// Each account has the promise of its last deposit. The next one begins when that has settled, well or not.
// The chain itself is never rejected, since nobody would handle that; the caller has the promise of the
// deposit.
export interface Store {
  read(account: string): Promise<number>;
  write(account: string, balance: number): Promise<void>;
}

export function openBank(store: Store): (account: string, amount: number) => Promise<void> {
  const lastOf = new Map<string, Promise<void>>();
  return async (account, amount) => {
    async function deposit(): Promise<void> {
      const balance = await store.read(account);
      await store.write(account, balance + amount);
    }
    const before = lastOf.get(account) ?? Promise.resolve();
    const mine = before.then(deposit);
    lastOf.set(
      account,
      mine.catch(() => {}),
    );
    return mine;
  };
}
