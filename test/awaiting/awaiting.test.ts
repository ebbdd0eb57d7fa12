// The await tree of real processes, on every line of Node that is supported, by the command itself.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { test } from 'node:test';
import { attachToPid } from '../../src/awaiting/attach.ts';
import { nodeOf } from '../nodes.ts';
import { run } from '../processes.ts';

const LINES = [20, 22, 24, 26];

const awaiting = (...args: string[]) => run('src/awaiting/cli.ts', args);

/** A program that waits, from the moment on at which it says so. */
async function waiting(node: string, program: string) {
  const child = spawn(node, ['--inspect-port=0', join(import.meta.dirname, 'programs', program)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(createInterface(child.stdout), 'line');
  return {
    child,
    async [Symbol.asyncDispose]() {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

for (const line of LINES) {
  test(`on Node ${line} a deadlock is said first, with its path`, async (t) => {
    const node = await nodeOf(line);
    if (node === undefined) return t.skip(`no Node ${line} here`);
    await using target = await waiting(node, 'deadlock.mjs');
    const { code, stdout, stderr } = await awaiting(String(target.child.pid));
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^DEADLOCK: first → second → first \(\S*deadlock\.mjs:5:21\): each waits for the next\n/,
    );
  });
}

test('a process goes on, however often its inspector is opened and closed', async () => {
  await using target = await waiting(process.execPath, 'deadlock.mjs');
  for (let times = 0; times < 25; times++) {
    await using attached = await attachToPid(target.child.pid!);
    await attached.session.post('Runtime.enable');
  }
  assert.equal(target.child.exitCode ?? target.child.signalCode, null);
});

test('a process that is not Node is told from one, and goes on: the signal would end it', async () => {
  const child = spawn('sleep', ['100'], { stdio: 'ignore' });
  try {
    const { code, stderr } = await awaiting(String(child.pid));
    assert.notEqual(code, 0);
    assert.match(stderr, /^error: [^\n]+\n$/);
    assert.equal(child.exitCode, null);
    assert.equal(child.signalCode, null);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a process that is not there is one line', async () => {
  assert.deepEqual(await awaiting('4194303'), {
    code: 1,
    stdout: '',
    stderr: 'error: there is no process 4194303\n',
  });
});
