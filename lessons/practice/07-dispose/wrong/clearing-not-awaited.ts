// Seen: The table was still being cleared. It fulfilled with "bill".
import type { Table } from '../solution.ts';

export async function withTable<Result>(open: () => Promise<Table>, work: (table: Table) => Promise<Result>) {
  const table = await open();
  try {
    return await work(table);
  } finally {
    void table.clear();
  }
}
