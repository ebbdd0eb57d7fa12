// Promise.all over everything: as many requests, sockets and open files at the same moment as there are inputs. It
// works with three orders, and works until the day when there are more than something downstream can take.
import { open } from 'node:fs/promises';
import { devNull } from 'node:os';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import type { About } from './frame/pitfall.ts';
import { ownProcess } from './frame/own-process.ts';
import { fetchOrder, openRestaurant } from './frame/restaurant.ts';

type Seen = { peakInFlight: number; with64Files: readonly string[] };

export const about: About<Seen> = {
  title: 'Start everything at once',
  symptom:
    'All 100 requests are in flight together; where 64 open files are allowed, saving them ends in EMFILE.',
  remedy: 'A bounded pool; for the requests alone, an undici Agent with a limit of connections.',
  foundBy: [],
  notOn: 'win32',
  shows: {
    wrong: { peakInFlight: 100, with64Files: ['EMFILE'] },
    right: { peakInFlight: 10, with64Files: ['100 receipts saved'] },
  },
};

const IDS = Array.from({ length: 100 }, (_, index) => index + 1);

export async function wrong(): Promise<Seen> {
  const all = async (task: Task) => Promise.all(IDS.map((id) => task(id)));
  const child = { module: import.meta.url, version: 'wrong', openFiles: 64 } as const;
  const { printed } = await ownProcess(child, () => saveReceipts(all, IDS.length));
  return { peakInFlight: await peakOf(all, IDS.length), with64Files: printed };
}

export async function right(): Promise<Seen> {
  const pool = async (task: Task) => boundedPool(IDS, (id) => task(id), { concurrency: 10 });
  const child = { module: import.meta.url, version: 'right', openFiles: 64 } as const;
  const { printed } = await ownProcess(child, () => saveReceipts(pool, 10));
  return { peakInFlight: await peakOf(pool, 10), with64Files: printed };
}

type Task = (id: number) => Promise<void>;
type RunAll = (task: Task) => Promise<unknown>;

/** The kitchen cooks once `batch` orders stand at the gate, so that they are in flight together. */
async function peakOf(runAll: RunAll, batch: number): Promise<number> {
  using restaurant = openRestaurant({ batch });
  await runAll(async (id) => {
    await fetchOrder(id);
  });
  return restaurant.stats.peakInFlight;
}

/** A receipt's file is open while its order is in flight. */
async function saveReceipts(runAll: RunAll, batch: number): Promise<void> {
  using _ = openRestaurant({ batch });
  try {
    await runAll(async (id) => {
      await using receipt = await open(devNull, 'w');
      await receipt.write(JSON.stringify(await fetchOrder(id)));
    });
    console.log(`${IDS.length} receipts saved`);
  } catch (error) {
    console.log((error as NodeJS.ErrnoException).code);
  }
}
