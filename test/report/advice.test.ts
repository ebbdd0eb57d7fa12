// What a run advises: the sentence by figures made here, and the lines of code by running them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { adviceFor } from '../../src/report/advice.ts';
import { codeFor } from '../../src/report/advice-code.ts';
import { IN_MEMORY } from '../../src/running/registry.ts';
import { ROOT } from '../processes.ts';
import { ownComparison, row } from './samples.ts';

const slow = row('sequential', [1000, 1001, 1002]);
const sentence = (...args: Parameters<typeof ownComparison>) => adviceFor(ownComparison(...args)).sentence;

test('the fastest is taken where it gains, with its size and what the task spends its time on', () => {
  const rows = [slow, row('bounded-pool', [100, 101, 102]), row('worker-threads', [120, 121, 122])];
  assert.equal(
    sentence(rows),
    'Take bounded-pool with 10 at once: 9.91× as fast as one by one, since a task leaves its thread free for 95 % of its 100 ms.',
  );
  const probe = { tasks: 10, isSynchronous: true, wallMs: 4, heldMs: 4, threadCpuMs: 4, otherCpuMs: 0 };
  const threads = [slow, row('bounded-pool', [999, 1001, 1003]), row('worker-threads', [520, 521, 522])];
  assert.equal(
    sentence(threads, { probe, nature: 'computes', threads: 2 }),
    'Take worker-threads with 2 threads and 2 tasks in a message: 1.92× as fast as one by one, since a task computes 100 % of its 4.00 ms.',
  );
});

test('of two within noise the simpler one is taken, and so it is where the gain is small', () => {
  const level = [slow, row('promise-all', [990, 1000, 1010]), row('worker-threads', [980, 1000, 1030])];
  assert.match(
    sentence(level),
    /^Take sequential: \S+ is not clearly faster, and sequential is the simpler one\.$/,
  );
  const small = [slow, row('bounded-pool', [970, 970, 970])];
  assert.equal(
    sentence(small),
    'Take sequential: bounded-pool gains only 3 %, and sequential is the simpler one.',
  );
  const pools = [slow, row('promise-all', [100, 102, 104]), row('bounded-pool', [100, 101, 103])];
  assert.match(
    sentence(pools),
    /^Take promise-all: .*bounded-pool is not clearly faster, and promise-all is the simpler one/,
  );
});

test('all at once is not advised for more inputs than were measured', () => {
  const both = [slow, row('promise-all', [100, 102, 104]), row('bounded-pool', [100, 101, 103])];
  assert.match(sentence(both, { inputsInAll: 500 }), /^Take bounded-pool with 10 at once: 9\.91×/);
  const alone = ownComparison([slow, row('promise-all', [25, 26, 27])], { inputsInAll: 500 });
  assert.match(
    adviceFor(alone).sentence,
    /^Take bounded-pool with 40 at once, as many as promise-all had here: 38\.5×/,
  );
  assert.match(adviceFor(alone).code.join('\n'), /concurrency: 40/);
});

test('nothing is advised by failures, by too few trials, or by one approach alone', () => {
  const failing = [slow, row('bounded-pool', [100, 101, 102], { failed: 1 })];
  assert.match(sentence(failing), /^No advice/);
  assert.match(sentence([row('sequential', [1000]), row('bounded-pool', [100])]), /^No advice/);
  assert.deepEqual(adviceFor(ownComparison([{ approach: 'blocking', leftOut: 'it waits' }, slow])).code, []);
});

test('the lines to paste run as they are, for every approach', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'advised '));
  try {
    await cp(join(ROOT, 'src/approaches'), folder, { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(
      join(folder, 'thread.ts'),
      'export default (batch: number[]) => batch.map((input) => 2 * input);\n',
    );
    const size = { concurrency: 3, threads: 2, pace: 1000, most: 8, costMs: 1, tasks: 5 };
    const names = IN_MEMORY.filter((name) => name !== 'job-queue');
    for (const approach of names) {
      const lines = codeFor(approach, size, 'thread.ts');
      const program = [
        ...lines.filter((line) => line.startsWith('import')),
        'const inputs = [1, 2, 3, 4, 5];',
        'const task = (input: number) => 2 * input;',
        ...lines.filter((line) => !line.startsWith('import')),
        `console.log('${approach}', JSON.stringify(results));`,
      ];
      await writeFile(join(folder, `use-${approach}.ts`), program.join('\n'));
    }
    // One after the other, in one process. It ends when nothing of any of them is left.
    const all = names.map((approach) => `await import('./use-${approach}.ts');`);
    await writeFile(join(folder, 'use-all.ts'), all.join('\n'));
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'use-all.ts')]);
    assert.deepEqual(
      stdout.trim().split('\n'),
      names.map((approach) => `${approach} [2,4,6,8,10]`),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
