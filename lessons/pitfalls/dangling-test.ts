// A test that forgets an await passes, because it has ended before its check fails. node:test does better than most
// runners: the late failure makes the whole run fail. But the test itself is reported as passed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pitfallInOwnProcess } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

// It looks right because the report says that both tests have passed.
export function wrong(): void {
  test('there is an order 0', async () => {
    assert.doesNotReject(fetchOrder(0));
  });
  test('there is an order 1', async () => {
    await assert.doesNotReject(fetchOrder(1));
  });
}

// The test ends when its check has ended. There is no order 0, so it fails.
export function right(): void {
  test('there is an order 0', async () => {
    await assert.doesNotReject(fetchOrder(0));
  });
  test('there is an order 1', async () => {
    await assert.doesNotReject(fetchOrder(1));
  });
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Forget await in a test',
    symptom: 'Every test is reported as passed and no test as failed, but the run ends with exit code 1.',
    remedy: 'Await every check in a test.',
    foundBy: ['oxlint typescript/no-floating-promises'],
    shows: {
      wrong: {
        printed: ['✔ there is an order 0', '✔ there is an order 1', 'ℹ fail 0'],
        exitCode: 1,
        stderr: '',
      },
      right: {
        printed: ['✖ there is an order 0', '✔ there is an order 1', 'ℹ fail 1'],
        exitCode: 1,
        stderr: '',
      },
    },
  },
  wrong,
  right,
  scene: (version) => {
    openRestaurant();
    version();
  },
  select: reportLines,
});

/** What the run says about each test, without its time, and how many tests it counts as failed. */
function reportLines(printed: readonly string[]): string[] {
  const lines = printed.slice(0, printed.findIndex((line) => line.startsWith('ℹ fail')) + 1);
  return lines.filter((line) => /^(✔|✖|ℹ fail)/.test(line)).map((line) => line.replace(/ \([\d.]+ms\)$/, ''));
}
