// The database of the lessons answers over wires in memory. `pg` must not notice. And what the lessons count with it must be
// what a Postgres server shows.
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { Client, Pool, type ClientBase } from 'pg';
import { Database } from '../../lessons/database/database.ts';
import { Wire } from '../../lessons/database/wire.ts';
import { pitfall, right, SCHEMA, symptomOf, wrong } from '../../lessons/pitfalls/transaction-held.ts';
import { noPostgres, startPostgres } from '../queue/postgres.ts';

/** Enough for a query that nothing holds up. */
async function someTurns(): Promise<void> {
  for (let count = 0; count < 100; count++) await turn();
}

const valueOf = async (client: ClientBase | Pool, sql: string, values: unknown[] = []): Promise<unknown> =>
  Object.values((await client.query<Record<string, unknown>>(sql, values)).rows[0] ?? {})[0];

test('the database of the lessons keeps connections apart: their values, errors and transactions', async () => {
  await using database = await Database.open({ schema: 'create table log (line int)' });
  const countLines = 'select count(*)::int from log';
  const pool = new Pool({ ...database.connection, max: 5 });
  const numbers = [...Array(30).keys()];
  const answers = await Promise.all(numbers.map((number) => valueOf(pool, 'select $1::int', [number])));
  assert.deepEqual(answers, numbers);

  const mixed = await Promise.allSettled([
    valueOf(pool, 'select 1/0'),
    valueOf(pool, 'select $1::text', ['x'.repeat(300_000)]),
  ]);
  assert.deepEqual(
    mixed.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  );

  // Nothing of another connection comes into a transaction, and its end lets the others go on.
  const one = await pool.connect();
  await one.query('begin');
  await one.query('insert into log values (1)');
  const reading = valueOf(pool, countLines);
  await someTurns();
  await one.query('rollback');
  assert.equal(await reading, 0);
  one.release();

  // A connection that ends in its transaction takes it back.
  const leaving = new Client(database.connection);
  await leaving.connect();
  await leaving.query('begin');
  await leaving.query('insert into log values (1)');
  const seen: unknown[] = [];
  void valueOf(pool, countLines).then((count) => seen.push(count));
  await someTurns();
  await leaving.end();
  await someTurns();
  assert.deepEqual(seen, [0]);
  await pool.end();
});

test('a wire hands over whole requests, however their bytes arrive', async () => {
  const requests: Array<[kind: string, bytes: string]> = [];
  const wire = new Wire(async (request, kind) => {
    requests.push([kind, request.toString('latin1')]);
    return Buffer.from('answer');
  });
  const answers: string[] = [];
  wire.on('data', (answer) => answers.push(String(answer)));
  const message = (type: string, body: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(4 + body.length);
    return type + length.toString('latin1') + body;
  };
  const [startup, simple, goodbye] = [message('', 'hello'), message('Q', 'select 1'), message('X', '')];
  const withValues = message('P', 'select $1') + message('B', '7') + message('E', '') + message('S', '');
  // All bytes one by one, because the network may cut anywhere.
  for (const byte of Buffer.from(startup + simple + withValues + goodbye, 'latin1')) {
    wire.write(Buffer.from([byte]));
    await turn();
  }
  assert.deepEqual(requests, [
    ['startup', startup],
    ['query', simple],
    ['query', withValues],
    ['goodbye', goodbye],
  ]);
  // A goodbye has no answer.
  assert.deepEqual(answers, ['answer', 'answer', 'answer']);
});

test('a Postgres server shows what the lessons count', { skip: noPostgres() }, async () => {
  await using postgres = await startPostgres();
  const connectionString = await postgres.database('lessons');
  const observer = new Client(connectionString).on('error', () => {});
  await observer.connect();
  const isAtWork = async (): Promise<unknown> =>
    valueOf(
      observer,
      "select count(*)::int from pg_stat_activity where application_name = 'lesson' and state = 'active'",
    );
  const settings = { connectionString, application_name: 'lesson' };
  // When the server ends before a pool does, an assertion has failed: that is what must be reported.
  const poolOf = (max: number) => new Pool({ ...settings, max }).on('error', () => {});

  // Queries that go on until the observer gives back its lock.
  await observer.query('select pg_advisory_lock(1)');
  const pool = poolOf(10);
  const all = Promise.all(
    [...Array(40).keys()].map(() => pool.query('select pg_advisory_xact_lock_shared(1)')),
  );
  while ((await isAtWork()) !== 10) await turn();
  assert.equal(pool.waitingCount, 30);
  await observer.query('select pg_advisory_unlock(1)');
  await all;
  await pool.end();

  // Lesson 25: each holds a connection and asks for a second one.
  const exhausted = poolOf(10);
  const holding = [...Array(15).keys()].map(async () => {
    const connection = await exhausted.connect();
    await connection.query('select 1');
    await exhausted.query('select 1').finally(() => connection.release());
  });
  while (exhausted.waitingCount < holding.length) await turn();
  assert.deepEqual([exhausted.totalCount, exhausted.idleCount, await isAtWork()], [10, 0, 0]);
  exhausted.options.max = 16;
  exhausted.connect((_error, _client, release) => release());
  await Promise.all(holding);
  await exhausted.end();

  await observer.query(SCHEMA);
  const symptoms: object[] = [];
  for (const version of [wrong, right]) {
    await observer.query('update stock set plates = 10');
    const two = poolOf(2);
    // Opened before the restaurant is: nothing but HTTP passes its interception.
    for (const client of await Promise.all([two.connect(), two.connect()])) client.release();
    symptoms.push(await symptomOf(version, two));
    await two.end();
  }
  const { shows } = pitfall.about;
  assert.deepEqual(symptoms, [shows.wrong, shows.right]);
  await observer.end();
});
