// fs, dns.lookup, zlib and crypto share four threads of libuv. Four calls that take long, and every further one waits
// in a queue that no metric shows: the event loop is free, the CPU is idle, and nothing happens.
//
// The suppliers are named pipes: opening one to read blocks its thread until somebody opens it to write, as long as we
// like. In real life they are a network share, or a name server that does not answer.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { About } from './frame/pitfall.ts';
import { ownProcess, type Ended } from './frame/own-process.ts';
import { until } from './frame/turns.ts';

export const about: About<Ended> = {
  title: 'Fill the four threads of fs and dns',
  symptom:
    'While four slow suppliers are read, fs.stat of a local file does not finish, and the loop turns idly.',
  remedy:
    'UV_THREADPOOL_SIZE in the environment; time limits on slow disks and names; CPU work in worker threads.',
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

export async function wrong(): Promise<Ended> {
  return ownProcess({ module: import.meta.url, version: 'wrong' }, async () => {
    using suppliers = openSuppliers('fish', 'bread', 'wine', 'fruit');
    const deliveries = suppliers.pipes.map((pipe) => readFile(pipe));
    const menu = noteWhenThere(stat(import.meta.filename));
    await until(() => menu.isThere, 2000);
    if (!menu.isThere) console.log('2,000 turns and no menu');
    suppliers.deliver();
    await Promise.all([menu.noted, ...deliveries]);
  });
}

// The same lines, one thread more: how many there are is settled before the first line of a program runs.
export async function right(): Promise<Ended> {
  const environment = { UV_THREADPOOL_SIZE: '5' };
  return ownProcess({ module: import.meta.url, version: 'right', environment }, async () => {
    using suppliers = openSuppliers('fish', 'bread', 'wine', 'fruit');
    const deliveries = suppliers.pipes.map((pipe) => readFile(pipe));
    const menu = noteWhenThere(stat(import.meta.filename));
    await until(() => menu.isThere);
    suppliers.deliver();
    await Promise.all([menu.noted, ...deliveries]);
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

function openSuppliers(...names: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'suppliers-'));
  const pipes = names.map((name) => join(folder, name));
  execFileSync('mkfifo', pipes);
  return {
    pipes,
    /** Opens each pipe to write, for which its reader has been waiting, and ends it. */
    deliver(): void {
      console.log('the suppliers deliver');
      for (const pipe of pipes) closeSync(openSync(pipe, 'w'));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
