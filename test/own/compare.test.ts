// Own work by `compare`, as its users meet it: a module of theirs outside of the project, and a server of theirs that counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { OwnComparison } from '../../src/measure/comparison.ts';
import { until } from '../turns.ts';
import { askingModule, farSide, folder, run } from './modules.ts';

/** `1,234` in the line that has it before `what`. */
const told = (text: string, what: RegExp): number => {
  const [, figure] = what.exec(text.replaceAll('\n', ' ')) ?? assert.fail(`${what} in ${text}`);
  return Number(figure!.replaceAll(',', ''));
};

test('every call of the task is announced, and the far side counts exactly these', async () => {
  await using server = await farSide(async () => {
    await wait(1);
    return 200;
  });
  await using made = await folder();
  const name = await made.write('asks.ts', askingModule(server.origin, 12));
  const { code, stdout, stderr } = await run(made.path, 'compare', `./${name}`, '--repeats', '2');
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const first = told(stdout, /: ([\d,]+) to see what it spends its time on/);
  const follow = told(stdout, /([\d,]+) calls will follow/);
  assert.equal(server.calls, first + follow);
  // 10 tasks to look at; 4 approaches, 2 trials of 10 + 12 each. It returns a promise, so blocking is left out.
  assert.deepEqual([first, follow], [10, 4 * 2 * 22]);
  assert.ok(server.calls <= told(stdout, /makes at most ([\d,]+) calls/));
  assert.ok(server.mostInFlight <= 12, String(server.mostInFlight));
  assert.match(stdout, /blocking: left out, because the task returns a promise/);
});

test('all at once is all at once: the far side has every input in flight before it answers the first', async () => {
  // 10 calls to look at, 10 to warm up, then the run.
  await using server = await farSide(async (_, call) => {
    if (call > 20) await until(() => server.mostInFlight === 12);
    return 200;
  });
  await using made = await folder();
  const name = await made.write('asks.ts', askingModule(server.origin, 12));
  const options = ['--approach', 'promise-all', '--repeats', '1'];
  const { code, stdout } = await run(made.path, 'compare', `./${name}`, ...options);
  assert.equal(code, 0, stdout);
  assert.deepEqual([server.calls, server.mostInFlight], [10 + 10 + 12, 12]);
});

test('a dry run says how many calls there would be, and makes none', async () => {
  await using server = await farSide(async () => 200);
  await using made = await folder();
  const name = await made.write('asks.mjs', askingModule(server.origin, 12));
  const { code, stdout } = await run(made.path, 'compare', `./${name}`, '--dry-run');
  assert.equal(code, 0);
  assert.match(
    stdout.replaceAll('\n', ' '),
    /^asks.mjs: 12 inputs. The plan makes at most [\d,]+ calls of the task/,
  );
  assert.equal(server.calls, 0);
});

test('--json is one document with the figures of the probe, whatever the module prints', async () => {
  await using made = await folder();
  const name = await made.write(
    'prints.js',
    `console.log('loaded');
     export function* inputs() { for (let id = 1; ; id++) yield id; }
     export default async (input) => { console.log(input); await new Promise((done) => { setTimeout(done, 5); }); };`,
  );
  const args = ['compare', `./${name}`, '--json', '--repeats', '1', '--requests', '6'];
  const { code, stdout, stderr } = await run(made.path, ...args);
  assert.equal(code, 0, stderr);
  const { comparisons, claims } = JSON.parse(stdout) as { comparisons: OwnComparison[]; claims: unknown[] };
  const [comparison] = comparisons;
  assert.ok(comparison?.kind === 'own');
  assert.deepEqual(claims, []);
  assert.deepEqual([comparison.job, comparison.file, comparison.requests], ['prints.js', './prints.js', 6]);
  assert.deepEqual(
    [comparison.nature, comparison.probe.tasks, comparison.probe.isSynchronous],
    ['waits', 6, false],
  );
  assert.match(stderr, /calls of the task/);
});
