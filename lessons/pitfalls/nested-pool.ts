// A task takes a place in a pool and then waits for a second place in the same pool. With two places and two such tasks
// all places are taken, and each task waits for a place that only the other could free. That is a deadlock. Nothing is
// left that could wake the process, so Node ends it.
import pLimit, { type LimitFunction } from 'p-limit';
import { pitfallInOwnProcess } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

const TABLES = [1, 2];

// It looks right because one limit for everything looks like discipline.
export async function wrong(limit: LimitFunction): Promise<void> {
  const serveTable = async (id: number) => limit(() => fetchOrder(id));
  const tables = TABLES.map((id) => limit(() => serveTable(id)));
  const served = await Promise.all(tables);
  console.log(`${served.length} served`);
}

// Each level has a limit of its own.
export async function right(limit: LimitFunction): Promise<void> {
  const orderLimit = pLimit(2);
  const serveTable = async (id: number) => orderLimit(() => fetchOrder(id));
  const tables = TABLES.map((id) => limit(() => serveTable(id)));
  const served = await Promise.all(tables);
  console.log(`${served.length} served`);
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Take the same limit twice',
    symptom:
      'Two tasks are active, two are pending, and it stays like that for ever (a deadlock). No request is made. Node ends the process with exit code 13.',
    remedy: 'Use one limit for each level. Or limit only the innermost call, the request itself.',
    foundBy: ['node exit code 13', 'awaiting ends with 13'],
    missedWhen: 'no top-level await waits for it: then the exit code is 0',
    shows: {
      wrong: {
        printed: ['2 active, 2 pending'],
        exitCode: 13,
        stderr: 'Warning: Detected unsettled top-level await',
      },
      right: { printed: ['2 served', '0 active, 0 pending'], exitCode: 0, stderr: '' },
    },
  },
  wrong,
  right,
  async scene(version: (limit: LimitFunction) => Promise<void>) {
    openRestaurant();
    const limit = pLimit(2);
    const done = version(limit);
    await until(() => limit.pendingCount === 2, 1000);
    console.log(`${limit.activeCount} active, ${limit.pendingCount} pending`);
    await done;
  },
});
