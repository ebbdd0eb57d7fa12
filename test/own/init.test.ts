import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, run } from './modules.ts';

test('init writes a module that runs as it is, in TypeScript and without, and never over a file', async () => {
  await using made = await folder();
  for (const name of ['my-work.ts', 'my-work.mjs']) {
    const { code, stdout } = await run(made.path, 'init', name);
    assert.equal(code, 0);
    assert.equal(stdout, `wrote ${name}\nnext: npm start -- compare ./${name}\n`);
    const planned = await run(made.path, 'compare', `./${name}`, '--dry-run');
    assert.equal(planned.code, 0, planned.stderr);
    assert.match(planned.stdout, /: the first 20 of 100 inputs\./);
  }
  await writeFile(join(made.path, 'mine.ts'), 'mine');
  const refused = await run(made.path, 'init', 'mine.ts');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^error: mine\.ts: is there already, and nothing was changed/);
  assert.equal(await readFile(join(made.path, 'mine.ts'), 'utf8'), 'mine');
  const nowhere = await run(made.path, 'init', 'no/such/folder.ts');
  assert.deepEqual([nowhere.code, nowhere.stdout], [2, '']);
  const text = await run(made.path, 'init', 'work.txt');
  assert.equal(text.code, 2);
});
