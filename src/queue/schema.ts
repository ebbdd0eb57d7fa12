// The schema in which pg-boss keeps our tables. It has a name of our own. So it does not touch the tables of an application
// that uses pg-boss in the same database.

export const SCHEMA = 'async_workbench';

/** The statements that make it. */
export async function schemaSql(): Promise<string> {
  const { getConstructionPlans } = await import('pg-boss');
  return getConstructionPlans(SCHEMA);
}
