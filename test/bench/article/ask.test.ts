// A program of another language gets settings, answers, and leaves. What goes wrong with it is said in one line.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import { createInterface } from 'node:readline';
import { ask, ForeignError, type Program } from '../../../bench/article/foreign.ts';
import { treeOf } from '../../../bench/article/process-tree.ts';
import { until } from '../../turns.ts';

const never = new AbortController().signal;

/** A program of Node in the place of another language. */
const program = (source: string): Program => ({
  called: 'Cook',
  command: process.execPath,
  args: ['--input-type=module', '--eval', source],
});
const module = (name: string) => JSON.stringify(import.meta.resolve(`../../../bench/article/${name}`));
const HONEST = `
  import { answer, receiveSettings } from ${module('answering.ts')};
  const settings = await receiveSettings();
  console.error('a warning');
  answer({ settings, pid: process.pid });
`;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a program answers its settings, its memory and its warnings are read, and then it is gone', async () => {
  const { answer, peakMiB, stderr } = await ask<{ settings: object; pid: number }>(
    program(HONEST),
    { dishes: ['soup', 'straße'] },
    never,
  );
  assert.deepEqual(answer.settings, { dishes: ['soup', 'straße'] });
  assert.equal(stderr, 'a warning\n');
  assert.ok(!isRunning(answer.pid));
  if (process.platform === 'linux') assert.ok(peakMiB! > 10, `${peakMiB} MiB`);
});

describe('a program without an answer says why in one line', () => {
  for (const [what, broken, message] of [
    [
      'it ends',
      program("console.error('the last line\\nKeyError: soup'); process.exit(7)"),
      /^Cook: the process ended with exit code 7: KeyError: soup$/,
    ],
    ['it is killed', program('process.kill(process.pid, 9)'), /^Cook: the process was ended by SIGKILL$/],
    [
      'it says something else',
      program("console.log('dinner is served'); process.stdin.resume()"),
      /^Cook: expected an answer in JSON, got "dinner is served"$/,
    ],
    [
      'it talks without end',
      program("process.stdout.write('x'.repeat(2 ** 23)); process.stdin.resume()"),
      /^Cook: its answer has no end$/,
    ],
    [
      'it is not there',
      { called: 'Cook', command: '/no/such/program', args: [] },
      /^Cook: the process could not be started: spawn \/no\/such\/program ENOENT$/,
    ],
  ] as const) {
    test(what, async () => {
      await assert.rejects(ask(broken, {}, never), (error) => {
        assert.ok(error instanceof ForeignError);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

test('an abort kills the program, and its reason is what is thrown', async () => {
  const left = new Error('the guests have left');
  const stop = new AbortController();
  // The program hangs after it has told its process id in the name of a file: its parent is this process.
  const asked = ask(program('setInterval(() => {}, 1000)'), {}, stop.signal);
  await until(() => treeOf(process.pid).length > 1);
  const [, pid] = treeOf(process.pid);
  stop.abort(left);
  await assert.rejects(asked, left);
  assert.ok(!isRunning(pid!));
  await assert.rejects(ask(program(HONEST), {}, AbortSignal.abort(left)), left);
});

test('a program ends when whoever asked it is killed', async () => {
  const asking = `
    import { ask } from ${module('foreign.ts')};
    import { treeOf } from ${module('process-tree.ts')};
    const hangs = { called: 'Cook', command: process.execPath, args: ['--input-type=module', '--eval',
      ${JSON.stringify(`import { receiveSettings } from ${module('answering.ts')}; await receiveSettings(); setInterval(() => {}, 1000);`)}] };
    void ask(hangs, {}, new AbortController().signal);
    console.log(treeOf(process.pid).join(' '));
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', asking], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const pid = Number(line.split(' ')[1]);
  assert.ok(isRunning(pid));
  parent.kill('SIGKILL');
  await until(() => !isRunning(pid));
});

test(
  'a tree of processes has the grandchildren too, and no strangers',
  { skip: process.platform !== 'linux' },
  async () => {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo there; wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(parent.stdout, 'data');
    const tree = treeOf(parent.pid!);
    assert.equal(tree.length, 2);
    assert.ok(!treeOf(tree[1]!).includes(parent.pid!));
    for (const pid of tree) process.kill(pid, 'SIGKILL');
  },
);
