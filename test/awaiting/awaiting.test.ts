// Getting into real processes on every line of Node that is supported, and how often that can be done.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { attachToPid } from '../../src/awaiting/attach.ts';
import { nodeOf } from '../nodes.ts';
import { lookFromHere, PROGRAMS, started } from './started.ts';

const LINES = [20, 22, 24, 26];

/** Two functions that wait for one another. Its inspector is closed, and would open on a port that the system picks. */
const deadlocked = (node: string) => started(node, ['--inspect-port=0', join(PROGRAMS, 'deadlock.mjs')]);

for (const line of LINES) {
  test(`on Node ${line} a deadlock is said first, with its path`, async (t) => {
    const node = await nodeOf(line);
    if (node === undefined) return t.skip(`no Node ${line} here`);
    await using target = deadlocked(node);
    await target.line(/^waiting$/);
    assert.match(
      await lookFromHere(attachToPid(target.pid)),
      /^DEADLOCK: first → second → first \(\S*deadlock\.mjs:5:21\): each waits for the next\n/,
    );
  });
}

test('a process goes on, however often its inspector is opened and closed', async () => {
  await using target = deadlocked(process.execPath);
  await target.line(/^waiting$/);
  for (let times = 0; times < 25; times++) {
    await using attached = await attachToPid(target.pid);
    await attached.session.post('Runtime.enable');
  }
  target.kill('SIGTERM');
  assert.equal(await target.ended, 'SIGTERM');
});
