// Care for the world outside: the far side counts what it is asked, and how much of it at once.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../turns.ts';
import { askingModule, farSide, folder, run, start } from './modules.ts';

const joined = (text: string): string => text.replaceAll(/\s+/g, ' ');

test('nothing puts more in flight than --most: what would is left out or refused, and says so', async () => {
  await using server = await farSide(async () => {
    await wait(10);
    return 200;
  });
  await using made = await folder();
  const name = await made.write('asks.mjs', askingModule(server.origin, 20));
  const { code, stdout } = await run(made.path, 'compare', `./${name}`, '--most', '4', '--repeats', '1');
  assert.equal(code, 0);
  assert.match(
    joined(stdout),
    /promise-all: left out, because it would put 20 in flight at once, and 4 are allowed; --most 20 allows it/,
  );
  assert.ok(server.mostInFlight <= 4, String(server.mostInFlight));
  // Every place is used: the far side answers nothing before four are in flight.
  await using patient = await farSide(async (_, call) => {
    if (call > 10) await until(() => patient.mostInFlight >= 4);
    return 200;
  });
  const full = await made.write('fills.mjs', askingModule(patient.origin, 20));
  const pool = ['--most', '4', '--repeats', '1', '--approach', 'bounded-pool'];
  const filled = await run(made.path, 'compare', `./${full}`, ...pool);
  assert.equal(filled.code, 0, filled.stdout);
  assert.equal(patient.mostInFlight, 4);
  const refused = await run(made.path, 'compare', `./${name}`, '--most', '4', '--concurrency', '5');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--concurrency 5: more than may be in flight at once; --most 5 allows it/);
  const threads = await run(made.path, 'compare', `./${name}`, '--most', '4', '--threads', '5');
  assert.match(threads.stderr, /--threads 5: more than may be in flight at once/);
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
  await made.write(
    'deaf.mjs',
    `export const inputs = Array.from({ length: 12 }, (_, index) => index);
     export const task = async () => (await fetch('${server.origin}')).arrayBuffer();`,
  );
  const options = ['--most', '3', '--concurrency', '3', '--repeats', '1', '--approach', 'bounded-pool'];
  const { code, stdout } = await run(made.path, 'compare', './deaf.mjs', ...options, '--timeout', '600');
  assert.equal(code, 1);
  assert.match(
    joined(stdout),
    /bounded-pool: stopped (when 3 of 10 tasks had failed|because the task of input)/,
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
    const started = start(made.path, 'compare', `./${name}`, '--timeout', '3600000');
    await until(() => server.calls > 10 && server.inFlight > 0);
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

test('what is set up is put away, in this thread and in each of several', async () => {
  const paths: string[] = [];
  await using server = await farSide(async (path) => {
    paths.push(path);
    return 200;
  });
  await using made = await folder();
  await made.write(
    'opens.mjs',
    `export const inputs = [1, 2, 3, 4, 5, 6, 7, 8];
     export const setUp = async () => {
       await fetch('${server.origin}/open');
       return { double: (id) => 2 * id, [Symbol.asyncDispose]: async () => { await fetch('${server.origin}/close'); } };
     };
     export const task = async (id, signal, resource) => resource.double(id);`,
  );
  const options = ['--approach', 'sequential,worker-threads', '--threads', '2', '--repeats', '1'];
  const { code, stdout } = await run(made.path, 'compare', './opens.mjs', ...options);
  assert.equal(code, 0, stdout);
  const count = (path: string) => paths.filter((one) => one === path).length;
  assert.ok(count('/open') >= 3, String(count('/open')));
  assert.equal(count('/close'), count('/open'));
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
  const options = ['--approach', 'sequential', '--repeats', '1', '--retries', '50', '--inputs', 'ids.txt'];
  await made.write('ids.txt', Array.from({ length: 10 }, (_, index) => `id-${index}`).join('\n'));
  const { code, stdout } = await run(made.path, 'compare', `./${name}`, ...options);
  // The first look has no retries: all of it failed, so it says so.
  assert.equal(code, 1);
  assert.match(stdout, /up to 100 retries/);
  assert.deepEqual([server.calls, [...seen.keys()].length], [10, 10]);
  const again = await run(made.path, 'compare', `./${name}`, ...options);
  assert.equal(again.code, 0, again.stdout + again.stderr);
  assert.match(joined(again.stdout), /10 inputs, .* and 50 retries for a run/);
});

test('a run of own work is saved, drawn, traced and reported like any other', async () => {
  await using made = await folder();
  await made.write('my work.mjs', 'export const inputs = [1, 2, 3]; export const task = (id) => id;');
  const options = ['--repeats', '1', '--save', 'run.json', '--html', 'run.html', '--trace', 'run.trace.json'];
  const { code, stdout } = await run(made.path, 'compare', './my work.mjs', ...options);
  assert.equal(code, 0);
  assert.match(stdout, /wrote run\.json\nwrote run\.html\nwrote run\.trace\.json\n$/);
  const page = await readFile(join(made.path, 'run.html'), 'utf8');
  assert.match(page, /npm start -- compare &#39;\.\/my work\.mjs&#39; --requests 3/);
  const reported = await run(made.path, 'report', 'run.json', 'run.json', '--html', 'both.html');
  assert.equal(reported.code, 0, reported.stderr);
  const alone = await run(made.path, 'report', 'run.json', '--html', 'again.html', '--force');
  assert.equal(alone.code, 0, alone.stderr);
  assert.equal(await readFile(join(made.path, 'again.html'), 'utf8'), page);
});

test('inputs come from a file, one a line or as the items of an array', async () => {
  const paths: string[] = [];
  await using server = await farSide(async (path) => {
    paths.push(path);
    return 200;
  });
  await using made = await folder();
  await made.write(
    'asks.mjs',
    `export const task = (id) => fetch('${server.origin}/' + id).then((r) => r.text());`,
  );
  await made.write('ids.txt', 'a\r\nb\r\n');
  await made.write('ids.json', '["c", "d", "e"]');
  await made.write('wrong.json', '{"c": 1}');
  const ask = (file: string) =>
    run(made.path, 'compare', './asks.mjs', '--inputs', file, '--repeats', '1', '--approach', 'sequential');
  assert.equal((await ask('ids.txt')).code, 0);
  assert.deepEqual([...new Set(paths.splice(0))].toSorted(), ['/a', '/b']);
  assert.equal((await ask('ids.json')).code, 0);
  assert.deepEqual([...new Set(paths)].toSorted(), ['/c', '/d', '/e']);
  const wrong = await ask('wrong.json');
  assert.match(wrong.stderr, /^error: asks\.mjs: --inputs: expected a JSON array, got \{ c: 1 \}\n$/);
});
