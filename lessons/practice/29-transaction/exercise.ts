// A transaction belongs to one connection. `pool.query` takes any connection that is free. If others use the
// pool too, `begin` goes over one connection, and the next query over another. Then nothing holds the steps
// together, and a connection with an open transaction goes back into the pool.
//
// What is wanted: `inTransaction(pool, work)` runs `work` between `begin` and `commit`, all over one
// connection, and fulfils with its result. If anything fails, it sends `rollback` and rejects with the first
// failure. The connection goes back to the pool in any case, but not before the last answer has come. If even
// `rollback` fails, the connection is broken: it goes back by `release(error)`, and the pool throws it away.
export interface Queries {
  query(sql: string): Promise<unknown>;
}

export interface Connection extends Queries {
  /** Gives it back to the pool. With an error, nobody gets it again. */
  release(error?: Error): void;
}

export interface Pool extends Queries {
  connect(): Promise<Connection>;
}

export async function inTransaction<Result>(
  pool: Pool,
  work: (queries: Queries) => Promise<Result>,
): Promise<Result> {
  await pool.query('begin');
  const result = await work(pool);
  await pool.query('commit');
  return result;
}
