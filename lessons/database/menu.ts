// The content of the lessons' database: forty dishes and their prices.
import type { ClientBase, Pool } from 'pg';

export const MENU =
  'create table menu as select dish, 100 * dish as cents from generate_series(1, 40) as dish';

/** Asks for the price of a dish, through a pool or on a connection that the caller holds. */
export async function priceOf(dish: number, database: Pool | ClientBase): Promise<number> {
  const { rows } = await database.query<{ readonly cents: number }>(
    'select cents from menu where dish = $1',
    [dish],
  );
  return rows[0]!.cents;
}
