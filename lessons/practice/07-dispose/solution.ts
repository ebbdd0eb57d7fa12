// `return await` keeps the function inside the `try` block until the work has ended. Without that `await` the
// finally block would run at once, and clear the table in the middle of the work.
export interface Table {
  clear(): Promise<void>;
}

export async function withTable<Result>(
  open: () => Promise<Table>,
  work: (table: Table) => Promise<Result>,
): Promise<Result> {
  const table = await open();
  try {
    return await work(table);
  } finally {
    await table.clear();
  }
}
