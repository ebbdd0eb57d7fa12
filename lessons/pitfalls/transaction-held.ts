// A transaction is open while the program waits for something else. During this time it keeps its connection, so the pool has
// one less to lend. And it keeps its locks, so others that want a row which it has changed wait as well.
import type { Pool, PoolClient } from 'pg';
import { pitfallOf } from './frame/pitfall.ts';
import { cookInBatches, fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

// It looks right because all steps of an order belong together, and that is
// what a transaction is for. But the kitchen takes its time.
export async function wrong(order: number, pool: Pool): Promise<void> {
  await transaction(pool, async (connection) => {
    await connection.query('update stock set plates = plates - 1');
    const { table } = await fetchOrder(order);
    await connection.query('insert into bills values ($1, $2)', [order, table]);
  });
}

// Wait first, and then open the transaction. Nothing but queries is inside it.
export async function right(order: number, pool: Pool): Promise<void> {
  const { table } = await fetchOrder(order);
  await transaction(pool, async (connection) => {
    await connection.query('update stock set plates = plates - 1');
    await connection.query('insert into bills values ($1, $2)', [order, table]);
  });
}

export const pitfall = pitfallOf({
  about: {
    title: 'Wait inside a transaction',
    symptom:
      'One order waits for the kitchen and keeps its lock. The other waits for that lock. Together they hold both connections of the pool, so a query that has nothing to do with them waits too. The database has nothing to compute.',
    remedy:
      'Wait before the transaction or after it. If something must be kept during the wait, store it in a short transaction, wait, and finish it in a second transaction.',
    foundBy: [],
    shows: {
      wrong: { ordersInTheKitchen: 1, connectionsTaken: 2, menuCanBeRead: false, platesLeft: 8 },
      right: { ordersInTheKitchen: 2, connectionsTaken: 0, menuCanBeRead: true, platesLeft: 8 },
    },
  },
  wrong,
  right,
  show: inPoolOfTwo,
});

async function transaction(pool: Pool, work: (connection: PoolClient) => Promise<void>): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await work(connection);
    await connection.query('commit');
  } catch (error) {
    await connection.query('rollback');
    throw error;
  } finally {
    connection.release();
  }
}

async function inPoolOfTwo(version: Version) {
  // Imported only when it runs: the list of the pitfalls must not wait for a database.
  const [{ Pool }, { Database }] = await Promise.all([import('pg'), import('../database/database.ts')]);
  await using database = await Database.open({ schema: SCHEMA });
  const pool = new Pool({ ...database.connection, max: 2 });
  const symptom = await symptomOf(version, pool);
  await pool.end();
  return symptom;
}

type Version = (order: number, pool: Pool) => Promise<void>;

export const SCHEMA = `create table menu as select 'soup' as dish;
  create table stock as select 10 as plates;
  create table bills (id int, dinner int)`;

/**
 * There are two orders and two connections. The kitchen cooks nothing until another query has tried to read the menu. A
 * Postgres server shows the same.
 */
export async function symptomOf(version: Version, pool: Pool) {
  using restaurant = openRestaurant({ gated: true });
  const orders = Promise.all([version(1, pool), version(2, pool)]);
  // With the wrong version the second order never comes, so the second wait has a limit.
  await until(() => restaurant.gate.held > 0);
  await until(() => restaurant.gate.held > 1, 1000);

  const ordersInTheKitchen = restaurant.gate.held;
  const connectionsTaken = pool.totalCount - pool.idleCount;
  let menuCanBeRead = false;
  const reading = pool.query('select * from menu').then(() => (menuCanBeRead = true));
  await until(() => menuCanBeRead || (pool.waitingCount > 0 && pool.idleCount === 0));
  await until(() => menuCanBeRead, 1000);
  const seen = { ordersInTheKitchen, connectionsTaken, menuCanBeRead };

  void cookInBatches(restaurant.gate, 1);
  await Promise.all([orders, reading]);
  const { rows } = await pool.query<{ plates: number }>('select plates from stock');
  return { ...seen, platesLeft: rows[0]!.plates };
}
