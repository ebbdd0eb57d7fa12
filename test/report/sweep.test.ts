// What a sweep says, by figures made here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kneeOf } from '../../src/measure/knee.ts';
import { spreadOf } from '../../src/measure/statistics.ts';
import type { Sweep, SweepPoint } from '../../src/measure/sweep.ts';
import { plain } from '../../src/report/paint.ts';
import { sweepDocument } from '../../src/report/sweep-document.ts';
import { advice, endLine, sweepText } from '../../src/report/sweep.ts';
import { quietEnvironment } from './samples.ts';

function sweepOf(perS: readonly number[], more: Partial<Sweep> & { readonly noise?: number } = {}): Sweep {
  const { noise = 0.01, ended = { why: 'flat' }, ...rest } = more;
  const points = perS.map((value, index): SweepPoint => {
    const throughput = spreadOf([value * (1 - noise), value, value * (1 + noise)]);
    return {
      concurrency: 2 ** index,
      tasks: 20,
      throughputPerS: value,
      throughput,
      latencyMs: { median: 100 * (1 + index / 10), p95: 200 },
      memoryMiB: 5,
      failed: 0,
    };
  });
  const finding = kneeOf(points, ended.why === 'most');
  return { job: 'my.ts', approach: 'bounded-pool', points, ended, finding, ...rest };
}

test('the advice names the knee, its part of the best and what it costs each task', () => {
  assert.equal(
    advice(sweepOf([10, 20, 40, 75, 80])),
    'take C = 8: 94 % of the best throughput at 1.30× the latency of one at a time',
  );
});

test('where one at a time is as good as any, the advice says no more than the figures do', () => {
  assert.equal(advice(sweepOf([50, 50, 49])), 'take C = 1, one at a time: no larger C was clearly better');
  assert.equal(advice(sweepOf([50, 53, 53])), 'take C = 1, one at a time: a larger C gains at most 6 %');
});

test('there is no advice out of noise, out of too few trials, or beyond what was allowed', () => {
  assert.match(
    advice(sweepOf([10, 12, 14], { noise: 0.5 })),
    /^no advice: the trials of this run differ so much/,
  );
  assert.match(
    advice(sweepOf([10, 20, 40], { ended: { why: 'most' } })),
    /^throughput still grows at C = 4, .*--most 8/,
  );
  assert.match(advice(sweepOf([])), /^no advice: nothing was measured/);
});

test('the reason of the end is told, and failures at the knee are', () => {
  assert.match(
    endLine(sweepOf([10, 20], { ended: { why: 'latency', times: 3.5 } })),
    /a task takes 3\.50× as long/,
  );
  assert.match(
    endLine(sweepOf([10, 20], { ended: { why: 'stopped', concurrency: 4, error: 'it hangs' } })),
    /^C = 4: it hangs\. No larger C was tried\.$/,
  );
  const sweep = sweepOf([10, 20, 20.1]);
  const failing = sweep.points.map((point) => ({ ...point, failed: 3 }));
  assert.match(advice({ ...sweep, points: failing }), /; 3 of 60 tasks failed there$/);
});

test('the curve is as high as the throughput, and the knee stands under its C', () => {
  const lines = sweepText(sweepOf([10, 20, 40, 40]), { paint: plain });
  const first = lines.findIndex((line) => line.startsWith('Throughput over C'));
  assert.deepEqual(lines.slice(first + 1), [
    '40/s             ████  ████',
    '                 ████  ████',
    '                 ████  ████',
    '                 ████  ████',
    '           ████  ████  ████',
    '           ████  ████  ████',
    '     ████  ████  ████  ████',
    '     ████  ████  ████  ████',
    '     1     2     4     8',
    '                 ▲ knee: the least C with 90 % of the best',
  ]);
  for (const line of lines) assert.ok(line.length <= 80, line);
});

test('the document has the points, the knee or null, and the advice', () => {
  const document = sweepDocument(sweepOf([10, 20, 40, 40]), quietEnvironment());
  assert.deepEqual(Object.keys(document).toSorted(), [
    'advice',
    'approach',
    'because',
    'ended',
    'environment',
    'job',
    'knee',
    'points',
  ]);
  assert.deepEqual(document.knee, { concurrency: 4, ofBest: 1, latencyTimes: 1.2 });
  assert.equal(sweepDocument(sweepOf([10, 12, 14], { noise: 0.5 }), quietEnvironment()).knee, null);
});
