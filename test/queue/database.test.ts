import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenDatabase, shownDatabase, withoutPassword } from '../../src/queue/database.ts';
import { UsageError } from '../../src/usage-error.ts';

const SECRET = 'p%40ss:w&rd';

test('--database comes before DATABASE_URL, and without both the database is the embedded one', () => {
  const environment = { DATABASE_URL: 'postgres://me@db/orders' };
  assert.deepEqual(chosenDatabase('postgresql://you@db/orders', environment), {
    kind: 'server',
    url: 'postgresql://you@db/orders',
  });
  assert.deepEqual(chosenDatabase(undefined, environment), { kind: 'server', url: environment.DATABASE_URL });
  assert.deepEqual(chosenDatabase(undefined, {}), { kind: 'embedded' });
  assert.deepEqual(chosenDatabase(undefined, { DATABASE_URL: '' }), { kind: 'embedded' });
  assert.deepEqual(chosenDatabase('pglite:my data', {}), { kind: 'embedded', folder: 'my data' });
});

test('a wrong database is refused, and the message never repeats what may be a password', () => {
  const wrong = [
    '',
    ' ',
    'orders',
    'mysql://me:hunter2@db/orders',
    'postgres://me:hunter2@db:port/orders',
    'postgres:// me:hunter2@/',
    'host=db password=hunter2',
    'pglite:',
  ];
  for (const text of wrong) {
    assert.throws(
      () => chosenDatabase(text, {}),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, /^--database: expected postgres:\/\/.*, got /);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
      text,
    );
  }
  assert.throws(
    () => chosenDatabase(undefined, { DATABASE_URL: 'x' }),
    /^UsageError: DATABASE_URL: expected/,
  );
});

test('the shown form has user, host, port and name, and no password', () => {
  const shown = (url: string) => shownDatabase({ kind: 'server', url });
  assert.equal(shown(`postgres://me:${SECRET}@db:6000/orders`), 'postgres://me@db:6000/orders');
  assert.equal(shown('postgres://db/orders?password=hunter2'), 'postgres://db/orders');
  assert.equal(shown('postgres://[::1]:5432/orders'), 'postgres://[::1]:5432/orders');
  assert.equal(shownDatabase({ kind: 'embedded' }), 'PGlite');
  assert.equal(shownDatabase({ kind: 'embedded', folder: 'data' }), 'PGlite in data');
});

test('a password is covered in every form in which a text may have it', () => {
  const database = { kind: 'server', url: `postgres://me:${SECRET}@db/orders?sslpassword=b%20c` } as const;
  const text = `cannot reach ${database.url}: p@ss:w&rd is wrong, and so is "b c"`;
  const covered = withoutPassword(text, database);
  assert.equal(
    covered,
    'cannot reach postgres://me:***@db/orders?sslpassword=***: *** is wrong, and so is "***"',
  );
});
