// Behind Node's asynchronous functions for files, names, zlib and crypto stands a thread pool: four threads of libuv.
// If four slow calls take all of them, every further call waits in a queue. That is starvation: it gets no thread. No
// metric shows that queue. The event loop is free, the CPU is idle, and nothing happens.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, read, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { pitfallInOwnProcess } from './frame/own-process.ts';
import { until } from './frame/turns.ts';

type Read = () => Promise<unknown>;
type Note = (event: string) => void;

const MENU = import.meta.filename;
const SUPPLIERS = [1, 2, 3, 4];

// It looks right because all calls are asynchronous and no thread is in sight.
export async function wrong(readSupplier: Read, note: Note): Promise<void> {
  const deliveries = Promise.all(SUPPLIERS.map(() => readSupplier()));
  await stat(MENU);
  note('the menu is there');
  await deliveries;
}

// There are fewer slow calls than threads, so one is left for quick calls.
// A time limit in JavaScript would not free a thread.
export async function right(readSupplier: Read, note: Note): Promise<void> {
  const limit = { concurrency: 3 };
  const deliveries = boundedPool(SUPPLIERS, () => readSupplier(), limit);
  await stat(MENU);
  note('the menu is there');
  await deliveries;
}

export const pitfall = pitfallInOwnProcess({
  module: import.meta.url,
  about: {
    title: 'Fill the four threads behind fs',
    symptom:
      'While four slow suppliers are read, fs.stat of a local file does not finish. The event loop turns and has nothing to do. (A call that never gets a thread is said to starve.)',
    remedy:
      'Run fewer slow calls at once than the thread pool has threads, or raise UV_THREADPOOL_SIZE. Move long computations to worker threads.',
    foundBy: ['awaiting thread pool full'],
    notOn: 'win32',
    shows: {
      wrong: {
        printed: ['2,000 turns and no menu', 'the suppliers deliver', 'the menu is there'],
        exitCode: 0,
        stderr: '',
      },
      right: { printed: ['the menu is there', 'the suppliers deliver'], exitCode: 0, stderr: '' },
    },
  },
  wrong,
  right,
  async scene(version: (readSupplier: Read, note: Note) => Promise<void>) {
    const suppliers = await openSuppliers();
    let isMenuThere = false;
    const done = version(suppliers.read, (event) => {
      isMenuThere = true;
      console.log(event);
    });
    // The system decides when a free thread runs: that may take any number of turns, so `right` has no limit.
    await until(() => isMenuThere, version === wrong ? 2000 : Infinity);
    if (!isMenuThere) console.log('2,000 turns and no menu');
    suppliers.deliver();
    await done;
    suppliers.close();
  },
});

/**
 * The suppliers are reads from a named pipe. Such a read blocks its thread until somebody writes into the pipe. In real
 * life it would be a network share that hangs, or a long call of crypto or zlib. It would not be the look-up of a name,
 * because libuv lets look-ups have at most two of the four threads.
 */
async function openSuppliers() {
  // The pipe's name is not needed once it is open: the folder goes with the end of this function.
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'pipe');
  execFileSync('mkfifo', [path]);
  // Open to read and to write, it never ends.
  const pipe = openSync(path, constants.O_RDWR);
  return {
    read: () => promisify(read)(pipe, { buffer: Buffer.alloc(1) }),
    /** Writes one byte for each read. */
    deliver(): void {
      console.log('the suppliers deliver');
      writeSync(pipe, Buffer.alloc(SUPPLIERS.length));
    },
    close: () => closeSync(pipe),
  };
}
