// Whether a task waits or computes: by readings made here, and by real tasks in a process of their own.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { natureOf, timesOf, type Probe, type Readings } from '../../src/measure/nature.ts';
import { PROBE_TASKS, startProbe } from '../../src/measure/probe.ts';
import { folder, ownJobAt } from '../own/modules.ts';

const readings = (more: Partial<Readings>): Readings => ({
  tasks: 10,
  wallMs: 1000,
  idleMs: 0,
  waitedForCoreMs: 0,
  helperWaitedForCoreMs: 0,
  engineWaitedForCoreMs: 0,
  threadCpuMs: 0,
  helperCpuMs: 0,
  ...more,
});

test('idle time is waiting, CPU time of the thread is computing, and that of others is both', () => {
  const waits = timesOf(readings({ idleMs: 980, threadCpuMs: 20, helperCpuMs: 2 }));
  assert.equal(natureOf(waits), 'waits');
  assert.equal(waits.wallMs, 100);
  const computes = timesOf(readings({ threadCpuMs: 990, helperCpuMs: 10 }));
  assert.equal(natureOf(computes), 'computes');
  const zlib = timesOf(readings({ idleMs: 950, threadCpuMs: 50, helperCpuMs: 850 }));
  assert.deepEqual([natureOf(zlib), zlib.otherCpuMs], ['both', 85]);
  const mixed = timesOf(readings({ idleMs: 500, threadCpuMs: 500, helperCpuMs: 5 }));
  assert.equal(natureOf(mixed), 'both');
});

test('what others did with the core is no part of a task', () => {
  const computes = timesOf(readings({ waitedForCoreMs: 700, threadCpuMs: 300 }));
  assert.deepEqual([natureOf(computes), computes.wallMs], ['computes', 30]);
  const zlib = timesOf(
    readings({ idleMs: 990, helperWaitedForCoreMs: 700, threadCpuMs: 10, helperCpuMs: 290 }),
  );
  assert.equal(natureOf(zlib), 'both');
  // A helper that has nothing to do with the task may have waited while the task did.
  const waits = timesOf(readings({ idleMs: 980, helperWaitedForCoreMs: 0, threadCpuMs: 20 }));
  assert.deepEqual([natureOf(waits), waits.wallMs], ['waits', 100]);
});

test('a thread that waits for a core when its timer is due has computed all the same before', () => {
  // The loop counts the wait for a core as idle, if it is the event that wakes it which has to wait.
  const busy = timesOf(readings({ idleMs: 500, waitedForCoreMs: 490, threadCpuMs: 500 }));
  assert.deepEqual([natureOf(busy), busy.heldMs], ['both', 50]);
});

test('a thread that waits for the collectors of garbage, which wait for a core, computes all the same', () => {
  const collects = timesOf(readings({ engineWaitedForCoreMs: 600, threadCpuMs: 400 }));
  assert.deepEqual([natureOf(collects), collects.wallMs], ['computes', 40]);
});

test('a task too short for the CPU clock computes if it holds its thread, and one that sleeps in it waits', () => {
  const short = timesOf(readings({ wallMs: 2, threadCpuMs: 0 }));
  assert.equal(natureOf(short), 'computes');
  const asleep = timesOf(readings({ threadCpuMs: 5 }));
  assert.deepEqual([natureOf(asleep), asleep.heldMs], ['waits', 100]);
});

const TASKS = {
  'waits alone': ['waits', 'async () => { await wait(20); }'],
  'waits while the engine compiles': [
    'waits',
    'async () => { await wait(20); new Function("return " + Math.random() + "+1".repeat(500))(); }',
  ],
  'waits in its thread': [
    'waits',
    '() => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); }',
  ],
  'computes alone': ['computes', '() => burn(20)'],
  'computes behind an await': ['computes', 'async () => { await null; burn(20); }'],
  'compresses in the threads of zlib': [
    'both',
    'async () => { await promisify(gzip)(bytes, { level: 9 }); }',
  ],
  'waits and computes': ['both', 'async () => { await wait(20); burn(20); }'],
} as const;

const HEAD = `
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readFile } from 'node:fs/promises';
const bytes = new Uint8Array(2 ** 20).map((_, index) => (index * index) % 251);
// Of CPU time and not of time: a busy machine takes the core away.
function burn(ms) {
  const before = process.threadCpuUsage();
  for (let spent = 0; spent < ms * 1000; ) {
    for (let round = 0; round < 1e5; round++) Math.sqrt(round);
    const now = process.threadCpuUsage(before);
    spent = now.user + now.system;
  }
}
export const inputs = Array.from({ length: ${PROBE_TASKS} }, (_, index) => index + 1);
`;

/** A virtual machine does not see how busy its host is. One look may then be wrong, but not so many in a row. */
const LOOKS = 5;

/** The first look at a task that is as it should be, or else the last. */
async function looked(source: string, isAsExpected: (probe: Probe) => boolean): Promise<Probe> {
  for (let look = 1; look < LOOKS; look++) {
    const probe = await probed(source);
    if (isAsExpected(probe)) return probe;
  }
  return probed(source);
}

async function probed(source: string): Promise<Probe> {
  await using made = await folder();
  const name = await made.write('task.mjs', `${HEAD}\nexport const task = ${source};`);
  await using probe = await startProbe({ job: ownJobAt(join(made.path, name)), tasks: PROBE_TASKS });
  return (await probe.run()).probe;
}

for (const [does, [nature, source]] of Object.entries(TASKS)) {
  test(`a task that ${does} is seen as one that ${nature === 'both' ? 'does both' : nature}`, async () => {
    const probe = await looked(source, (found) => natureOf(found) === nature);
    assert.equal(natureOf(probe), nature, JSON.stringify(probe));
  });
}

test('a task that reads a file leaves its thread to others', async () => {
  await using made = await folder();
  const file = join(made.path, 'large');
  await writeFile(file, new Uint8Array(16 * 2 ** 20));
  const leavesItsThread = (probe: Probe) => natureOf(probe) !== 'computes' && probe.heldMs < probe.wallMs / 2;
  const probe = await looked(`async () => { await readFile(${JSON.stringify(file)}); }`, leavesItsThread);
  assert.ok(leavesItsThread(probe), JSON.stringify(probe));
});
