// The await tree of real processes, on every line of Node that is supported: names, counts and leaves, compared exactly.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeOf } from '../nodes.ts';
import { run } from '../processes.ts';

const LINES = [20, 22, 24, 26];

interface Node {
  readonly kind: 'function' | 'promise' | 'leaf' | 'cycle';
  readonly name?: string;
  readonly how?: string;
  readonly waitsFor?: string;
  readonly count: number;
  readonly below?: readonly Node[];
}

const awaiting = (...args: string[]) => run('src/awaiting/cli.ts', args);

/** A program that waits, from the moment on at which it says so. */
async function waiting(node: string, program: string) {
  const child = spawn(node, [join(import.meta.dirname, 'programs', program)], {
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

/** A tree in one line: `main(all(settled(allSettled(slow × 2(?)))))`. */
function inOneLine({ kind, name, how, waitsFor, count, below = [] }: Node): string {
  const own = kind === 'cycle' ? 'cycle' : (name ?? how ?? waitsFor ?? '');
  const times = count > 1 ? ` × ${count}` : '';
  return own + times + (below.length > 0 ? `(${below.map(inOneLine).toSorted().join(', ')})` : '');
}

for (const line of LINES) {
  test(`on Node ${line} every way to wait appears as what it is`, async (t) => {
    const node = await nodeOf(line);
    if (node === undefined) return t.skip(`no Node ${line} here`);
    await using target = await waiting(node, 'shapes.mjs');
    // With --locals every place is looked up, however long that takes. Without it a busy machine leaves some out, and
    // what is known and what is not is not folded together.
    const { code, stdout, stderr } = await awaiting(String(target.child.pid), '--json', '--locals');
    assert.equal(code, 0, stderr);
    const { looks } = JSON.parse(stdout) as {
      looks: Array<{ tree: { roots: Node[]; findings: unknown[] } }>;
    };
    const { roots, findings } = looks[0]!.tree;
    assert.deepEqual(roots.map(inOneLine), [
      "main(all(anyOf(any(slow × 2(?))), chained(then(then(slow(?)))), listener(event 'ring' of EventEmitter), raced(race(slow × 2(?))), reader(numbers(slow(?))), settled(allSettled(slow × 2(?)))))",
    ]);
    assert.deepEqual(findings, []);
    assert.equal(target.child.exitCode, null, 'the process goes on');
  });

  test(`on Node ${line} a deadlock is said first, with its path`, async (t) => {
    const node = await nodeOf(line);
    if (node === undefined) return t.skip(`no Node ${line} here`);
    await using target = await waiting(node, 'deadlock.mjs');
    const { code, stdout, stderr } = await awaiting(String(target.child.pid));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^DEADLOCK: first → second → first: each waits for the next\n/);
  });
}

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
