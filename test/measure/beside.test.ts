// The processes beside a trial, read from outside. How much they hold and use is the system's affair: the tests ask for what
// must be there, and for what must be missing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { watchBeside } from '../../src/measure/beside.ts';
import { childrenOf } from '../../src/measure/process-stat.ts';

const ON_LINUX = { skip: process.platform !== 'linux' && 'only Linux tells what another process holds' };

/** A process that has computed for a while, and now waits. */
async function idleProcess() {
  const program =
    'const end = Date.now() + 50; while (Date.now() < end); setInterval(() => {}, 1e6); setTimeout(console.log, 50)';
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      const closed = once(child, 'close');
      child.kill();
      await closed;
    },
  };
}

test(
  'each worker and the database are told apart, and what they used before counts for nothing',
  ON_LINUX,
  async () => {
    await using worker = await idleProcess();
    await using database = await idleProcess();
    let again = 5;
    const watch = watchBeside({ workers: [worker.pid], database: database.pid, begunAgain: () => again });
    watch.afterRun();
    again = 7;
    const { memory, cpuMs, begunAgain } = watch.stop(1);
    assert.ok(memory && memory.workersMiB.length === 1 && memory.workersMiB[0]! > 1, JSON.stringify(memory));
    assert.ok(memory.databaseMiB! > 1);
    // They have waited since. The system counts user time and system time apart, and may count a tick of 10 ms of each late.
    assert.ok(cpuMs && cpuMs.workers <= 20 && cpuMs.database! <= 20, JSON.stringify(cpuMs));
    assert.equal(begunAgain, 2);
  },
);

test(
  'of a database that others have started nothing is known, and what the workers cost is',
  ON_LINUX,
  async () => {
    await using worker = await idleProcess();
    const watch = watchBeside({ workers: [worker.pid], database: undefined, begunAgain: () => 0 });
    watch.afterRun();
    const { memory, cpuMs } = watch.stop(2);
    assert.deepEqual([memory?.databaseMiB, cpuMs?.database], [null, null]);
    assert.equal(memory?.workersMiB.length, 1);
  },
);

test('a worker that has ended can be asked no more, so nothing is said of memory and CPU time', async () => {
  const ended = spawn(process.execPath, ['-e', '']);
  await once(ended, 'close');
  const watch = watchBeside({ workers: [ended.pid!], database: undefined, begunAgain: () => 0 });
  watch.afterRun();
  assert.deepEqual(watch.stop(1), { memory: null, cpuMs: null, begunAgain: 0 });
});

test('the children of a process are found, and those of one that has ended are none', ON_LINUX, async () => {
  await using child = await idleProcess();
  assert.ok(childrenOf(process.pid).includes(child.pid));
  assert.deepEqual(childrenOf(2 ** 30), []);
});
