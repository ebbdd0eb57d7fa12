// All queries use one connection. It goes back at the end, whatever happens, because `finally` always runs.
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
  const connection = await pool.connect();
  let broken: Error | undefined;
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    connection.release(broken);
  }
}
