// Measures one turn of the pitfalls that need no API, wrong or right: the time it took, and how late others were.
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { observe } from '../../src/measure/observe.ts';
import type { Findings } from '../findings.ts';
import { timesMs } from '../timing.ts';

async function observed(run: () => Promise<unknown>, samples: number): Promise<Findings> {
  await run();
  const stop = await observe();
  const times = await timesMs(run, { samples });
  const { observation } = await stop();
  return { timeMs: times, loopLateMs: observation.loopDelayMs.max };
}

export interface SleepInput {
  readonly how: 'blocking' | 'async';
  readonly handlers: number;
  readonly sleepMs: number;
  readonly samples: number;
}

/** Handlers that sleep, all called at once. */
export async function sleeping({ how, handlers, sleepMs, samples }: SleepInput): Promise<Findings> {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const handler = async () => {
    if (how === 'blocking') Atomics.wait(cell, 0, 0, sleepMs);
    else await wait(sleepMs);
  };
  return observed(() => Promise.all(Array.from({ length: handlers }, handler)), samples);
}

export interface FilesInput {
  readonly how: 'sync' | 'async';
  readonly reads: number;
  readonly bytes: number;
  readonly samples: number;
}

/** A handler that reads a file so many times, one after the other, while others want the thread too. */
export async function readingFiles({ how, reads, bytes, samples }: FilesInput): Promise<Findings> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'menu');
  await writeFile(file, Buffer.alloc(bytes, 'soup '));
  return await observed(async () => {
    for (let read = 0; read < reads; read++) {
      const content = how === 'sync' ? readFileSync(file) : await readFile(file);
      if (content.length !== bytes) throw new Error(`expected ${bytes} bytes, got ${content.length}`);
    }
  }, samples);
}
