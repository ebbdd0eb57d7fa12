import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Timeline } from '../../lessons/picture.ts';

/** Draws bars from their times in seconds: the clock is set by hand. */
async function drawn(
  t: TestContext,
  bars: ReadonlyArray<readonly [string, number, number]>,
): Promise<Timeline> {
  const clock = t.mock.method(performance, 'now', () => 0);
  const timeline = new Timeline();
  const at = (second: number) => clock.mock.mockImplementation(() => second * 1000);
  const ends: Array<{ end: number; finish: () => void }> = [];
  for (const [label, start, end] of bars) {
    at(start);
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.push({ end, finish: resolve });
    void timeline.during(label, () => promise);
  }
  for (const { end, finish } of ends.toSorted((one, other) => one.end - other.end)) {
    at(end);
    finish();
    await new Promise(setImmediate);
  }
  clock.mock.restore();
  return timeline;
}

test('rows: one bar a line, in the order of their start, to scale', async (t) => {
  const timeline = await drawn(t, [['soup', 0, 1], ['salad', 1, 4], ['tea', 2, 3]]); // prettier-ignore
  assert.deepEqual(timeline.rows().split('\n'), [
    `soup   ${'━'.repeat(9)}${' '.repeat(27)}  0.0 – 1.0 s`,
    `salad  ${' '.repeat(9)}${'━'.repeat(27)}  1.0 – 4.0 s`,
    `tea    ${' '.repeat(18)}${'━'.repeat(9)}${' '.repeat(9)}  2.0 – 3.0 s`,
  ]);
  assert.deepEqual([timeline.end, timeline.longest], [4, 3]);
});

test('lanes: as many lines as there were bars at once, and none overlaps', async (t) => {
  const timeline = await drawn(t, [['1', 0, 2], ['2', 0, 1], ['3', 1, 4], ['4', 2, 3]]); // prettier-ignore
  assert.deepEqual(timeline.lanes().split('\n'), [
    `│1${'━'.repeat(17)}4${'━'.repeat(8)}${' '.repeat(9)}│`,
    `│2${'━'.repeat(8)}3${'━'.repeat(26)}│`,
  ]);
});

test('a later right edge makes pictures comparable', async (t) => {
  const timeline = await drawn(t, [['1', 0, 2]]);
  assert.equal(timeline.lanes(4), `│1${'━'.repeat(17)}${' '.repeat(18)}│`);
});

test('work that fails keeps its bar and its error', async (t) => {
  t.mock.method(performance, 'now', () => 0);
  const timeline = new Timeline();
  await assert.rejects(
    timeline.during('fish', () => Promise.reject(new Error('off'))),
    /off/,
  );
  assert.match(timeline.rows(1), /^fish/);
});
