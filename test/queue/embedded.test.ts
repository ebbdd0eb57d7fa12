import assert from 'node:assert/strict';
import { readdir, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from 'pg';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { ownedName } from '../../src/files/owner.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../src/queue/embedded.ts';
import { UsageError } from '../../src/usage-error.ts';

async function connected(url: string): Promise<Client & AsyncDisposable> {
  const client = new Client(url);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Longer than one chunk of a socket, so that the messages of a query arrive in pieces. */
const LONG = 'x'.repeat(300_000);

describe('the embedded database', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  let folder: string;
  let database: EmbeddedDatabase;
  before(async () => {
    place = await temporaryFolder();
    folder = join(place.path, 'kept');
    database = await startEmbedded({ folder });
  });
  after(async () => {
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test('serves several connections, and no query takes the values of another', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => connected(database.url)));
    const rounds = [...Array(8).keys()];
    await Promise.all(
      clients.map(async (client, place) => {
        for (const round of rounds) {
          const column = `client_${place}`;
          const { rows } = await client.query(`select $1::int as ${column}, length($2) as length`, [
            round,
            LONG,
          ]);
          assert.deepEqual(rows, [{ [column]: round, length: LONG.length }]);
        }
      }),
    );
    await Promise.all(clients.map((client) => client.end()));
  });

  test('a connection that ends in its transaction lets the others go on', async () => {
    const leaving = await connected(database.url);
    await using staying = await connected(database.url);
    await leaving.query('create table dishes (name text)');
    await leaving.query('begin');
    await leaving.query("insert into dishes values ('soup')");
    const waits = staying.query('select count(*)::int as count from dishes');
    await leaving.end();
    assert.deepEqual((await waits).rows, [{ count: 0 }]);
  });

  test('has one database and no templates, because each of those has a third of all files', async () => {
    await using client = await connected(database.url);
    const { rows } = await client.query('select datname as name from pg_database');
    assert.deepEqual(rows, [{ name: 'postgres' }]);
  });

  test('keeps its data in a folder, which one process may use at a time', async () => {
    const other = await connected(database.url);
    await other.query("create table kept as select 'soup' as name");
    await other.end();
    await assert.rejects(startEmbedded({ folder }), /^UsageError: pglite:.*kept: another process uses it/);
    await database[Symbol.asyncDispose]();
    // What a process that was killed leaves behind.
    await writeFile(join(folder, ownedName('in-use-').replace(`-${process.pid}-`, '-4194305-')), '');
    database = await startEmbedded({ folder });
    await using client = await connected(database.url);
    assert.deepEqual((await client.query('select name from kept')).rows, [{ name: 'soup' }]);
    assert.equal((await readdir(folder)).filter((name) => name.startsWith('in-use-')).length, 1);
  });

  test('refuses a folder of something else, and leaves it as it was', async () => {
    const diary = join(place.path, 'diary');
    await mkdir(diary);
    await writeFile(join(diary, 'monday'), 'rain');
    await assert.rejects(startEmbedded({ folder: diary }), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /expected an empty folder or data of Postgres 18, got other files$/);
      return true;
    });
    assert.deepEqual(await readdir(diary), ['monday']);
  });
});
