// In a process of its own: node:test watches each promise of its process, and the schedules make hundreds of thousands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../processes.ts';

const SCHEDULES = 3000;

test(`in ${SCHEDULES} random schedules the pool keeps every promise it makes`, async () => {
  const ending = await run('test/approaches/random-schedules.ts', [String(SCHEDULES)]);
  assert.deepEqual(ending, { code: 0, stdout: '', stderr: '' });
});
