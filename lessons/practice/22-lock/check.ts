import { quietFor } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, shown } from '../frame/verdict.ts';
import type { openBank as OpenBank } from './solution.ts';

interface Question {
  readonly what: 'read' | 'write';
  readonly account: string;
  readonly settle: (error?: Error) => void;
}

/** A database that answers when the check says so. */
function database() {
  const balances = new Map<string, number>();
  const open: Question[] = [];
  const reads: Array<{ account: string; balance: number }> = [];
  let news = 0;
  const ask = async (what: Question['what'], account: string): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    news++;
    open.push({ what, account, settle: (error) => (error ? reject(error) : resolve()) });
    await promise;
  };
  return {
    balances,
    open,
    reads,
    store: {
      async read(account: string) {
        await ask('read', account);
        const balance = balances.get(account) ?? 0;
        reads.push({ account, balance });
        return balance;
      },
      async write(account: string, balance: number) {
        await ask('write', account);
        balances.set(account, balance);
      },
    },
    quiet: () => quietFor(() => news),
    /** Answers the oldest question about `account`. */
    answer: async (account: string, error?: Error) => {
      const place = open.findIndex((question) => question.account === account);
      demand(
        place >= 0,
        `The deposit on the account of ${account} goes on.`,
        `Nobody asked about ${account}.`,
      );
      open.splice(place, 1)[0]!.settle(error);
      news++;
      await quietFor(() => news);
    },
  };
}

export default async function check(openBank: typeof OpenBank): Promise<void> {
  const { balances, open, reads, store, quiet, answer } = database();
  const deposit = openBank(store);
  demand(typeof deposit === 'function', 'openBank returns a function.', `It returned ${shown(deposit)}.`);
  const ada = [5, 7, 11].map((amount) => watched(() => deposit('Ada', amount)));
  const bela = watched(() => deposit('Bela', 3));
  await quiet();
  const isAsked = (account: string) => open.some((question) => question.account === account);
  demand(isAsked('Ada'), 'The first deposit on the account of Ada begins.', 'Nobody asked about Ada.');
  demand(
    isAsked('Bela'),
    'The deposit of Bela does not wait for those of Ada.',
    'Nobody asked about Bela before Ada was done.',
  );

  // One answer at a time: read and write of each deposit. The write of the second one fails.
  for (let question = 1; question <= 6 && isAsked('Ada'); question++) {
    await answer('Ada', question === 4 ? new Error('disk full') : undefined);
    const balancesRead = reads.filter(({ account }) => account === 'Ada').map(({ balance }) => balance);
    const same = balancesRead.find((balance, index) => index === 1 && balance === balancesRead[0]);
    demand(
      same === undefined,
      'The second deposit reads what the first one wrote.',
      `Two deposits on the account of Ada read the same balance, ${same}.`,
    );
  }
  await answer('Bela');
  await answer('Bela');
  demand(ada[0]!.state === 'fulfilled', 'The first deposit of Ada succeeds.', told(ada[0]!));
  demand(
    ada[1]!.state === 'rejected',
    'The caller of the second deposit hears that the disk is full.',
    told(ada[1]!),
  );
  demand(
    ada[2]!.state === 'fulfilled',
    'The third deposit goes on after the failure of the second.',
    told(ada[2]!),
  );
  demand(bela.state === 'fulfilled', 'The deposit of Bela succeeds.', told(bela));
  demand(
    balances.get('Ada') === 16,
    'Deposits of 5 and 11 make 16 for Ada.',
    `Ada has ${balances.get('Ada')}.`,
  );
  demand(balances.get('Bela') === 3, 'A deposit of 3 makes 3 for Bela.', `Bela has ${balances.get('Bela')}.`);
}
