// Promise.all over everything. There are as many requests, sockets and open files at the same moment as there are
// inputs. It works with three orders. It fails when there are more than the API or the operating system can take.
// With backpressure the source slows down to the speed of the slowest part. Here nothing slows it down.
import { open } from 'node:fs/promises';
import { devNull } from 'node:os';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { pitfallInOwnProcess } from './frame/own-process.ts';
import { cookInBatches, fetchOrder, openRestaurant, peakInFlightOf } from './frame/restaurant.ts';

type Task = (id: number) => Promise<void>;

const IDS = Array.from({ length: 100 }, (_, index) => index + 1);

// It looks right because it is the fastest way while the list is short.
export async function wrong(saveReceipt: Task): Promise<void> {
  await Promise.all(IDS.map((id) => saveReceipt(id)));
}

// A pool starts the next one when one has ended: never more than ten at once.
export async function right(saveReceipt: Task): Promise<void> {
  await boundedPool(IDS, (id) => saveReceipt(id), { concurrency: 10 });
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Start everything at once',
    symptom:
      'All 100 requests are in flight together. In a process that may open 64 files, saving the receipts ends with EMFILE (too many open files).',
    remedy:
      'Use a bounded pool. If only the requests need a limit, use an undici Agent with a limit of connections.',
    foundBy: [],
    notOn: 'win32',
    shows: {
      wrong: { printed: ['100 orders in flight at once', 'EMFILE'], exitCode: 0, stderr: '' },
      right: { printed: ['10 orders in flight at once', '100 receipts saved'], exitCode: 0, stderr: '' },
    },
  },
  wrong,
  right,
  openFiles: 64,
  async scene(version: (saveReceipt: Task) => Promise<void>) {
    const peak = await peakInFlightOf(() => version(ignoreOrder), IDS.length);
    console.log(`${peak} orders in flight at once`);
    console.log(await saveAll(version, peak));
  },
});

async function ignoreOrder(id: number): Promise<void> {
  await fetchOrder(id);
}

/** The file of a receipt is open while its order is in flight. The kitchen cooks when `batch` orders are in flight. */
async function saveAll(version: (saveReceipt: Task) => Promise<void>, batch: number): Promise<string> {
  using restaurant = openRestaurant({ gated: true });
  void cookInBatches(restaurant.gate, batch);
  try {
    await version(async (id) => {
      await using receipt = await open(devNull, 'w');
      await receipt.write(JSON.stringify(await fetchOrder(id)));
    });
    return `${IDS.length} receipts saved`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
