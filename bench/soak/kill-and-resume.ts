// Kills `save` at some moment, runs it again, and looks at what is on the disk.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { orderOf } from '../../src/api/orders.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import type { ApiProcess } from '../../src/api/start.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

export interface KillOptions {
  readonly api: ApiProcess;
  readonly requests: number;
  readonly concurrency: number;
  /** Resolves when the first run is to be killed. */
  readonly when: (folder: string) => Promise<unknown>;
  /** Ends both runs. */
  readonly signal: AbortSignal;
}

/**
 * @returns how many files the first run left, and how many orders were cooked twice
 * @throws {AssertionError} if a file is not whole, one is missing, or more was repeated than was in flight; an AbortError
 */
export async function killAndResume({ api, requests, concurrency, when, signal }: KillOptions) {
  await using temporary = await temporaryFolder();
  const folder = temporary.path;
  const args = ['save', '--folder', folder, '--origin', api.origin];
  args.push('--requests', String(requests), '--concurrency', String(concurrency));
  const run = () =>
    spawn(process.execPath, [CLI, ...args], { stdio: 'ignore', signal, killSignal: 'SIGKILL' });
  await api.reset();
  const first = run();
  const gone = once(first, 'exit');
  await Promise.race([when(folder), gone]);
  first.kill('SIGKILL');
  await gone;
  const left = await wholeFiles(folder);
  const [code] = (await once(run(), 'exit')) as [number];
  assert.equal(code, 0, 'the second run ends well');
  const names = await wholeFiles(folder);
  const wanted = Array.from({ length: requests }, (_, index) => `order-${index + 1}.json`);
  assert.deepEqual(names.toSorted(), wanted.toSorted(), 'none is missing, nothing else is there');
  const repeated = (await api.stats()).completed - requests;
  assert.ok(repeated <= concurrency, `${repeated} repeated, at most ${concurrency} were in flight`);
  return { left: left.length, repeated: Math.max(0, repeated) };
}

/** The names of all orders in the folder. @throws {AssertionError} if one is not whole */
async function wholeFiles(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  for (const name of names) {
    const id = Number(/^order-(\d+)\.json$/.exec(name)?.[1]);
    assert.equal(await readFile(join(folder, name), 'utf8'), JSON.stringify(orderOf(id)), `${name} is whole`);
  }
  return names;
}
