// What the suites say in the end of rows that are made by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpu } from '../../bench/cpu/suite.ts';
import { io } from '../../bench/io/suite.ts';
import { queue } from '../../bench/queue/suite.ts';
import { memory } from '../../bench/memory/suite.ts';
import { mock } from '../../bench/mock/suite.ts';
import { payload } from '../../bench/payload/suite.ts';
import { Rows, type Row } from '../../bench/rows.ts';
import { spreadOf } from '../../src/measure/statistics.ts';
import { duration } from '../../src/report/units.ts';

const closing = (suite: typeof cpu, rows: readonly Row[]) =>
  suite.plan('default').closing(new Rows(rows)).join(' ');
const row = (section: string, name: string, figure: string, ...samples: number[]): Row => ({
  section,
  name,
  figures: { [figure]: spreadOf(samples) },
});

test('that async gains nothing is said only where all of it was measured, and often enough', () => {
  const time = (name: string, ...samples: number[]) => row('Tasks of 20.0 ms', name, 'timeMs', ...samples);
  const sequential = time('sequential', 480, 481, 482);
  const [all, pool] = [time('promise-all', 480, 482, 484), time('bounded-pool', 481, 482, 483)];
  const says = /No async approach is seen to gain anything/;
  assert.match(closing(cpu, [sequential, all, pool]), says);
  const crashed = (name: string): Row => ({ section: 'Tasks of 20.0 ms', name, error: 'crashed' });
  assert.doesNotMatch(closing(cpu, [sequential, crashed('promise-all'), crashed('bounded-pool')]), says);
  assert.doesNotMatch(closing(cpu, [sequential, all, crashed('bounded-pool')]), says);
  assert.doesNotMatch(closing(cpu, [sequential, all, time('bounded-pool', 481)]), says);
  assert.doesNotMatch(closing(cpu, [sequential, all, time('bounded-pool', 240, 241, 242)]), says);
  assert.doesNotMatch(closing(cpu, [sequential, all, time('bounded-pool', 240, 480, 700)]), says, 'noise');
});

test('a sentence about an edge takes turns that all lie on the same side of it', () => {
  const pays = (...gains: number[]) =>
    closing(
      payload,
      [0.01, 0.03, 0.1, 0.3, 1, 3, 10].map((ms) =>
        row('From which size a thread pays', `tasks of ${duration(ms)}`, 'gain', ...gains),
      ),
    );
  assert.match(pays(1.3, 1.3, 1.2), /^2 threads are faster .* carries 10\.0 µs of work or more\.$/);
  assert.equal(pays(1.3, 1.3, 0.8), '');
  const slower = (...times: number[]) =>
    closing(mock, [row('12 ms asked for', 'loopback, C = 1', 'overAsked', ...times)]);
  assert.match(slower(1.1, 1.1, 1.2), /^loopback, 12 ms: up to 1 in flight/);
  assert.equal(slower(1.1, 1.1, 1.4), '');
  const busy = (...parts: number[]) =>
    closing(io, [row('0 ms, loopback', 'sequential', 'mockBusy', ...parts)]);
  assert.match(busy(0.9, 0.9, 0.88), /mock's CPU is full/);
  assert.equal(busy(0.9, 0.9, 0.7), '');
  const tenfold = (...speedups: number[]) =>
    closing(io, [row('120 ms, loopback', 'bounded-pool, C = 10', 'speedup', ...speedups)]);
  assert.match(tenfold(9.9, 9.9, 9.8), /^At 120 ms ten at once are 9\.90× as fast/);
  assert.equal(tenfold(9.9, 9.9, 7), '');
});

test('that async takes at least 40 % less memory is said only where the turns leave no doubt', () => {
  const said = (...peaks: number[]) =>
    closing(
      memory,
      [1, 10, 100].flatMap((count) => [
        row('Peak over baseline', `promise-all, C = ${count}`, 'overBaselineMiB', ...peaks),
        row('Peak over baseline', `worker-threads, C = ${count}`, 'overBaselineMiB', 100, 101, 99),
      ]),
    );
  assert.match(said(50, 51, 49), /^If C is 1 or more, .* At C = 100 it takes 50 % less\.$/);
  assert.equal(said(59, 51, 64), '');
});

test('what the job queue adds is said only after three turns', () => {
  const said = (turns: number) => {
    const figures = {
      ratioToBare: spreadOf([1.05, 1.06, 1.07].slice(0, turns)),
      msPerJob: spreadOf([0.5, 0.51, 0.52].slice(0, turns)),
    };
    return closing(queue, [{ section: 'Empty jobs on PGlite', name: 'job queue', figures }]);
  };
  assert.match(
    said(3),
    /^On PGlite an empty job takes 510 µs through the job queue, 1\.06× the time of bare/,
  );
  assert.equal(said(2), '');
});

test('a core is full for approaches that have one, not for threads that may use them all', () => {
  const busy = (name: string) => row('0 ms, loopback', name, 'clientBusy', 0.98, 0.99, 1);
  assert.match(
    closing(io, [busy('bounded-pool, C = 10')]),
    /client's CPU is full in: bounded-pool, C = 10 at 0 ms\./,
  );
  assert.equal(closing(io, [busy('worker-threads, C = 10')]), '');
});
