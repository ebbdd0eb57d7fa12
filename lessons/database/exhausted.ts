// The program that lesson 25 looks into. Each table holds a connection of the pool and asks for a second one, before it
// gives back the first. Its arguments say how many connections and how many tables there are.
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

// A server would stay alive too, with guests in front of it. It ends when its parent closes its stdin.
process.stdin.resume().once('end', () => process.exit());

const done = evening();
// Nothing here waits for a clock: the database answers at once, unless nobody asks it.
const isOver = () => served === tables || pool.waitingCount === tables;
while (!isOver()) await turn();
process.stdout.write(
  `connections: ${pool.totalCount}, ${pool.idleCount} of them idle; wait for one: ${pool.waitingCount}; ` +
    `queries in flight: ${database.inFlight}\n`,
);
await done;
