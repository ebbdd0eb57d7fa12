// Kills `save` at some moment, runs it again, and looks at what is on the disk.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import type { ApiProcess } from '../../src/api/start.ts';
import { expectAllWhole, wholeFiles } from './whole-orders.ts';

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
  await expectAllWhole(folder, requests);
  const repeated = (await api.stats()).completed - requests;
  assert.ok(repeated <= concurrency, `${repeated} repeated, at most ${concurrency} were in flight`);
  return { left: left.length, repeated: Math.max(0, repeated) };
}
