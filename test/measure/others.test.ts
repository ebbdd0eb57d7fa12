// Whether others were at work is told from what the cores did, less what we did ourselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startChild } from '../../src/child.ts';
import { cpuTimes, shareOfRun, takenByOthers, watchOthers, type CpuTimes } from '../../src/measure/others.ts';
import { until } from '../turns.ts';

const at = (allMs: number, busyMs: number, ownMs: number | undefined): CpuTimes => ({ allMs, busyMs, ownMs });

test('what others took is the work of all cores, less our own', () => {
  assert.equal(takenByOthers(at(1000, 100, 50), at(2000, 900, 250)), 0.6);
  assert.equal(takenByOthers(at(0, 0, 0), at(1000, 500, 500)), 0);
});

test('clocks that disagree by a tick make no negative part, and none above 1', () => {
  assert.equal(takenByOthers(at(0, 0, 0), at(1000, 500, 520)), 0);
  assert.equal(takenByOthers(at(0, 0, 0), at(1000, 1020, 0)), 1);
});

test('where our own part is not known, or no time has passed, nothing is said', () => {
  assert.equal(takenByOthers(at(0, 0, undefined), at(1000, 500, 100)), undefined);
  assert.equal(takenByOthers(at(0, 0, 0), at(1000, 500, undefined)), undefined);
  assert.equal(takenByOthers(at(7, 0, 0), at(7, 0, 0)), undefined);
});

test('a tenth of a run decides: less is a burst, more is not hidden by the quiet rest', () => {
  const windows = (busy: number, quiet: number) => [
    ...Array.from({ length: quiet }, () => 0.01),
    ...Array.from({ length: busy }, () => 0.7),
  ];
  assert.equal(shareOfRun(windows(0, 30)), 0.01);
  assert.equal(shareOfRun(windows(1, 30)), 0.01);
  assert.equal(shareOfRun(windows(4, 30)), 0.7);
  assert.equal(shareOfRun([0.5]), 0.5);
  assert.equal(shareOfRun([]), 0);
});

test('a machine that was busy in the middle of a run, and quiet at both ends, is found busy', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = at(0, 0, 0);
  const pass = (busyMs: number, ownMs: number) => {
    now = at(now.allMs + 1000, now.busyMs + busyMs, now.ownMs! + ownMs);
    t.mock.timers.tick(500);
  };
  const watch = watchOthers(() => now);
  pass(510, 500);
  pass(990, 90);
  pass(510, 500);
  assert.equal(await watch.stop(), 0.9);
});

test('a run that is shorter than a window is watched long enough to say something', async () => {
  let now = at(0, 0, 0);
  const watch = watchOthers(() => now);
  now = at(1000, 400, 100);
  assert.equal(await watch.stop(), 0.3);
});

test('what a child computes is our own, while it lives and after it has ended', async () => {
  const own = () => cpuTimes().ownMs;
  const before = own();
  const child = startChild(new URL('../children/child.ts', import.meta.url), { do: 'answer' });
  const { pid } = await child.receive<{ pid: number }>();
  // To start at all costs a process tens of milliseconds of CPU time: several ticks.
  if (before !== undefined) assert.ok(own()! > before);
  await child[Symbol.asyncDispose]();
  await until(() => !process.getActiveResourcesInfo().includes('ProcessWrap'));
  assert.ok(pid > 0);
  if (before !== undefined) assert.ok(own()! > before, 'and is not forgotten with it');
});
