// A table is a resource: somebody opens it, and somebody has to clear it, whatever happens in between.
//
// What is wanted: `withTable` opens a table, does the work at it, and clears it exactly once when the work
// has ended, well or not. It settles after the table is cleared: with the result of the work, or with its
// error.
export interface Table {
  clear(): Promise<void>;
}

export async function withTable<Result>(
  open: () => Promise<Table>,
  work: (table: Table) => Promise<Result>,
): Promise<Result> {
  const table = await open();
  const result = await work(table);
  await table.clear();
  return result;
}
