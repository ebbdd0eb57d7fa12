// fs, dns.lookup, zlib and crypto share four threads of libuv. Four calls that take long, and every further one waits
// in a queue that no metric shows: the event loop is free, the CPU is idle, and nothing happens.
//
// The four suppliers are reads from a named pipe, which block their thread until something is written into it, as long
// as we like. In real life they are a network share that hangs, or long crypto and zlib calls; not names, for libuv lets
// lookups have at most two of the four.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, read, rmSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';
import { until } from './frame/turns.ts';

export const about: About<Ended> = {
  title: 'Fill the four threads behind fs',
  symptom:
    'While four slow suppliers are read, fs.stat of a local file does not finish, and the loop turns idly.',
  remedy:
    'Let fewer slow calls run than the pool has threads, or raise UV_THREADPOOL_SIZE; CPU work in worker threads.',
  foundBy: [],
  notOn: 'win32',
  shows: {
    wrong: {
      printed: ['2,000 turns and no menu', 'the suppliers deliver', 'the menu is there'],
      exitCode: 0,
      complaint: '',
    },
    right: { printed: ['the menu is there', 'the suppliers deliver'], exitCode: 0, complaint: '' },
  },
};

// Four asynchronous reads, and no thread in sight.
export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong' }, async () => {
    const suppliers = openSuppliers();
    const deliveries = [suppliers.read(), suppliers.read(), suppliers.read(), suppliers.read()];
    const menu = noteWhenThere(stat(import.meta.filename));
    await until(() => menu.isThere, 2000);
    if (!menu.isThere) console.log('2,000 turns and no menu');
    suppliers.deliver(deliveries.length);
    await Promise.all([menu.noted, ...deliveries]);
    suppliers.close();
  });
}

// Fewer slow calls than threads: one is left for what is quick. A time limit in JavaScript would free no thread.
export async function right(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'right' }, async () => {
    const suppliers = openSuppliers();
    const deliveries = boundedPool([1, 2, 3, 4], () => suppliers.read(), { concurrency: 3 });
    const menu = noteWhenThere(stat(import.meta.filename));
    await until(() => menu.isThere);
    suppliers.deliver(4);
    await Promise.all([menu.noted, deliveries]);
    suppliers.close();
  });
}

function noteWhenThere(menu: Promise<unknown>) {
  const state = { isThere: false, noted: menu.then(note) };
  function note(): void {
    state.isThere = true;
    console.log('the menu is there');
  }
  return state;
}

/** Open to read and to write, the pipe never ends; and its name is gone at once, so that nothing has to be tidied up. */
function openSuppliers() {
  const folder = mkdtempSync(join(tmpdir(), 'suppliers-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const pipe = openSync(path, constants.O_RDWR);
  rmSync(folder, { recursive: true });
  return {
    read: () => promisify(read)(pipe, { buffer: Buffer.alloc(1) }),
    /** One byte for each read. */
    deliver(count: number): void {
      console.log('the suppliers deliver');
      writeSync(pipe, Buffer.alloc(count));
    },
    close: () => closeSync(pipe),
  };
}
