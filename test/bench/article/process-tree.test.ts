// The processes that a process has started are found. They end when the process that asked for them is killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { treeOf } from '../../../bench/article/process-tree.ts';
import { isRunning } from '../../processes.ts';
import { until } from '../../turns.ts';

const skip = process.platform === 'linux' ? false : 'it takes /proc';
const module = (name: string) => JSON.stringify(import.meta.resolve(`../../../bench/article/${name}`));

test('a tree has the processes that a process has started, and no strangers', { skip }, async () => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo there; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(parent.stdout, 'data');
  const tree = treeOf(parent.pid!);
  assert.equal(tree.length, 2);
  assert.deepEqual(treeOf(tree[1]!), [tree[1]]);
  for (const pid of tree) process.kill(pid, 'SIGKILL');
});

test('a program ends when whoever asked it is killed', { skip }, async () => {
  const hanging = `
    import { answerSettings } from ${module('runtimes/answer.ts')};
    answerSettings(() => new Promise(() => setInterval(() => {}, 1000)));
  `;
  const asking = `
    import { ask } from ${module('foreign.ts')};
    import { treeOf } from ${module('process-tree.ts')};
    const args = ['--input-type=module', '--eval', ${JSON.stringify(hanging)}];
    void ask({ called: 'Cook', command: process.execPath, args }, {}, new AbortController().signal);
    const look = setInterval(() => {
      const [, cook] = treeOf(process.pid);
      if (cook === undefined) return;
      console.log(cook);
      clearInterval(look);
    }, 10);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', asking], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const pid = Number(line);
  assert.ok(isRunning(pid));
  parent.kill('SIGKILL');
  await until(() => !isRunning(pid));
});
