// Seen: It fulfilled with undefined.
import type { Table } from '../solution.ts';

export async function withTable<Result>(open: () => Promise<Table>, work: (table: Table) => Promise<Result>) {
  const table = await open();
  const result = await work(table).catch(() => undefined);
  await table.clear();
  return result;
}
