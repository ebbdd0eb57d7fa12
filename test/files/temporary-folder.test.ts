// A process that is killed leaves its temporary folders behind. Whoever makes the next one removes them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { verify } from '../../lessons/practice/verify.ts';

const MODULE = new URL('../../src/files/temporary-folder.ts', import.meta.url).href;
const PRACTICE = join(import.meta.dirname, '../../lessons/practice');

/** What is left of a process that made a temporary folder and was killed. */
async function leftBehind(where: object): Promise<string> {
  const code = `const { temporaryFolder } = await import(${JSON.stringify(MODULE)});
    const { path } = await temporaryFolder(${JSON.stringify(where)});
    console.log(path);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  child.kill('SIGKILL');
  await exit;
  return line.trim();
}

test('a folder is empty, and is gone with its block', async () => {
  let path: string;
  {
    await using folder = await temporaryFolder();
    path = folder.path;
    assert.deepEqual(await readdir(path), []);
    await mkdir(join(path, 'kitchen'));
  }
  await assert.rejects(readdir(path), { code: 'ENOENT' });
});

test('what a killed process left is removed, and nothing else', async () => {
  const dead = await leftBehind({});
  await using living = await temporaryFolder();
  await mkdir(join(tmpdir(), 'async-workbench-novel'));
  await using next = await temporaryFolder();
  const names = await readdir(tmpdir());
  assert.ok(!names.includes(basename(dead)), dead);
  for (const name of [basename(living.path), basename(next.path), 'async-workbench-novel']) {
    assert.ok(names.includes(name), name);
  }
});

test('the check of all checks removes the answers that a killed one left beside the exercises', async () => {
  const dead = await leftBehind({ folder: PRACTICE, prefix: 'made-' });
  assert.equal(dirname(dead), PRACTICE);
  assert.deepEqual(await verify([]), []);
  assert.ok(!(await readdir(PRACTICE)).includes(basename(dead)));
});

test('the tests themselves write into a folder of their process', async () => {
  assert.match(basename(await realpath(tmpdir())), new RegExp(`^async-workbench-[0-9a-f]+-${process.pid}-`));
});
