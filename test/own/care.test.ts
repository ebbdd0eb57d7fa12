// Care for the world outside: the far side counts what it is asked, and how much of it at once.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { isMeasured } from '../../src/measure/comparison.ts';
import { runLines } from '../processes.ts';
import { until } from '../turns.ts';
import { compared, planned } from './compared.ts';
import { askingModule, farSide, folder, run, start } from './modules.ts';

const joined = (text: string): string => text.replaceAll(/\s+/g, ' ');

test('nothing puts more in flight than --most, and every place is used: what would exceed it is left out or refused', async () => {
  // After the first look and the warm-up, the far side answers nothing before three are in flight, and takes its time.
  await using server = await farSide(async (_, call) => {
    if (call > 20) await until(() => server.mostInFlight >= 3);
    await wait(10);
    return 200;
  });
  await using made = await folder();
  const path = join(made.path, await made.write('asks.mjs', askingModule(server.origin, 20)));
  const approach = ['promise-all', 'bounded-pool'] as const;
  const { rows } = await compared(path, { most: 3, repeats: 1, approach });
  assert.deepEqual(rows[0], {
    approach: 'promise-all',
    leftOut: 'it would put 20 in flight at once, and 3 are allowed; --most 20 allows it',
  });
  assert.ok(rows[1] && isMeasured(rows[1]), JSON.stringify(rows));
  assert.equal(server.mostInFlight, 3);
  assert.equal(server.calls, 10 + 10 + 20, 'the first look, the warm-up and the run');
  // Without the limit there would be a thread for each core, or one for each lane.
  for (const kind of ['computes', 'waits'] as const) {
    const { settings } = await planned(path, { most: 1, kind });
    assert.deepEqual([settings?.concurrency, settings?.threads], [1, 1], kind);
  }
  const refused = await runLines(
    'src/program.ts',
    ['--concurrency', '--threads'].map((option) => ['compare', path, '--most', '3', option, '4']),
  );
  assert.deepEqual(refused, [
    {
      code: 2,
      stdout: '',
      stderr: 'error: --concurrency 4: more than may be in flight at once; --most 4 allows it (now 3)\n',
    },
    {
      code: 2,
      stdout: '',
      stderr: 'error: --threads 4: more than may be in flight at once; --most 4 allows it (now 3)\n',
    },
  ]);
});

test('a call that runs out of its time without hearing its signal keeps its place at the far side', async () => {
  // After the first look every call takes longer than its limit.
  await using server = await farSide(async (_, call) => {
    if (call > 10) {
      await until(() => server.mostInFlight === 3);
      await wait(1200);
    }
    return 200;
  });
  await using made = await folder();
  const name = await made.write(
    'deaf.mjs',
    `export const inputs = Array.from({ length: 12 }, (_, index) => index);
     export const task = async () => (await fetch('${server.origin}')).arrayBuffer();`,
  );
  const { rows } = await compared(join(made.path, name), {
    most: 3,
    concurrency: 3,
    timeout: 600,
    repeats: 1,
    approach: ['bounded-pool'],
  });
  const [row] = rows;
  assert.match(
    row && 'error' in row ? row.error : 'not stopped',
    /^stopped (when 3 of 10 tasks had failed|because the task of input)/,
  );
  assert.equal(server.mostInFlight, 3);
});

test('an approach is stopped when more than a fifth of its tasks fail, and says what the failures were', async () => {
  let isWell = true;
  await using server = await farSide(async (_, call) => {
    if (call > 10) isWell = false;
    return isWell ? 200 : 503;
  });
  await using made = await folder();
  const name = await made.write('asks.mjs', askingModule(server.origin, 40));
  const options = ['--approach', 'sequential,bounded-pool', '--concurrency', '5', '--json'];
  const { code, stdout } = await run(made.path, 'compare', `./${name}`, ...options);
  assert.equal(code, 1);
  const { rows } = JSON.parse(stdout).comparisons[0] as { rows: Array<{ approach: string; error: string }> };
  assert.deepEqual(
    rows.map(({ approach, error }) => [approach, error]),
    [
      ['sequential', 'stopped when 3 of 10 tasks had failed, more than a fifth: 3 × StatusError 503'],
      ['bounded-pool', 'stopped when 3 of 10 tasks had failed, more than a fifth: 3 × StatusError 503'],
    ],
  );
  // 10 to look at, 3 of sequential; of the pool up to five were on their way. The rows have no further trials.
  assert.ok(server.calls >= 10 + 3 + 3 && server.calls <= 10 + 3 + 8, String(server.calls));
});

/** Processes of this one, with what they started. */
function descendantsOf(parent: number): string[] {
  const children = readdirSync('/proc').filter((pid) => {
    try {
      const [, after] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      return /^\d+$/.test(pid) && after!.split(' ')[1] === String(parent);
    } catch {
      return false;
    }
  });
  return children.flatMap((pid) => [pid, ...descendantsOf(Number(pid))]);
}

test(
  'Ctrl-C ends every call that is on its way, and every process',
  { skip: process.platform !== 'linux' && 'needs /proc' },
  async () => {
    const open = Promise.withResolvers<void>();
    // The first look is answered. What is measured is never answered.
    await using server = await farSide(async (_, call) => {
      if (call > 10) await open.promise;
      return 200;
    });
    await using made = await folder();
    const name = await made.write('asks.mjs', askingModule(server.origin, 20));
    const started = start(
      made.path,
      'compare',
      `./${name}`,
      '--approach',
      'bounded-pool',
      '--timeout',
      '3600000',
    );
    await until(() => started.hasEnded() || (server.calls > 10 && server.inFlight > 0));
    const descendants = descendantsOf(started.pid);
    assert.ok(descendants.length > 0);
    started.kill('SIGINT');
    const { code } = await started.ended;
    assert.equal(code, 130);
    await until(() => server.inFlight === 0);
    for (const pid of descendants) await assert.rejects(access(`/proc/${pid}/cwd`));
    open.resolve();
  },
);

test('what is set up is put away, in this thread and in each of several, also by a module of CommonJS', async () => {
  await using made = await folder();
  const log = join(made.path, 'log');
  await made.write(
    'opens.js',
    `const { appendFileSync } = require('node:fs');
     const { setImmediate: turn } = require('node:timers/promises');
     const note = (what) => appendFileSync(${JSON.stringify(log)}, what + '\\n');
     const noteLater = async (what) => { await turn(); note(what); };
     module.exports = {
       inputs: [1, 2, 3, 4, 5, 6, 7, 8],
       setUp: async () => {
         await noteLater('opened');
         return { double: (id) => 2 * id, [Symbol.asyncDispose]: () => noteLater('closed') };
       },
       task: (id, signal, resource) => {
         note('called');
         return { then: (done) => noteLater('awaited').then(() => done(resource.double(id))) };
       },
     };`,
  );
  const { rows } = await compared(join(made.path, 'opens.js'), {
    approach: ['sequential', 'worker-threads'],
    threads: 2,
    repeats: 1,
    kind: 'waits',
  });
  const succeeded = rows.map((row) => isMeasured(row) && row.succeeded);
  assert.deepEqual(succeeded, [8, 8], JSON.stringify(rows));
  const noted = (await readFile(log, 'utf8')).trim().split('\n');
  const count = (what: string) => noted.filter((one) => one === what).length;
  assert.ok(count('opened') >= 3, String(count('opened')));
  assert.equal(count('closed'), count('opened'));
  // A thenable that is no promise: if a trial took it for a value, nobody would wait for the task.
  assert.equal(count('awaited'), count('called'));
});

test('retries come out of one budget for a run, and the far side sees no more of them', async () => {
  const seen = new Map<string, number>();
  // Each input is refused when it is asked for the first time.
  await using server = await farSide(async (path) => {
    const times = (seen.get(path) ?? 0) + 1;
    seen.set(path, times);
    return times === 1 ? 503 : 200;
  });
  await using made = await folder();
  const name = await made.write('asks.mjs', askingModule(server.origin, 30));
  await made.write('ids.txt', Array.from({ length: 10 }, (_, index) => `id-${index}`).join('\n'));
  // The first look has no retries: all of it failed, so it says so.
  const first = planned(join(made.path, name), { retries: 50, inputs: join(made.path, 'ids.txt') });
  await assert.rejects(first, /every one of the first 10 tasks failed: StatusError/);
  assert.deepEqual([server.calls, [...seen.keys()].length], [10, 10]);
  const options = ['--approach', 'sequential', '--repeats', '1', '--retries', '50', '--inputs', 'ids.txt'];
  const { code, stdout, stderr } = await run(made.path, 'compare', `./${name}`, ...options);
  assert.equal(code, 0, stdout + stderr);
  assert.match(joined(stdout), /up to 100 retries/);
  assert.match(joined(stdout), /10 inputs, .* and 50 retries for a run/);
  assert.equal(server.calls, 10 + 10 + 10 + 10, 'both first looks, the warm-up and the run');
  // The lines of the file, and nothing else, were asked for.
  assert.deepEqual(
    [...seen.keys()],
    Array.from({ length: 10 }, (_, index) => `/id-${index}`),
  );
});
