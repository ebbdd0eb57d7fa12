import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { nodeOf } from './nodes.ts';

const run = promisify(execFile);

test('a Node of the major version that was asked for is found, or none', async (t) => {
  for (const major of [20, 22, 24, 26]) {
    const node = await nodeOf(major);
    if (!node) {
      t.diagnostic(`no Node ${major} here, and none could be fetched`);
      continue;
    }
    const { stdout } = await run(node, ['--version']);
    assert.match(stdout, new RegExp(`^v${major}\\.`));
  }
});

test('a major version that nobody offers gives undefined and no error', async () => {
  assert.equal(await nodeOf(0), undefined);
});
