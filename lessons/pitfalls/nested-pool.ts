// A task that takes a place in a pool and then waits for a second place in the same pool. With two places and two such
// tasks all are taken, and each waits for a place that only the other could free. Nothing is left that could wake the
// process, so Node ends it: with code 13 where a top-level await hangs, as here, otherwise with 0, as if all were well.
// A program that has anything else to do, a server for instance, is not even ended.
import pLimit, { type LimitFunction } from 'p-limit';
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';
import { until } from './frame/turns.ts';

export const about: About<Ended> = {
  title: 'Take the same limit twice',
  symptom: 'Two tasks active, two pending, for ever; no request is ever made; the process ends with code 13.',
  remedy: 'One limit for each level; or limit only the innermost call, the request itself.',
  foundBy: ['node exit code 13'],
  missedWhen: 'no top-level await waits for it: then the code is 0',
  shows: {
    wrong: {
      printed: ['2 active, 2 pending'],
      exitCode: 13,
      complaint: 'Warning: Detected unsettled top-level await',
    },
    right: { printed: ['2 served'], exitCode: 0, complaint: '' },
  },
};

const TABLES = [1, 2];

// One shared limit for everything looks like discipline.
export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong' }, async () => {
    openRestaurant();
    const limit = pLimit(2);
    const serveTable = async (id: number) => limit(() => fetchOrder(id));
    const tables = TABLES.map((id) => limit(() => serveTable(id)));
    await reportDeadlock(limit);
    const served = await Promise.all(tables);
    console.log(`${served.length} served`);
  });
}

export async function right(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'right' }, async () => {
    openRestaurant();
    const [tableLimit, orderLimit] = [pLimit(2), pLimit(2)];
    const serveTable = async (id: number) => orderLimit(() => fetchOrder(id));
    const tables = TABLES.map((id) => tableLimit(() => serveTable(id)));
    const served = await Promise.all(tables);
    console.log(`${served.length} served`);
  });
}

async function reportDeadlock(limit: LimitFunction): Promise<void> {
  await until(() => limit.activeCount === 2 && limit.pendingCount === 2);
  console.log(`${limit.activeCount} active, ${limit.pendingCount} pending`);
}
