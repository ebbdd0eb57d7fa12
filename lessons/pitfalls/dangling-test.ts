// A test that forgets an await passes: it has ended before the check fails. node:test does better than most, the late
// failure makes the run fail; but the test itself says ok, and no test is counted as failed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { About } from './frame/pitfall.ts';
import { ownProcess } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Seen = { report: readonly string[]; exitCode: number | 'killed' };

export const about: About<Seen> = {
  title: 'Forget await in a test',
  symptom: 'Every test says ok and none is counted as failed, and yet the run ends with code 1.',
  remedy: 'Await every check in a test.',
  foundBy: ['oxlint typescript/no-floating-promises'],
  shows: {
    wrong: { report: ['✔ there is an order 0', '✔ there is an order 1', 'ℹ fail 0'], exitCode: 1 },
    right: { report: ['✖ there is an order 0', '✔ there is an order 1', 'ℹ fail 1'], exitCode: 1 },
  },
};

export async function wrong(): Promise<Seen> {
  const { printed, exitCode } = await ownProcess({ module: import.meta.url, version: 'wrong' }, () => {
    openRestaurant();
    test('there is an order 0', async () => {
      assert.doesNotReject(fetchOrder(0));
    });
    test('there is an order 1', async () => {
      await assert.doesNotReject(fetchOrder(1));
    });
  });
  return { report: reportIn(printed), exitCode };
}

export async function right(): Promise<Seen> {
  const { printed, exitCode } = await ownProcess({ module: import.meta.url, version: 'right' }, () => {
    openRestaurant();
    test('there is an order 0', async () => {
      await assert.doesNotReject(fetchOrder(0));
    });
    test('there is an order 1', async () => {
      await assert.doesNotReject(fetchOrder(1));
    });
  });
  return { report: reportIn(printed), exitCode };
}

/** What the run says of each test, without its time, and how many it counts as failed. */
function reportIn(printed: readonly string[]): string[] {
  const lines = printed.slice(0, printed.findIndex((line) => line.startsWith('ℹ fail')) + 1);
  return lines.filter((line) => /^(✔|✖|ℹ fail)/.test(line)).map((line) => line.replace(/ \([\d.]+ms\)$/, ''));
}
