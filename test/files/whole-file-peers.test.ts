// What a file is when it has been replaced, beside write-file-atomic: the same, but for two points that whole-file.ts
// names.
import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
  mkdtempDisposable,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import writeFileAtomic from 'write-file-atomic';
import { writeWhole } from '../../src/files/whole-file.ts';

const skip = process.platform === 'win32' && 'permissions and links are of POSIX';
const ours = (path: string, text: string) => writeWhole(dirname(path), basename(path), text);
const theirs = (path: string, text: string) => writeFileAtomic(path, text);

for (const [name, write] of [
  ['writeWhole', ours],
  ['write-file-atomic', theirs],
] as const) {
  describe(name, { skip }, () => {
    test('keeps the permissions of the file it replaces', async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'peers-'));
      for (const mode of [0o600, 0o644, 0o755, 0o660]) {
        const path = join(folder.path, 'secret');
        await writeFile(path, 'old');
        await chmod(path, mode);
        await write(path, 'new');
        assert.equal((await stat(path)).mode & 0o7777, mode);
        assert.equal(await readFile(path, 'utf8'), 'new');
      }
    });

    test('gives a new file what the umask leaves', async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'peers-'));
      await writeFile(join(folder.path, 'plain'), '');
      await write(join(folder.path, 'new'), '');
      const modeOf = async (file: string) => (await stat(join(folder.path, file))).mode;
      assert.equal(await modeOf('new'), await modeOf('plain'));
    });

    test('writes through a link, also into another folder', async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'peers-'));
      const at = (file: string) => join(folder.path, file);
      await mkdir(at('real'));
      await writeFile(at('real/file'), 'old');
      await symlink('real/file', at('near'));
      await symlink('near', at('far'));
      await write(at('far'), 'new');
      assert.ok((await lstat(at('far'))).isSymbolicLink());
      assert.ok((await lstat(at('near'))).isSymbolicLink());
      assert.equal(await readFile(at('real/file'), 'utf8'), 'new');
      assert.deepEqual(await readdir(at('real')), ['file']);
    });

    test(
      'keeps the owner of the file it replaces',
      { skip: process.getuid?.() !== 0 && 'only root can' },
      async () => {
        await using folder = await mkdtempDisposable(join(tmpdir(), 'peers-'));
        const path = join(folder.path, 'of-another');
        await writeFile(path, 'old');
        const { chown } = await import('node:fs/promises');
        await chown(path, 65_534, 65_534);
        await write(path, 'new');
        const { uid, gid } = await stat(path);
        assert.deepEqual([uid, gid], [65_534, 65_534]);
      },
    );
  });
}

test(
  'a link that leads to nothing: ours makes the file it leads to, theirs replaces the link',
  { skip },
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'peers-'));
    const at = (file: string) => join(folder.path, file);
    await symlink('missing', at('ours'));
    await ours(at('ours'), 'text');
    assert.ok((await lstat(at('ours'))).isSymbolicLink());
    assert.equal(await readFile(at('missing'), 'utf8'), 'text');
    await symlink('absent', at('theirs'));
    await theirs(at('theirs'), 'text');
    assert.ok((await lstat(at('theirs'))).isFile());
  },
);
