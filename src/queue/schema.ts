// Where pg-boss keeps its tables. The schema has a name of our own, so that an application that has its own pg-boss in the
// same database is not touched.

export const SCHEMA = 'async_workbench';

/** The statements that make it. */
export async function schemaSql(): Promise<string> {
  const { getConstructionPlans } = await import('pg-boss');
  return getConstructionPlans(SCHEMA);
}
