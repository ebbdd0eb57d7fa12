// The article ends with libraries for databases, asyncpg and motor. A query is like a request: the
// program sends it and waits. So the approaches are the same: one by one, all at once, or bounded.
//
// One thing is new: the connection. It carries one query at a time, so ten queries at once need ten
// connections. To open one takes several trips to the server, and a Postgres server accepts only a
// hundred by default. So a program keeps a few open and lends them out. This is a connection pool.
// The pool of `pg`, a driver for Postgres, has ten by default.
//
// Here the database is PGlite, a Postgres inside this process. It answers at once. The way there
// takes the time: a query needs a second to the database and back, as if it were far away.
//
// Claim: of 40 queries that start together, the pool sends ten, and 30 wait in its own queue. If a
// query may wait only 2.5 seconds, some fail. A bounded pool of ten takes as long, and nothing waits
// in the queue, so nothing fails. If 15 tables of guests need two connections each at the same time,
// all of them wait for ever, and no query is in flight. This is called pool exhaustion.
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { Pool, type PoolConfig } from 'pg';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { promiseAll } from '../src/approaches/promise-all.ts';
import { sequential } from '../src/approaches/sequential.ts';
import { settled } from '../src/approaches/settled.ts';
import type { Task } from '../src/approaches/task.ts';
import { Database, type DatabaseOptions } from './database/database.ts';
import { lookInto } from './database/look-into.ts';
import { MENU, priceOf } from './database/menu.ts';
import { play, seconds } from './stage.ts';

// The menu has forty dishes (lessons/database/menu.ts). Each query asks for the price of one.
const DISHES = Array.from({ length: 40 }, (_, index) => index + 1);
const TABLES = 15;
const CONNECTIONS = 10;
const PATIENCE_MS = 2500;

// Every approach gets the same task. The approach decides how many queries are open at once.
type Approach = <Output>(task: Task<number, Output>) => Promise<Output[]>;

/** What an approach does to a database and to the pool in front of it. */
async function evening(database: Database, approach: Approach, options: PoolConfig) {
  const pool = new Pool({ ...database.connection, max: CONNECTIONS, ...options });
  let queued = 0;
  // Settled, so that one failure does not end the others (lesson 6).
  const task = settled(async (dish: number) => {
    // `pool.query` borrows a connection, sends the query, and gives the connection back.
    const price = priceOf(dish, pool);
    // One turn of the event loop later, every query that could get a connection at once has one.
    void turn().then(() => (queued = Math.max(queued, pool.waitingCount)));
    return price;
  });
  const start = performance.now();
  const outcomes = await approach(task);
  const took = seconds(performance.now() - start);
  await pool.end();
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  // The wires count what is in flight: what was sent, and has no answer yet.
  return { took, queued, inFlight: database.takeMostInFlight(), errors: errors.map(String) };
}

export async function run({
  gather = promiseAll,
  bounded = boundedPool,
  tables = TABLES,
  lookAt = lookInto,
  open = (options: DatabaseOptions) => Database.open(options),
} = {}): Promise<void> {
  await using database = await open({ schema: MENU, roundTripMs: 1000 });
  const oneByOne: Approach = (task) => sequential(DISHES, task);
  const allAtOnce: Approach = (task) => gather(DISHES, task);
  // As many lanes as there are connections. So each lane finds one that is free.
  const inLanes: Approach = (task) => bounded(DISHES, task, { concurrency: CONNECTIONS });

  const heading = `${DISHES.length} queries, ${CONNECTIONS} connections`;
  console.log(`${heading}   in flight   in the pool's queue   failed   time`);
  // One line of the table. Each approach gets a new pool, which has no connection yet.
  async function show(name: string, approach: Approach, options: PoolConfig = {}) {
    const seen = await evening(database, approach, options);
    const counts = [seen.inFlight, seen.queued, seen.errors.length];
    const [inFlight, queued, failed] = counts.map((count) => String(count)) as [string, string, string];
    const figures = `${inFlight.padStart(12)}${queued.padStart(22)}${failed.padStart(9)}`;
    console.log(`${name.padEnd(heading.length)}${figures}${`${seen.took} s`.padStart(7)}`);
    return seen;
  }
  const single = await show('one by one', oneByOne);
  const all = await show('Promise.all', allAtOnce);
  const lanes = await show(`bounded pool of ${CONNECTIONS}`, inLanes);

  // Without this option a query waits for a connection for ever.
  const patience = { connectionTimeoutMillis: PATIENCE_MS };
  console.log(`a query gives up if it has no connection after ${PATIENCE_MS / 1000} s`);
  const hasty = await show('Promise.all', allAtOnce, patience);
  const steady = await show(`bounded pool of ${CONNECTIONS}`, inLanes, patience);

  // The pool bounds the queries that the database sees. It does not bound those that the program has
  // open. The first check is about both, the others about times and failures.
  const inFlightAndQueued = [single, all, lanes].map(({ inFlight, queued }) => [inFlight, queued]);
  const beyond = DISHES.length - CONNECTIONS;
  const expected = [1, 0, CONNECTIONS, beyond, CONNECTIONS, 0];
  assert.deepEqual(inFlightAndQueued.flat(), expected, 'in flight and in the queue, of each approach');
  assert.equal(lanes.took, all.took, 'the time of the bounded pool is that of Promise.all');
  assert.ok(hasty.errors.length > 0, 'a query that waits too long in the queue fails');
  // The message speaks of connecting. It means that no connection of the pool became free in time.
  assert.match(hasty.errors[0]!, /timeout exceeded when trying to connect/, 'the error');
  assert.equal(steady.errors.length, 0, 'failures of the bounded pool');

  // Now a program hangs, in a process of its own (lessons/database/exhausted.ts). Each table takes a
  // connection, as for a transaction. While it holds this one, it calls a function that takes another
  // one from the same pool. `lookInto` looks into it as `npm run awaiting` does (lesson 24).
  const program = new URL('./database/exhausted.ts', import.meta.url);
  const look = await lookAt(program, [CONNECTIONS, tables].map(String));
  console.log(`\n${tables} tables, and each needs two connections at the same time`);
  console.log(`${look.printed}\n\n${look.tree}`);

  // `pg` itself counts its connections, the idle ones, and the queries that wait for one.
  const stuck = `connections: ${CONNECTIONS}, idle: 0; queries that wait for one: ${tables}, in flight: 0`;
  assert.equal(look.printed, stuck, 'the pool when all wait');
  assert.ok(look.isAlive, 'nothing ends the process');
}

if (import.meta.main) await play(run);

// Output:
//
// 40 queries, 10 connections   in flight   in the pool's queue   failed   time
// one by one                           1                     0        0   40 s
// Promise.all                         10                    30        0    4 s
// bounded pool of 10                  10                     0        0    4 s
// a query gives up if it has no connection after 2.5 s
// Promise.all                         10                    30       10    3 s
// bounded pool of 10                  10                     0        0    4 s
//
// 15 tables, and each needs two connections at the same time
// connections: 10, idle: 0; queries that wait for one: 15, in flight: 0
//
// (top level)  exhausted.ts:40:1
// └─ evening  exhausted.ts:26:3
//    └─ Promise.all
//       ├─ serve × 5  exhausted.ts:15:22
//       │  └─ (pg-pool: (anonymous))
//       │     └─ waits for ? (its resolver is in PendingItem.callback)
//       └─ serve × 10  exhausted.ts:18:5
//          └─ priceOf  menu.ts:9:20
//             └─ (pg-pool: (anonymous))
//                └─ waits for ? (its resolver is in PendingItem.callback)
//
// 30 async functions wait; 3 of Node and of libraries are folded, --all shows them
//
// Notice that the pool bounds what the database sees, and not what your program has open.
// `Promise.all` has 40 queries open from the start, and 30 of them wait in memory. With a time limit
// it was a second faster, but only because it lost ten queries.
//
// The tree shows who waits for whom. Ten tables hold all ten connections, and wait for an eleventh.
// Five wait for their first one. The `?` is a promise that the pool will settle: `PendingItem` is a
// place in its queue. The process has nothing to do, and neither has the database. If a program never
// gives a connection back, because `release` is not in a `finally`, others wait in the same way.
//
// So set connectionTimeoutMillis: then an exhausted pool is an error ("timeout exceeded when trying
// to connect"), and not silence. And hand the connection that you hold to the functions that you
// call, or give it back first.
//
// A Postgres server works on all ten queries at once, each in a process of its own. PGlite takes
// one after the other. The counts on the wires and in the pool are the same with both.
//
// Question: a larger pool lets the 15 tables have their second connection. How large must it be,
// and why is that no cure?
// Change `CONNECTIONS = 10` in line 32.
