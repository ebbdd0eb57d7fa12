// Seen: The table was cleared while the work was going on.
import type { Table } from '../solution.ts';

export async function withTable<Result>(open: () => Promise<Table>, work: (table: Table) => Promise<Result>) {
  const table = await open();
  try {
    return work(table);
  } finally {
    await table.clear();
  }
}
