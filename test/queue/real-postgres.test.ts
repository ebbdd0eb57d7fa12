// The queue on a real Postgres: ways not to get in, two machines, a server that falls over, and disks that are full. All tests
// share one server. Most share its database `postgres` too, and each of these has a queue of its own.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { killWorkers } from '../../bench/soak/queue-kills.ts';
import { startCommand } from '../../bench/soak/started-command.ts';
import { expectAllWhole } from '../../bench/soak/whole-orders.ts';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { serve } from '../../src/api/serve.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { openBoss } from '../../src/queue/boss.ts';
import type { ServerDatabase } from '../../src/queue/database.ts';
import { QueueFailure } from '../../src/queue/failure.ts';
import { runWorker } from '../../src/queue/worker.ts';
import { noMachines, twoMachines } from './machines.ts';
import { noPostgres, PASSWORD, startPostgres, type Postgres } from './postgres.ts';
import { noSmallDisk, smallDisk } from './small-disk.ts';

/** No other text has it. */
const SECRET = 'sesame';
const { signal } = new AbortController();

/** The line for a database that cannot be used. */
async function refusalOf(url: string): Promise<string> {
  try {
    await using boss = await openBoss({ kind: 'server', url });
    await boss.makeQueue('orders');
  } catch (error) {
    assert.ok(error instanceof QueueFailure, String(error));
    return error.message;
  }
  return 'it can be used';
}

describe('a real Postgres', { skip: noPostgres() }, () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres[Symbol.asyncDispose]());

  test('every reason why a database refuses us is one line, without the password', async () => {
    const url = await postgres.database('closed_to_many');
    const may = `password '${decodeURIComponent(PASSWORD)}'`;
    await postgres.sql(
      'postgres',
      `create role reader login ${may}`,
      'alter role reader set default_transaction_read_only = on',
      `create role guest login ${may}`,
      `create role crowd login ${may} connection limit 0`,
    );
    await using rude = createServer((socket) => socket.end('I am no Postgres.\n')).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const at = (as: string, database = 'closed_to_many') => postgres.url(database, as);
    const { port } = rude.address() as AddressInfo;
    const ways = {
      'refuses the password': at(`owner:${SECRET}-but-wrong`),
      'asks for a password, and none was given (DATABASE_URL or PGPASSWORD can hold it)': at('owner'),
      'is not there (database "kitchen" does not exist)': at(`owner:${PASSWORD}`, 'kitchen'),
      'is read-only (a standby?), but a queue must write': at(`reader:${PASSWORD}`),
      'does not allow what the queue needs (permission denied for database closed_to_many)': at(
        `guest:${PASSWORD}`,
      ),
      'has no connection left; start fewer workers, or raise its max_connections': at(`crowd:${PASSWORD}`),
      'does not encrypt its connections, and its URL asks for that (sslmode)': `${url}?sslmode=verify-full`,
      'cannot be reached (ECONNREFUSED)': `postgres://owner:${PASSWORD}@127.0.0.1:1/orders`,
      'is on an unknown host (is the name right?)': `postgres://owner:${PASSWORD}@kitchen.invalid/x`,
      'closed the connection': `postgres://owner:${PASSWORD}@127.0.0.1:${port}/orders`,
    };
    for (const [says, way] of Object.entries(ways)) {
      const line = await refusalOf(way);
      assert.match(line, /^the database postgres:\/\/\w+@[\w.]+(:\d+)?\/\w+ /);
      assert.ok(line.endsWith(` ${says}`), line);
      assert.doesNotMatch(line, new RegExp(SECRET));
    }
    rude.close();
    assert.equal(await refusalOf(url), 'it can be used');
    await postgres.sql('closed_to_many', 'update async_workbench.version set version = 9999');
    assert.match(await refusalOf(url), /has the queue's tables in version 9999, but this program is older/);
  });

  test('the commands end with 1 and that line, also under NODE_DEBUG, and with 2 for a wrong URL', async () => {
    const environment = {
      DATABASE_URL: postgres.url('postgres', `owner:${SECRET}-but-wrong`),
      NODE_DEBUG: 'child_process,net,tls',
    };
    await using folder = await temporaryFolder();
    const save = ['save', '--queue', '--folder', folder.path, '--workers', '1'];
    for (const args of [['worker'], save]) {
      await using command = startCommand(args, { environment });
      const { code, stdout, stderr } = await command.ended;
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, /^error: the database postgres:\/\/owner@.* refuses the password$/m);
      assert.doesNotMatch(stderr, new RegExp(SECRET));
    }
    // The driver leaves this connection open. A process that did not close it would never end.
    await using poor = startCommand(['worker'], {
      environment: { DATABASE_URL: postgres.url('postgres', 'owner') },
    });
    assert.match((await poor.ended).stderr, /^error: .* asks for a password, and none was given/);
    await using wrong = startCommand(['worker', '--database', `mysql://owner:${SECRET}@127.0.0.1/orders`]);
    const { code, stderr } = await wrong.ended;
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^error: --database: expected postgres:\/\/.*, got a URL that begins with mysql:\/\/\n$/,
    );
  });

  test('workers are killed again and again: every order is one whole file', async () => {
    const { said, twice } = await killWorkers({
      database: postgres.url('postgres'),
      orders: 40,
      kills: 2,
      workers: 2,
      concurrency: 4,
      latencyMs: 200,
      heartbeat: 2,
      signal,
    });
    assert.match(said, /^40 orders saved to FOLDER, 0 kept, 0 failed\n/);
    const [, begunAgain = '0'] = /^ {2}(\d+) orders? (?:was|were) begun more than once/m.exec(said) ?? [];
    assert.ok(Number(begunAgain) > 0, said);
    assert.ok(twice <= Number(begunAgain), `${twice} were done twice, and ${begunAgain} begun`);
  });

  test('the server falls over and comes back: save and its worker wait for it', async () => {
    await using folder = await temporaryFolder();
    const counters = new Counters();
    // So slow that a busy machine cannot finish the orders before the server falls over.
    await using api = await serve({ conditions: { ...INSTANT, latencyMs: 200 }, counters });
    const args = ['--folder', folder.path, '--origin', api.origin, '--workers', '1', '--heartbeat', '2'];
    await using saving = startCommand(['save', '--queue', 'falls-over', ...args, '--requests', '60'], {
      environment: { DATABASE_URL: postgres.url('postgres'), NODE_DEBUG: 'child_process' },
    });
    while (counters.read().completed < 20 && !saving.hasEnded()) await sleep(20);
    const shown = whatOthersSee(saving.pid);
    await postgres.crash();
    while (!saving.said().includes('trying again') && !saving.hasEnded()) await sleep(20);
    await postgres.restart();
    const { code, stdout, stderr } = await saving.ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^60 orders saved/);
    assert.match(stderr, /^the database postgres:\/\/owner@.*; trying again$/m);
    await expectAllWhole(folder.path, 60);
    assert.doesNotMatch(`${stdout}${stderr}${shown}`, new RegExp(SECRET));
  });

  test('rubbish in the queue, and orders of another version, disturb nobody', async () => {
    const url = postgres.url('postgres');
    await using boss = await openBoss({ kind: 'server', url });
    await boss.makeQueue('rubbish', { attempts: 1 });
    const vandal = await boss.submitter<unknown, unknown>('rubbish', 'vandal');
    const order = { format: 1, work: { job: 'fetch-order', timeoutMs: 1000, asText: true }, id: 1 };
    await vandal.put([
      { id: 'text', input: 'rubbish' },
      { id: 'elsewhere', input: { ...order, work: { ...order.work, origin: 'http://198.51.100.1:80' } } },
      { id: 'tomorrow', input: { format: 99, dish: 'soup' } },
    ]);
    await postgres.sql(
      'postgres',
      "insert into async_workbench.job (name, data, retry_limit) values ('rubbish', null, 0)",
    );
    await using folder = await temporaryFolder();
    const environment = { DATABASE_URL: url };
    await using worker = startCommand(['worker', '--queue', 'rubbish', '--database', url]);
    while (worker.printed() === '' && !worker.hasEnded()) await sleep(20);
    assert.doesNotMatch(worker.printed() + whatOthersSee(worker.pid), new RegExp(SECRET));
    // Nobody names an API, so the command starts its own.
    const args = ['--folder', folder.path, '--requests', '5', '--latency', '0'];
    await using saving = startCommand(['save', '--queue', 'rubbish', ...args], { environment });
    assert.deepEqual(await saving.ended, {
      code: 0,
      stdout: `5 orders saved to ${folder.path}, 0 kept, 0 failed\n`,
      stderr: '',
    });
    while ((await boss.counts('rubbish')).failed < 3 && !worker.hasEnded()) await sleep(20);
    worker.kill('SIGTERM');
    const { code, stderr } = await worker.ended;
    assert.equal(code, 130);
    assert.match(
      stderr,
      /^a job of format 99 is left to workers of that version; this worker knows format 1\n5 /,
    );
    const dead = await boss.deadLetters('rubbish');
    assert.deepEqual(dead.map(({ reason }) => reason).toSorted(), [
      'job.work.origin: expected http://127.0.0.1:PORT, got "http://198.51.100.1:80"',
      'job: expected an order, got "rubbish"',
    ]);
    assert.equal((await boss.counts('rubbish')).waiting, 1, 'that of tomorrow waits');
  });

  test(
    'the disk of the folder is full: failures are counted, and nothing is fetched again when there is room',
    { skip: noSmallDisk() },
    async () => {
      const queue = 'full-folder';
      const url = postgres.url('postgres');
      await using folder = await temporaryFolder();
      await using disk = await smallDisk(folder.path, 40);
      const counters = new Counters();
      await using api = await serve({ conditions: INSTANT, counters });
      await using _ = working({ kind: 'server', url }, queue);
      const args = ['save', '--queue', queue, '--folder', folder.path, '--origin', api.origin];
      const save = () =>
        startCommand([...args, '--requests', '20'], {
          environment: { DATABASE_URL: url },
          within: disk.within,
        });
      await using full = save();
      const { code, stdout, stderr } = await full.ended;
      assert.deepEqual([code, stderr], [1, '']);
      const [, saved, failed, counted] =
        /^(\d+) orders? saved to .*, 0 kept, (\d+) failed\n {2}(\d+) × Error ENOSPC\n$/.exec(stdout) ?? [];
      assert.ok(Number(saved) > 0 && Number(failed) > 0, stdout);
      assert.equal(failed, counted);
      await disk.resize(1024);
      await using again = save();
      assert.deepEqual(await again.ended, {
        code: 0,
        stdout: `${failed} orders saved to ${folder.path}, ${saved} kept, 0 failed\n`,
        stderr: '',
      });
      assert.equal(counters.read().completed, 20);
    },
  );

  test('two machines: when one is killed, the other does its orders', { skip: noMachines() }, async () => {
    await using two = await twoMachines();
    const [here, there] = two.machines;
    await using _ = await postgres.moved({ within: here.within, host: here.address });
    const environment = { DATABASE_URL: postgres.url('postgres') };
    await using folder = await temporaryFolder();
    const on = ({ within }: typeof here, ...args: readonly string[]) =>
      startCommand(args, { environment, within });
    // Each has an API of its own at the same address, as far as it can see.
    // That of the other one is slow: it must not have done all orders before it burns down.
    await using api = on(here, 'api', '--port', '4000', '--latency', '0');
    await using slowApi = on(there, 'api', '--port', '4000', '--latency', '300');
    for (const one of [api, slowApi]) {
      while (one.printed() === '' && !one.hasEnded()) await sleep(20);
    }
    const args = ['--folder', folder.path, '--origin', 'http://127.0.0.1:4000', '--requests', '40'];
    const queue = ['--queue', 'two-machines'];
    await using saving = on(here, 'save', ...queue, ...args, '--heartbeat', '2');
    await using worker = on(there, 'worker', ...queue, '--concurrency', '1');
    const saved = async () => (await readdir(folder.path)).filter((name) => name.startsWith('order-'));
    while ((await saved()).length < 3 && !saving.hasEnded()) await sleep(20);
    worker.kill();
    await using last = on(here, 'worker', ...queue, '--concurrency', '4');
    const { code, stdout, stderr } = await saving.ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^40 orders saved/);
    await expectAllWhole(folder.path, 40);
    last.kill('SIGTERM');
    const [, done = '0'] = /^(\d+) orders? done, 0 failed/m.exec((await last.ended).stderr) ?? [];
    assert.ok(Number(done) > 0 && Number(done) <= 37, `the one here did ${done}, the one there the rest`);
  });

  test('the disk of the database is full: one line', { skip: noSmallDisk() }, async () => {
    await postgres.sql(
      'postgres',
      `create tablespace small location '${postgres.disk}'`,
      'create database full_disk tablespace small',
    );
    const url = postgres.url('full_disk');
    await using boss = await openBoss({ kind: 'server', url });
    await boss.makeQueue('orders');
    const fill = 'insert into filler select repeat(md5(random()::text), 200) from generate_series(1, 1000)';
    await postgres.sql(
      'full_disk',
      'create unlogged table filler (text text)',
      'alter table filler alter text set storage external',
    );
    await assert.rejects(async () => {
      for (;;) await postgres.sql('full_disk', fill);
    }, /No space left on device/);
    await using folder = await temporaryFolder();
    await using saving = startCommand(['save', '--queue', '--folder', folder.path, '--requests', '1000'], {
      environment: { DATABASE_URL: url },
    });
    const { code, stdout, stderr } = await saving.ended;
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(
      stderr,
      /^stopped: .*\nerror: the database postgres:\/\/owner@.* has no space left on its disk\n$/,
    );
  });
});

/** A worker of `queue` in this process. Disposing ends it. */
function working(database: ServerDatabase, queue: string): AsyncDisposable {
  const end = new AbortController();
  const work = runWorker({ database, queue, concurrency: 4, signal: end.signal });
  return {
    async [Symbol.asyncDispose]() {
      end.abort();
      await work;
    },
  };
}

/** The command lines and environments of a process and its children, where the system shows them. */
function whatOthersSee(pid: number): string {
  if (process.platform !== 'linux') return '';
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return ''; // it has just ended
    }
  };
  const isChild = (name: string) => Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${name}/status`))?.[1]) === pid;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isChild(name));
  const lines = [String(pid), ...children].map((name) => read(`/proc/${name}/cmdline`));
  return [...lines, ...children.map((name) => read(`/proc/${name}/environ`))].join('\n');
}
