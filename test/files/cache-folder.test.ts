// Compiled code is run, so it must not come from a place where somebody else can put it.
import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { cacheFolder } from '../../src/files/cache-folder.js';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';

test('the cache is beside the packages, or else in a folder of the user, and never in one of somebody else', async () => {
  await using folder = await temporaryFolder();
  const beside = join(folder.path, 'packages');
  assert.equal(cacheFolder(beside, folder.path), beside);

  // In the place of a folder stands a file, so nothing can be written there.
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  const ofUser = cacheFolder(join(file, 'packages'), folder.path);
  assert.equal(dirname(ofUser), folder.path);
  assert.equal(cacheFolder(join(file, 'packages'), folder.path), ofUser);

  // Whoever came first has made a link there, to a folder of their own.
  const elsewhere = join(folder.path, 'elsewhere');
  await mkdir(join(elsewhere, 'theirs'), { recursive: true });
  await symlink(join(elsewhere, 'theirs'), ofUser.replace(folder.path, elsewhere), 'junction');
  const fresh = cacheFolder(join(file, 'packages'), elsewhere);
  assert.notEqual(fresh, ofUser.replace(folder.path, elsewhere));
  assert.ok(fresh.startsWith(ofUser.replace(folder.path, elsewhere)), fresh);
});
