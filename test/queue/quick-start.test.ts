import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

test('what is loaded after PGlite has the compiled code that Node comes with, as what is loaded before', async () => {
  const module = new URL('../../src/queue/quick-start.ts', import.meta.url).href;
  const source = `import { compilingLate } from ${JSON.stringify(module)};
    await compilingLate(async () => {});
    await import('node:https');`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source], {
    env: { ...process.env, NODE_DEBUG_NATIVE: 'CODE_CACHE' },
  });
  assert.match(stderr, /^Code cache of https .* is accepted$/m);
  assert.doesNotMatch(stderr, /is rejected/);
});
