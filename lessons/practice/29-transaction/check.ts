import { quietFor } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, shown } from '../frame/verdict.ts';
import type { Connection, inTransaction as InTransaction, Pool, Queries } from './solution.ts';

interface Question {
  readonly connection: number;
  readonly sql: string;
  readonly settle: (error?: Error) => void;
}

/** A database that answers when the check wants it. Its pool lends a new connection each time. */
function database() {
  const asked: Question[] = [];
  const open: Question[] = [];
  const returned: Array<{ readonly connection: number; readonly error: unknown }> = [];
  let lent = 0;
  let news = 0;
  function connectionOf(connection: number): Connection {
    return {
      query(sql) {
        const { promise, resolve, reject } = Promise.withResolvers<string>();
        const settle = (error?: Error) => (error ? reject(error) : resolve(`answer to ${sql}`));
        const question = { connection, sql, settle };
        asked.push(question);
        open.push(question);
        news++;
        return promise;
      },
      release(error) {
        returned.push({ connection, error });
        news++;
      },
    };
  }
  const pool: Pool = {
    connect: async () => connectionOf(++lent),
    query: (sql) => connectionOf(++lent).query(sql),
  };
  const quiet = () => quietFor(() => news);
  return {
    pool,
    asked,
    returned,
    quiet,
    /** Answers the one query that is open. It must be `sql`. */
    async answer(sql: string, error?: Error) {
      await quiet();
      const [question, ...others] = open.splice(0);
      demand(
        question?.sql === sql && others.length === 0,
        `Now "${sql}" is asked, and nothing else.`,
        `Asked: ${listed([question, ...others].flatMap((each) => each?.sql ?? []))}.`,
      );
      demand(
        returned.length === 0,
        'The connection is not given back before the last answer.',
        `It was given back before the answer to "${sql}".`,
      );
      question!.settle(error);
      news++;
      await quiet();
    },
  };
}

type Database = ReturnType<typeof database>;

/** All queries went over one connection, which was given back once. */
function demandOneConnection({ asked, returned }: Database, whenItWas: string): void {
  const [first, ...rest] = asked;
  const other = rest.find(({ connection }) => connection !== first?.connection);
  demand(
    other === undefined,
    'All queries of a transaction go over one connection.',
    `"${first?.sql}" went over connection ${first?.connection}, and "${other?.sql}" over connection ${other?.connection}.`,
  );
  const numbers = returned.map(({ connection }) => connection);
  demand(
    numbers.length === 1 && numbers[0] === first?.connection,
    `The connection goes back to the pool when the transaction ${whenItWas}.`,
    numbers.length === 0 ? 'It was not given back.' : `Given back: ${listed(numbers)}.`,
  );
}

const pay = async (queries: Queries): Promise<string> => {
  await queries.query('take 5 from Ada');
  await queries.query('give 5 to Bela');
  return 'paid';
};

export default async function check(inTransaction: typeof InTransaction): Promise<void> {
  // Everything succeeds.
  const fine = database();
  const paid = watched(() => inTransaction(fine.pool, pay));
  for (const sql of ['begin', 'take 5 from Ada', 'give 5 to Bela']) await fine.answer(sql);
  demand(paid.state === 'pending', 'It waits for the answer to "commit".', told(paid));
  await fine.answer('commit');
  demand(paid.value === 'paid', 'It fulfils with the result of the work.', told(paid));
  demandOneConnection(fine, 'has succeeded');
  const [back] = fine.returned;
  demand(
    back!.error === undefined,
    'A connection that works goes back without an error.',
    `It was given back with ${shown(back!.error)}.`,
  );

  // One of the steps fails, and all steps before it are rolled back.
  const steps = ['begin', 'take 5 from Ada', 'give 5 to Bela', 'commit'];
  for (const [index, failing] of steps.entries()) {
    const shaky = database();
    const failed = watched(() => inTransaction(shaky.pool, pay));
    for (const sql of steps.slice(0, index)) await shaky.answer(sql);
    await shaky.answer(failing, new Error(`${failing}: refused`));
    demand(
      failed.state === 'pending',
      `After the failure of "${failing}" it waits for a rollback.`,
      told(failed),
    );
    // For the first two steps the rollback works. For the other two it fails.
    const lost = index >= 2 ? new Error('connection lost') : undefined;
    await shaky.answer('rollback', lost);
    demand(
      failed.state === 'rejected' && shown(failed.value).includes(`${failing}: refused`),
      'It rejects with the first failure.',
      told(failed),
    );
    demandOneConnection(shaky, 'has failed');
    const { error } = shaky.returned[0]!;
    demand(
      Boolean(error) === Boolean(lost),
      lost
        ? 'A broken connection goes back with an error.'
        : 'A connection that works goes back without one.',
      lost ? 'The broken connection went back to the pool.' : `It was given back with ${shown(error)}.`,
    );
  }
}
