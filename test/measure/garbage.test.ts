import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { collectGarbage } from '../../src/measure/garbage.ts';

test('what nobody holds is gone after a collection, each time', async () => {
  for (let time = 0; time < 2; time++) {
    const held = {};
    const kept = new WeakRef(held);
    const garbage = new WeakRef({});
    // Until the end of a turn V8 keeps what a WeakRef was made of.
    await turn();
    collectGarbage();
    assert.equal(garbage.deref(), undefined);
    assert.equal(kept.deref(), held);
  }
});

test('what is loaded after a collection still has the compiled code that Node comes with', async () => {
  const module = new URL('../../src/measure/garbage.ts', import.meta.url).href;
  const source = `import { collectGarbage } from ${JSON.stringify(module)};
    collectGarbage();
    await import('node:https');`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source], {
    env: { ...process.env, NODE_DEBUG_NATIVE: 'CODE_CACHE' },
  });
  assert.match(stderr, /^Code cache of https .* is accepted$/m);
  assert.doesNotMatch(stderr, /is rejected/);
});
