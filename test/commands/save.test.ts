// A disk that takes no more: a limit on the size of files makes every write fail as a full disk does, some of them
// in the middle of a file, without filling one.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { orderOf } from '../../src/api/orders.ts';

const ROOT = join(import.meta.dirname, '../..');
const skip = process.platform === 'win32' && 'needs a shell with ulimit';

interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs node with files of at most `kibibytes`, or of any size. */
function node(args: readonly string[], kibibytes: number | 'unlimited' = 'unlimited'): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const script = `ulimit -f ${kibibytes}; exec "$0" "$@"`;
  // A report of coverage would not fit either, and Node would say so. Node hands that variable to each child that is
  // not given one, so it has to be there, and undefined.
  const env = { ...process.env, NODE_V8_COVERAGE: undefined };
  const child = execFile('bash', ['-c', script, process.execPath, ...args], { env }, (_, stdout, stderr) =>
    resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  return promise;
}

/** A server that answers `/orders/N` with what `bodyOf` says. */
async function serving(bodyOf: (id: number) => string) {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(bodyOf(Number(request.url!.split('/').at(-1))));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await promisify(server.close.bind(server))();
    },
  };
}

/** Without an `origin` the command starts an API of its own. */
function saveArgs(folder: string, origin: string | undefined, requests: number): string[] {
  const api = origin === undefined ? ['--latency', '0'] : ['--origin', origin];
  const args = ['save', '--folder', folder, ...api, '--concurrency', '5'];
  return [join(ROOT, 'src/cli.ts'), ...args, '--requests', String(requests)];
}

test(
  'a disk that is full: every order is a counted failure, no part of a file stays, and later all are saved, from its own API',
  { skip },
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'workbench-full-'));
    await using server = await serving((id) => JSON.stringify({ id }));
    const full = await node(saveArgs(folder.path, server.origin, 6), 0);
    assert.deepEqual(full, {
      code: 1,
      stdout: `0 orders saved to ${folder.path}, 0 kept, 6 failed\n  6 × Error EFBIG\n`,
      stderr: '',
    });
    assert.deepEqual(await readdir(folder.path), []);
    assert.deepEqual(await node(saveArgs(folder.path, undefined, 6)), {
      code: 0,
      stdout: `6 orders saved to ${folder.path}, 0 kept, 0 failed\n`,
      stderr: '',
    });
    assert.deepEqual(JSON.parse(await readFile(join(folder.path, 'order-6.json'), 'utf8')), orderOf(6));
  },
);

test(
  'a file that the disk has room for only in part is absent, and what had its name stays',
  { skip },
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'workbench-full-'));
    const write = `
    import { writeWhole } from ${JSON.stringify(new URL('../../src/files/whole-file.ts', import.meta.url).href)};
    await writeWhole(${JSON.stringify(folder.path)}, 'order.json', 'x'.repeat(Number(process.argv[1])));`;
    const run = (size: number) => node(['--input-type=module', '--eval', write, String(size)], 2);
    assert.equal((await run(1000)).code, 0);
    const { code, stderr } = await run(10_000);
    assert.equal(code, 1);
    assert.match(stderr, /EFBIG/);
    assert.deepEqual(await readdir(folder.path), ['order.json']);
    assert.equal((await readFile(join(folder.path, 'order.json'), 'utf8')).length, 1000);
  },
);

test(
  'what is no answer to the question is a failure, and the bytes of one that is are saved as they came',
  { skip },
  async () => {
    const bodies = [
      '{"id":1,"big":12345678901234567890,"far":1e400 }',
      '{"id":1}',
      '{"error":"out of soup"}',
      'null',
      '{',
    ];
    await using server = await serving((id) => bodies[id - 1]!);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'workbench-answers-'));
    const { code, stdout } = await node(saveArgs(folder.path, server.origin, bodies.length));
    assert.equal(code, 1);
    assert.match(stdout, /^1 order saved .*, 0 kept, 4 failed\n/);
    assert.match(stdout, /3 × the answer is not the order that was asked for/);
    assert.deepEqual(await readdir(folder.path), ['order-1.json']);
    assert.equal(await readFile(join(folder.path, 'order-1.json'), 'utf8'), bodies[0]);
  },
);

test(
  'what is there counts as kept only if it is that order, whole; what is not ours stays',
  { skip },
  async () => {
    await using server = await serving((id) => JSON.stringify({ id }));
    await using folder = await mkdtempDisposable(join(tmpdir(), 'workbench-kept-'));
    const at = (name: string) => join(folder.path, name);
    for (const [id, text] of ['', '{"id":', '{"id":9}', '{"id":4,"mine":true}'].entries()) {
      await writeFile(at(`order-${id + 1}.json`), text);
    }
    await writeFile(at('.unfinished-novel.md'), 'years of work');
    await mkdir(at('.unfinished-dir'));
    const { code, stdout } = await node(saveArgs(folder.path, server.origin, 4));
    assert.deepEqual([code, stdout], [0, `3 orders saved to ${folder.path}, 1 kept, 0 failed\n`]);
    assert.equal(await readFile(at('order-4.json'), 'utf8'), '{"id":4,"mine":true}');
    assert.equal(await readFile(at('order-3.json'), 'utf8'), '{"id":3}');
    assert.equal(await readFile(at('.unfinished-novel.md'), 'utf8'), 'years of work');
    assert.ok((await readdir(folder.path)).includes('.unfinished-dir'));
  },
);

test(
  'several at once in one folder all end well, and leave every order and nothing else',
  { skip },
  async () => {
    await using server = await serving((id) => JSON.stringify({ id }));
    await using folder = await mkdtempDisposable(join(tmpdir(), 'workbench-several-'));
    const ends = await Promise.all(
      Array.from({ length: 3 }, () => node(saveArgs(folder.path, server.origin, 40))),
    );
    assert.deepEqual(
      ends.map(({ code, stderr }) => [code, stderr]),
      Array.from({ length: 3 }, () => [0, '']),
    );
    const names = Array.from({ length: 40 }, (_, index) => `order-${index + 1}.json`);
    assert.deepEqual((await readdir(folder.path)).toSorted(), names.toSorted());
  },
);
