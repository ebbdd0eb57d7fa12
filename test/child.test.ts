// Children say why they ended, are killed by an abort, and never outlive whoever started them.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ChildError, flagsForPlainHttp, startChild } from '../src/child.ts';
import { isRunning } from './processes.ts';
import { manyTurns, until } from './turns.ts';

const CHILD = new URL('./children/child.ts', import.meta.url);
const left = new Error('the guests have left');

test('a child gets its settings, answers in order, and has ended when it was disposed', async () => {
  const child = startChild(CHILD, { do: 'answer', when: new Date(0) });
  const { pid, settings } = await child.receive<{ pid: number; settings: object }>();
  assert.deepEqual(settings, { do: 'answer', when: new Date(0) });
  child.send({ order: 1 });
  child.send({ order: 2 });
  assert.deepEqual(
    [await child.receive(), await child.receive()],
    [{ echo: { order: 1 } }, { echo: { order: 2 } }],
  );
  assert.ok(isRunning(pid));
  await child[Symbol.asyncDispose]();
  assert.ok(!isRunning(pid));
  await child[Symbol.asyncDispose]();
});

test('a child with a pipe for lines is heard to its last line, and its messages go their own way', async () => {
  const lines: string[] = [];
  const child = startChild(CHILD, { do: 'write lines' }, { onLine: (line) => lines.push(line) });
  assert.equal(await child.receive(), 'they follow');
  await child[Symbol.asyncDispose]();
  assert.deepEqual(lines, ['one', 'two', 'three']);
});

test('whoever sees the messages first may keep some of them', async () => {
  const kept: unknown[] = [];
  await using child = startChild(
    CHILD,
    { do: 'answer' },
    { onMessage: (message) => 'pid' in (message as object) && kept.push(message) > 0 },
  );
  child.send({ order: 1 });
  assert.deepEqual(await child.receive(), { echo: { order: 1 } });
  assert.equal(kept.length, 1);
});

test('a child for plain HTTP starts too where the shell has chosen certificates, which Node takes only once', () => {
  assert.equal(flagsForPlainHttp({ NODE_OPTIONS: '--no-warnings' }).length, 1);
  assert.deepEqual(flagsForPlainHttp({ NODE_OPTIONS: '--no-warnings --use-system-ca' }), []);
  assert.deepEqual(flagsForPlainHttp({ NODE_OPTIONS: '--use-bundled-ca' }), []);
  assert.deepEqual(flagsForPlainHttp({ NODE_USE_SYSTEM_CA: '1' }), []);
});

describe('a child that ends without an answer says how, in one line', () => {
  for (const [what, message] of [
    ['throw', 'the process ended with exit code 1: TypeError: the kitchen burnt down'],
    [
      'crash in a thread',
      'the process ended with exit code 1: RangeError [Error]: the order burnt in a thread',
    ],
    ['exit', 'the process ended with exit code 7'],
    ['wait for ever', 'the process ended with exit code 13: Warning: Detected unsettled top-level await at'],
  ] as const) {
    test(what, async () => {
      await using child = startChild(CHILD, { do: what });
      await assert.rejects(child.receive(), (error) => {
        assert.ok(error instanceof ChildError);
        assert.ok(error.message.startsWith(message), error.message);
        assert.ok(!error.message.includes('\n'));
        return true;
      });
    });
  }

  test('a module that does not exist', async () => {
    await using child = startChild(new URL('./children/no-such-child.ts', import.meta.url), {});
    await assert.rejects(
      child.receive(),
      /ended with exit code 1: Error \[ERR_MODULE_NOT_FOUND\]|Cannot find module/,
    );
  });

  test('a signal', async () => {
    await using child = startChild(CHILD, { do: 'answer' });
    const { pid } = await child.receive<{ pid: number }>();
    process.kill(pid, 'SIGKILL');
    await assert.rejects(child.receive(), { message: 'the process was ended by SIGKILL' });
  });
});

test('an answer that came before the end is not lost', async () => {
  await using child = startChild(CHILD, { do: 'answer and exit' });
  await until(() => process.getActiveResourcesInfo().every((resource) => resource !== 'ProcessWrap'));
  assert.equal(await child.receive(), 'the last word');
  await assert.rejects(child.receive(), { message: 'the process ended with exit code 0' });
});

for (const what of ['answer', 'answer and exit']) {
  test(`a child that is disposed of leaves by itself, so that it can write its compile cache: ${what}`, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'workbench-cache-'));
    const env = { ...process.env, NODE_COMPILE_CACHE: folder.path };
    {
      await using child = startChild(CHILD, { do: what }, { env });
      await child.receive();
    }
    const written = await readdir(folder.path, { recursive: true, withFileTypes: true });
    assert.ok(written.some((entry) => entry.isFile()));
  });
}

test('a child that will not leave is killed', async (t) => {
  const child = startChild(CHILD, { do: 'hang' });
  const { pid } = await child.receive<{ pid: number }>();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const gone = child[Symbol.asyncDispose]();
  await manyTurns();
  assert.ok(isRunning(pid));
  t.mock.timers.tick(2000);
  await gone;
  assert.ok(!isRunning(pid));
});

test('a child that hangs as it starts is killed, the next one sooner, and one that starts restores the patience', async (t) => {
  const patiencesMs: Array<number | undefined> = [];
  const setTimeoutOfNode = globalThis.setTimeout;
  // The honest child gets a minute, although the patience that is asked for is a second: a busy machine may need longer.
  let isPatient = false;
  t.mock.method(globalThis, 'setTimeout', (run: () => void, ms?: number) => {
    patiencesMs.push(ms);
    return setTimeoutOfNode(run, isPatient ? 60 * ms! : 0);
  });
  const hang = async () => {
    const child = startChild(new URL('./children/never-begins.ts', import.meta.url), {});
    await assert.rejects(child.receive(), (error) => {
      assert.ok(error instanceof ChildError);
      assert.equal(
        error.message,
        `the process hung as it started: nothing came within ${patiencesMs[0]! / 1000} s`,
      );
      return true;
    });
    assert.ok(child.hasEnded());
    return patiencesMs.splice(0)[0]! / 1000;
  };
  const waited = [];
  for (let count = 0; count < 6; count += 1) waited.push(await hang());
  assert.deepEqual(waited, [20, 10, 5, 2.5, 1.25, 1]);
  isPatient = true;
  {
    await using child = startChild(CHILD, { do: 'answer' });
    await child.receive();
    assert.ok(!child.hasEnded());
  }
  patiencesMs.splice(0);
  isPatient = false;
  assert.equal(await hang(), 20);
});

test('an abort kills the child, rejects with its reason, and leaves no listener on the signal', async () => {
  const controller = new AbortController();
  const child = startChild(CHILD, { do: 'answer' }, { signal: controller.signal });
  const { pid } = await child.receive<{ pid: number }>();
  const answer = assert.rejects(child.receive(), left);
  controller.abort(left);
  await answer;
  await child[Symbol.asyncDispose]();
  assert.ok(!isRunning(pid));
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

test('an abort before the start is thrown at once', () => {
  assert.throws(() => startChild(CHILD, { do: 'answer' }, { signal: AbortSignal.abort(left) }), left);
});

test('a child ends when its parent does, also when the parent is killed', async () => {
  await using parent = startChild(CHILD, { do: 'start another' });
  const { pid } = await parent.receive<{ pid: number }>();
  assert.ok(isRunning(pid));
  await parent[Symbol.asyncDispose]();
  await until(() => !isRunning(pid));
});
