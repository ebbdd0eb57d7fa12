import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runLines } from '../processes.ts';
import { folder } from './modules.ts';

const MODULES = ['my-work.ts', 'my-work.mjs'];
const REFUSED = ['mine.ts', 'no/such/folder.ts', 'work.txt'];

test('init writes a module that runs as it is, in TypeScript and without, and never over a file', async () => {
  await using made = await folder();
  await writeFile(join(made.path, 'mine.ts'), 'mine');
  const lines = [
    ...MODULES.map((name) => ['init', name]),
    ...MODULES.map((name) => ['compare', `./${name}`, '--dry-run']),
    ...REFUSED.map((name) => ['init', name]),
  ];
  const endings = await runLines('src/program.ts', lines, { cwd: made.path });
  for (const [index, name] of MODULES.entries()) {
    assert.deepEqual(endings[index], {
      code: 0,
      stdout: `wrote ${name}\nnext: npm start -- compare ./${name}\n`,
      stderr: '',
    });
    const planned = endings[MODULES.length + index]!;
    assert.equal(planned.code, 0, planned.stderr);
    assert.match(planned.stdout, /: the first 20 of 100 inputs\./);
  }
  const [overMine, nowhere, text] = endings.slice(-REFUSED.length);
  assert.equal(overMine?.code, 2);
  assert.match(overMine.stderr, /^error: mine\.ts: is there already, and nothing was changed/);
  assert.equal(await readFile(join(made.path, 'mine.ts'), 'utf8'), 'mine');
  assert.deepEqual([nowhere?.code, nowhere?.stdout], [2, '']);
  assert.equal(text?.code, 2);
});
