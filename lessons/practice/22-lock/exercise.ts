// A deposit reads the balance, adds to it, and writes it back. Both steps ask a database, so there is an
// `await` in the middle, and this time it cannot be avoided. Two deposits on one account that overlap lose
// one of the two. A lock lets one at a time in.
//
// What is wanted: `openBank(store)` returns a function that makes a deposit. Deposits on the same account
// follow each other, in the order of the calls. Deposits on different accounts do not wait for each other. A
// deposit that fails fails for its caller only: the next one on that account goes on.
export interface Store {
  read(account: string): Promise<number>;
  write(account: string, balance: number): Promise<void>;
}

export function openBank(store: Store): (account: string, amount: number) => Promise<void> {
  return async (account, amount) => {
    const balance = await store.read(account);
    await store.write(account, balance + amount);
  };
}
