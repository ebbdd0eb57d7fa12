// Seen: It was cleared 2 times.
import type { Table } from '../solution.ts';

export async function withTable<Result>(open: () => Promise<Table>, work: (table: Table) => Promise<Result>) {
  const table = await open();
  try {
    const result = await work(table);
    void table.clear();
    return result;
  } finally {
    await table.clear();
  }
}
