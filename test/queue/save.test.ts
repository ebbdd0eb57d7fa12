// `save --queue` beside its own database, PGlite in the folder: whatever is killed, every order ends as one whole file, and
// nothing else stays.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { expectAllWhole } from '../../bench/soak/whole-orders.ts';
import { startCommand, type StartedCommand } from '../../bench/soak/started-command.ts';
import { INSTANT } from '../../src/api/conditions.ts';
import { startApi, type ApiProcess } from '../../src/api/start.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';

const ORDERS = 80;

/** One worker will do: each is a process that a busy machine has to start. */
function saveArgs(folder: string, { origin }: ApiProcess, orders: number): string[] {
  const args = ['save', '--folder', folder, '--queue', '--origin', origin, '--requests', String(orders)];
  return [...args, '--concurrency', '4', '--heartbeat', '2', '--workers', '1'];
}

/** Resolves when the API has cooked so many orders, or when the command has ended. */
async function cooked(api: ApiProcess, orders: number, by: StartedCommand): Promise<void> {
  while (!by.hasEnded() && (await api.stats()).completed < orders) await sleep(5);
}

/** The process ids of the children of `pid` that run `module`. */
function childrenOf(pid: number, module: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [, parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8')) ?? [];
        return Number(parent) === pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(module);
      } catch {
        return false; // it has just ended
      }
    })
    .map(Number);
}

describe('save --queue', { concurrency: true }, () => {
  test('an order that fails every time is reported with its reason; the same command tries it again', async () => {
    await using folder = await temporaryFolder();
    await using api = await startApi({ ...INSTANT, faults: { 500: 1 } });
    const args = saveArgs(folder.path, api, 2);
    await using failing = startCommand(args);
    assert.deepEqual(await failing.ended, {
      code: 1,
      stdout: [
        `0 orders saved to ${folder.path}, 0 kept, 2 failed`,
        '  2 × StatusError 500',
        '  2 orders failed every time, and went to the dead-letter queue',
        '  orders-dead; the same command tries them again',
        '',
      ].join('\n'),
      stderr: '',
    });
    assert.equal((await api.stats()).started, 10, 'each was tried five times');
    await api.behave(INSTANT);
    await using again = startCommand(args);
    assert.deepEqual(await again.ended, {
      code: 0,
      stdout: `2 orders saved to ${folder.path}, 0 kept, 0 failed\n`,
      stderr: '',
    });
    await expectAllWhole(folder.path, 2);
    assert.equal((await readdir(folder.path)).length, 2, 'nothing is left of the run');
  });

  test(
    'the submitter is killed, or interrupted, then a worker is killed, then the database: nothing is lost',
    { skip: process.platform !== 'linux' && 'finds the processes in /proc' },
    async () => {
      await using folder = await temporaryFolder();
      await using api = await startApi({ ...INSTANT, latencyMs: 20 });
      const args = saveArgs(folder.path, api, ORDERS);

      await using killed = startCommand(args);
      await cooked(api, ORDERS / 4, killed);
      killed.kill();
      assert.equal((await killed.ended).code, null);

      await using interrupted = startCommand(args);
      await cooked(api, (3 * ORDERS) / 8, interrupted);
      interrupted.kill('SIGINT');
      const interruption = await interrupted.ended;
      assert.deepEqual([interruption.code, interruption.stdout], [130, '']);
      assert.match(
        interruption.stderr,
        /^interrupted: \d+ orders? saved to .*, \d+ kept, 0 failed; the same command goes on from there\n$/,
      );

      await using stopped = startCommand(args);
      await cooked(api, ORDERS / 2, stopped);
      process.kill(childrenOf(stopped.pid, 'worker-process')[0]!, 'SIGKILL');
      await cooked(api, (3 * ORDERS) / 4, stopped);
      process.kill(childrenOf(stopped.pid, 'embedded-process')[0]!, 'SIGKILL');
      const { code, stdout, stderr } = await stopped.ended;
      assert.deepEqual([code, stdout], [1, '']);
      assert.deepEqual(stderr.replace(/ \d+ orders? saved to .*;/, ' SUMMARY;').split('\n'), [
        'a worker has ended (the process was ended by SIGKILL); another one takes its place',
        'stopped: SUMMARY; the same command goes on from there',
        'error: the embedded database has ended',
        '',
      ]);

      await using last = startCommand([...args, '--workers', '2']);
      const end = await last.ended;
      assert.deepEqual([end.code, end.stderr], [0, ''], end.stdout);
      const [, again = '0'] = /^ {2}(\d+) orders? (?:was|were) begun more than once/m.exec(end.stdout) ?? [];
      assert.ok(Number(again) > 0, 'what was in hand when the database ended');
      await expectAllWhole(folder.path, ORDERS);
      assert.equal((await readdir(folder.path)).length, ORDERS, 'nothing is left of the run');
      const { completed } = await api.stats();

      await using kept = startCommand(args);
      assert.equal((await kept.ended).stdout, `0 orders saved to ${folder.path}, ${ORDERS} kept, 0 failed\n`);
      assert.equal((await api.stats()).completed, completed, 'what is there is not fetched again');
    },
  );
});
