// Compiled code is kept: by whatever npm starts, and by the processes of the tests.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { cacheFolder } from '../src/files/cache-folder.js';
import { temporaryFolder } from '../src/files/temporary-folder.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..');

for (const started of [['src/run.js'], ['--import', './test/preload.js']]) {
  test(`what ${started.join(' ')} starts keeps its compiled code in the folder of the workbench`, async () => {
    const { NODE_COMPILE_CACHE: _, ...env } = process.env;
    await using folder = await temporaryFolder();
    const program = join(folder.path, 'program.mjs');
    await writeFile(program, `console.log(process.getBuiltinModule('module').getCompileCacheDir());`);
    const { stdout } = await run(process.execPath, [...started, program], { cwd: ROOT, env });
    assert.ok(stdout.startsWith(cacheFolder()), stdout);
  });
}
