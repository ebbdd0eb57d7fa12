// A disk that takes no more: a limit on the size of files makes every write fail as a full disk does, some of them
// in the middle of a file, without filling one.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const skip = process.platform === 'win32' && 'needs a shell with ulimit';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs node with files of at most `kibibytes`, or of any size. */
function node(args: readonly string[], kibibytes: number | 'unlimited' = 'unlimited'): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const script = `ulimit -f ${kibibytes}; exec "$0" "$@"`;
  // A report of coverage would not fit either, and Node would say so.
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  const child = execFile('bash', ['-c', script, process.execPath, ...args], { env }, (_, stdout, stderr) =>
    resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  return promise;
}

test(
  'a disk that is full: every order is a counted failure, no part of a file stays, and later all are saved',
  { skip },
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'workbench-full-'));
    const save = [
      join(ROOT, 'src/cli.ts'),
      'save',
      '--folder',
      folder.path,
      '--requests',
      '6',
      '--latency',
      '0',
    ];
    const full = await node(save, 0);
    assert.deepEqual(full, {
      code: 1,
      stdout: `0 orders saved to ${folder.path}, 0 kept, 6 failed\n  6 × Error EFBIG\n`,
      stderr: '',
    });
    assert.deepEqual(await readdir(folder.path), []);
    assert.deepEqual(await node(save), {
      code: 0,
      stdout: `6 orders saved to ${folder.path}, 0 kept, 0 failed\n`,
      stderr: '',
    });
  },
);

test(
  'a file that the disk has room for only in part is absent, and what had its name stays',
  { skip },
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'workbench-full-'));
    const write = `
    import { writeWhole } from ${JSON.stringify(new URL('../../src/files/whole-file.ts', import.meta.url).href)};
    await writeWhole(${JSON.stringify(folder.path)}, 'order.json', 'x'.repeat(Number(process.argv[1])));`;
    const run = (size: number) => node(['--input-type=module', '--eval', write, String(size)], 2);
    assert.equal((await run(1000)).code, 0);
    const { code, stderr } = await run(10_000);
    assert.equal(code, 1);
    assert.match(stderr, /EFBIG/);
    assert.deepEqual(await readdir(folder.path), ['order.json']);
    assert.equal((await readFile(join(folder.path, 'order.json'), 'utf8')).length, 1000);
  },
);
