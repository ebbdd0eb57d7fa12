// `save --queue` beside its own database, PGlite in the folder: whatever is killed, every order ends as one whole file, and
// nothing else stays.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { expectAllWhole } from '../../bench/soak/whole-orders.ts';
import { startCommand, type StartedCommand } from '../../bench/soak/started-command.ts';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { Gate } from '../../src/api/gate.ts';
import { serve } from '../../src/api/serve.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';

const ORDERS = 24;

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

test(
  'the submitter is killed, or interrupted, then a worker is killed, then the database: nothing is lost',
  { skip: process.platform !== 'linux' && 'finds the processes in /proc' },
  async () => {
    await using folder = await temporaryFolder();
    const [counters, gate] = [new Counters(), new Gate()];
    await using api = await serve({ conditions: INSTANT, counters, gate });
    const few = ['--requests', String(ORDERS), '--concurrency', '4', '--heartbeat', '2'];
    // One worker will do: each is a process that a busy machine has to start.
    const own = ['--folder', folder.path, '--origin', api.origin, '--workers', '1'];
    const args = ['save', '--queue', ...own, ...few];
    /** Lets so many orders be cooked. Others are in hand then. */
    const cooked = async (orders: number, by: StartedCommand) => {
      for (let cooked = 0; cooked < orders; cooked++) {
        await Promise.race([gate.waitFor(1), by.ended]);
        gate.letGo(1);
      }
      await Promise.race([gate.waitFor(1), by.ended]);
    };
    /** Resolves when nobody waits for an order any more: the processes of a command that was killed end a little later. */
    const deserted = async () => {
      while (gate.held > 0) await sleep(20);
    };

    await using killed = startCommand(args);
    await cooked(6, killed);
    killed.kill();
    assert.equal((await killed.ended).code, null);
    await deserted();

    await using interrupted = startCommand(args);
    await cooked(4, interrupted);
    interrupted.kill('SIGINT');
    const interruption = await interrupted.ended;
    assert.deepEqual([interruption.code, interruption.stdout], [130, '']);
    assert.match(
      interruption.stderr,
      /^interrupted: \d+ orders? saved to .*, \d+ kept, 0 failed; the same command goes on from there\n$/,
    );

    await deserted();

    await using stopped = startCommand(args);
    await cooked(4, stopped);
    process.kill(childrenOf(stopped.pid, 'worker-process')[0]!, 'SIGKILL');
    await cooked(4, stopped);
    process.kill(childrenOf(stopped.pid, 'embedded-process')[0]!, 'SIGKILL');
    const { code, stdout, stderr } = await stopped.ended;
    assert.deepEqual([code, stdout], [1, '']);
    assert.deepEqual(stderr.replace(/ \d+ orders? saved to .*;/, ' SUMMARY;').split('\n'), [
      'a worker has ended (the process was ended by SIGKILL); another one takes its place',
      'stopped: SUMMARY; the same command goes on from there',
      'error: the embedded database has ended',
      '',
    ]);

    await deserted();
    await using last = startCommand([...args, '--workers', '2']);
    while (!last.hasEnded()) {
      gate.letGo();
      await sleep(20);
    }
    const end = await last.ended;
    assert.deepEqual([end.code, end.stderr], [0, ''], end.stdout);
    const [, again = '0'] = /^ {2}(\d+) orders? (?:was|were) begun more than once/m.exec(end.stdout) ?? [];
    assert.ok(Number(again) > 0, 'what was in hand when the database ended');
    await expectAllWhole(folder.path, ORDERS);
    assert.equal((await readdir(folder.path)).length, ORDERS, 'nothing is left of the run');
    const { completed } = counters.read();

    await using kept = startCommand(args);
    assert.equal((await kept.ended).stdout, `0 orders saved to ${folder.path}, ${ORDERS} kept, 0 failed\n`);
    assert.equal(counters.read().completed, completed, 'what is there is not fetched again');
  },
);
