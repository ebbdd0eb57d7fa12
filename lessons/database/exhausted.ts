// The program that lesson 25 looks into. Each table takes a connection of the pool, and asks for a second one before it gives
// back the first. The arguments are the number of connections and the number of tables.
import { setImmediate as turn } from 'node:timers/promises';
import { Pool } from 'pg';
import { Database } from './database.ts';
import { MENU, priceOf } from './menu.ts';

const [connections, tables] = process.argv.slice(2).map(Number) as [number, number];

const database = await Database.open({ schema: MENU });
const pool = new Pool({ ...database.connection, max: connections });
let served = 0;

async function serve(table: number): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('select count(*) from menu');
    await priceOf(table, pool);
    served += 1;
  } finally {
    connection.release();
  }
}

async function evening(): Promise<void> {
  await Promise.all(Array.from({ length: tables }, (_, index) => serve(index + 1)));
}

// It stays alive, as a server would. It ends when its parent closes its stdin.
process.stdin.resume().once('end', () => process.exit());

const done = evening();
// No clock is needed: the database answers at once.
const isOver = () => served === tables || pool.waitingCount === tables;
while (!isOver()) await turn();
process.stdout.write(
  `connections: ${pool.totalCount}, idle: ${pool.idleCount}; ` +
    `queries that wait for one: ${pool.waitingCount}, in flight: ${database.inFlight}\n`,
);
await done;
