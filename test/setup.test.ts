import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const PRINT = `console.log(Object.keys(process.env).filter((name) => name.startsWith('SHELL_') || OF_INTEREST.includes(name)).join())`;
const OF_THE_SHELL = {
  FORCE_COLOR: '1',
  NO_COLOR: '1',
  NODE_OPTIONS: '--no-warnings',
  NODE_DEBUG: 'x',
  UV_THREADPOOL_SIZE: '1',
  INIT_CWD: '/',
};
const names = (setup: string[]) =>
  spawnSync(
    process.execPath,
    [...setup, '--eval', PRINT.replace('OF_INTEREST', JSON.stringify(Object.keys(OF_THE_SHELL)))],
    { encoding: 'utf8', env: { ...process.env, ...OF_THE_SHELL, SHELL_OTHER: 'stays' } },
  )
    .stdout.trim()
    .split(',')
    .toSorted();

test('what a test starts inherits nothing of the shell that changes how a program looks or runs', () => {
  const setup = new URL('./setup.ts', import.meta.url).href;
  assert.deepEqual(names(['--import', setup]), ['SHELL_OTHER']);
  assert.deepEqual(names([]), [...Object.keys(OF_THE_SHELL), 'SHELL_OTHER'].toSorted());
});
