import assert from 'node:assert/strict';
import { readdir, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Client } from 'pg';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { ownedName } from '../../src/files/owner.ts';
import { startEmbedded } from '../../src/queue/embedded.ts';
import { UsageError } from '../../src/usage-error.ts';

async function connected(url: string): Promise<Client & AsyncDisposable> {
  const client = new Client(url);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Longer than one chunk of a socket, so that the messages of a query arrive in pieces. */
const LONG = 'x'.repeat(300_000);

describe('the embedded database', () => {
  test('serves several connections, and no query takes the values of another', async () => {
    await using database = await startEmbedded();
    const clients = await Promise.all(Array.from({ length: 6 }, () => connected(database.url)));
    const rounds = [...Array(30).keys()];
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
    await using database = await startEmbedded();
    const leaving = await connected(database.url);
    await using staying = await connected(database.url);
    await leaving.query('create table dishes (name text)');
    await leaving.query('begin');
    await leaving.query("insert into dishes values ('soup')");
    const waits = staying.query('select count(*)::int as count from dishes');
    await leaving.end();
    assert.deepEqual((await waits).rows, [{ count: 0 }]);
  });

  test('keeps its data in a folder, which one process may use at a time', async () => {
    await using place = await temporaryFolder();
    const folder = join(place.path, 'kept');
    {
      await using database = await startEmbedded({ folder });
      await using client = await connected(database.url);
      await client.query("create table dishes as select 'soup' as name");
      await assert.rejects(startEmbedded({ folder }), /^UsageError: pglite:.*kept: another process uses it/);
    }
    await writeFile(join(folder, ownedName('in-use-').replace(`-${process.pid}-`, '-4194305-')), '');
    await using database = await startEmbedded({ folder });
    await using client = await connected(database.url);
    assert.deepEqual((await client.query('select name from dishes')).rows, [{ name: 'soup' }]);
    assert.equal((await readdir(folder)).filter((name) => name.startsWith('in-use-')).length, 1);
  });

  test('refuses a folder of something else, and leaves it as it was', async () => {
    await using place = await temporaryFolder();
    const folder = join(place.path, 'diary');
    await mkdir(folder);
    await writeFile(join(folder, 'monday'), 'rain');
    await assert.rejects(startEmbedded({ folder }), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /expected an empty folder or data of Postgres 18, got other files$/);
      return true;
    });
    assert.deepEqual(await readdir(folder), ['monday']);
  });
});
