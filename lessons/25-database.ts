// The article ends with libraries for databases, asyncpg and motor. A query is like a request: the
// program sends it and waits. So the approaches are the same: one by one, all at once, or bounded.
//
// The connection is what is new. It carries one query at a time, so ten queries at once need ten
// connections. To open one takes several trips to the server, and a Postgres server takes only a
// hundred by default. So a program keeps a few open and lends them out. This is a connection pool.
// The pool of `pg`, a driver for Postgres, has ten by default.
//
// Here the database is PGlite, a Postgres inside this process. It answers at once. What takes the
// time is the wire: each query needs a second to the database and back, as if it were far away.
//
// Claim: of 40 queries that start together, the pool sends ten, and 30 wait in its own queue. If
// they may wait only so long, some fail. A bounded pool of ten takes as long, and nothing waits in
// the queue, so nothing fails. If each of 15 tables holds a connection and asks for a second one,
// all of them wait for ever (pool exhaustion). No CPU is used, and no query is in flight.
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { promiseAll } from '../src/approaches/promise-all.ts';
import { sequential } from '../src/approaches/sequential.ts';
import { settled } from '../src/approaches/settled.ts';
import type { Task } from '../src/approaches/task.ts';
import { Database } from './database/database.ts';
import { lookInto } from './database/look-into.ts';
import { MENU, priceOf } from './database/menu.ts';
import { play, seconds } from './stage.ts';

const DISHES = Array.from({ length: 40 }, (_, index) => index + 1);
const TABLES = 15;
const CONNECTIONS = 10;
const PATIENCE_MS = 2500;

// Every approach gets the same task, which asks for the price of one dish.
type Approach = <Output>(task: Task<number, Output>) => Promise<Output[]>;

/** What an approach does to a database and to the pool in front of it. */
async function evening(database: Database, approach: Approach, options: pg.PoolConfig) {
  const pool = new pg.Pool({ ...database.connection, max: CONNECTIONS, ...options });
  let queued = 0;
  // A wrapper that settles the task, so that one failure does not end the others (lesson 6).
  const task = settled(async (dish: number) => {
    const price = priceOf(dish, pool);
    // One turn of the event loop later, whoever could get a connection at once has got it.
    void turn().then(() => (queued = Math.max(queued, pool.waitingCount)));
    return price;
  });
  const start = performance.now();
  const outcomes = await approach(task);
  const took = seconds(performance.now() - start);
  await pool.end();
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  return { took, queued, inFlight: database.takeMostInFlight(), errors: errors.map(String) };
}

export async function run({
  gather = promiseAll,
  bounded = boundedPool,
  tables = TABLES,
} = {}): Promise<void> {
  await using database = await Database.open({ schema: MENU, roundTripMs: 1000 });
  const oneByOne: Approach = (task) => sequential(DISHES, task);
  const allAtOnce: Approach = (task) => gather(DISHES, task);
  // As many lanes as there are connections. So each lane finds one that is free.
  const inLanes: Approach = (task) => bounded(DISHES, task, { concurrency: CONNECTIONS });

  console.log(
    `${DISHES.length} queries, ${CONNECTIONS} connections   in flight   in the pool's queue   failed   time`,
  );
  async function show(name: string, approach: Approach, options: pg.PoolConfig = {}) {
    const seen = await evening(database, approach, options);
    const cells = [
      String(seen.inFlight).padStart(9),
      String(seen.queued).padStart(19),
      String(seen.errors.length).padStart(6),
      `${seen.took} s`.padStart(4),
    ];
    console.log([name.padEnd(26), ...cells].join('   '));
    return seen;
  }
  const single = await show('one by one', oneByOne);
  const all = await show('Promise.all', allAtOnce);
  const lanes = await show(`bounded pool of ${CONNECTIONS}`, inLanes);

  // Without this option a query waits for a connection for ever.
  const patience = { connectionTimeoutMillis: PATIENCE_MS };
  console.log(`who waits for a connection gives up after ${PATIENCE_MS / 1000} s`);
  const hasty = await show('Promise.all', allAtOnce, patience);
  const steady = await show(`bounded pool of ${CONNECTIONS}`, inLanes, patience);

  assert.deepEqual([single.inFlight, single.queued], [1, 0], 'in flight and in the queue, one by one');
  const beyond = DISHES.length - CONNECTIONS;
  assert.deepEqual(
    [all.inFlight, all.queued],
    [CONNECTIONS, beyond],
    'in flight and in the queue, all at once',
  );
  assert.deepEqual([lanes.inFlight, lanes.queued], [CONNECTIONS, 0], 'in flight and in the queue, bounded');
  assert.equal(lanes.took, all.took, 'the time of the bounded pool is that of Promise.all');
  assert.ok(hasty.errors.length > 0, 'who waits too long in the queue fails');
  assert.equal(steady.errors.length, 0, 'failures of the bounded pool');

  // Now the program that hangs, in a process of its own (lessons/database/exhausted.ts). Each table
  // takes a connection, as one does for a transaction. With it in hand, it calls a function that
  // takes one from the pool too.
  const exhausted = new URL('./database/exhausted.ts', import.meta.url);
  const look = await lookInto(exhausted, [CONNECTIONS, tables].map(String));
  console.log(`\n${tables} tables hold a connection and ask for a second one`);
  console.log(`${look.printed}\n\n${look.tree}`);
  assert.equal(
    look.printed,
    `connections: ${CONNECTIONS}, 0 of them idle; wait for one: ${tables}; queries in flight: 0`,
    'the pool when all wait',
  );
  assert.ok(look.isAlive, 'nothing ends the process');
}

if (import.meta.main) await play(run);

// Output:
//
// 40 queries, 10 connections   in flight   in the pool's queue   failed   time
// one by one                           1                     0        0   40 s
// Promise.all                         10                    30        0    4 s
// bounded pool of 10                  10                     0        0    4 s
// who waits for a connection gives up after 2.5 s
// Promise.all                         10                    30       10    3 s
// bounded pool of 10                  10                     0        0    4 s
//
// 15 tables hold a connection and ask for a second one
// connections: 10, 0 of them idle; wait for one: 15; queries in flight: 0
//
// (top level)  exhausted.ts:38:1
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
// Notice that a pool of connections bounds the database, and not your program. `Promise.all` had 40
// queries open all the time. The 30 that wait are promises in memory, and the pool does not know
// which of them matters most. The last row but one was quicker only because it lost queries.
//
// The tree shows who waits for whom. Ten tables hold all ten connections, and each waits for an
// eleventh. The `?` is a promise that the pool will settle: `PendingItem` is a place in its queue.
// A connection that is never given back, because `release` does not stand in a `finally`, ends the
// same way. So always set connectionTimeoutMillis: then it is an error and not silence. And hand
// the connection that you hold to the functions that you call.
//
// Real Postgres works on all ten queries at once, each in a process of its own. PGlite takes one
// after the other. For what is counted here, on the wires and in the pool, this is the same.
//
// Question: a larger pool lets the 15 tables have their second connection. How large must it be,
// and why is that no cure?
// Change `CONNECTIONS = 10` in line 31.
