// Own work by `compare`, as its users meet it: a module of theirs outside of the project, and a server of theirs that counts.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isMeasured, type OwnComparison } from '../../src/measure/comparison.ts';
import { runLines } from '../processes.ts';
import { until } from '../turns.ts';
import { planned } from './compared.ts';
import { askingModule, farSide, folder, run } from './modules.ts';

/** `1,234` in the line that has it before `what`. */
const told = (text: string, what: RegExp): number => {
  const [, figure] = what.exec(text.replaceAll('\n', ' ')) ?? assert.fail(`${what} in ${text}`);
  return Number(figure!.replaceAll(',', ''));
};

test('a comparison makes the calls that it announces, all at once where it says so, and is kept like any other run', async (t) => {
  // 10 calls to look at, 10 to warm up, then all at once: the far side has every input in flight before it answers the first.
  await using server = await farSide(async (_, call) => {
    if (call > 20) await until(() => server.mostInFlight === 12);
    return 200;
  });
  await using made = await folder();
  await made.write('my asks.ts', askingModule(server.origin, 12));
  // The kind is said, because a request that is answered at once may look as if it computes. Then processes would measure the
  // limit too, and their calls would be counted here.
  const options = ['--approach', 'blocking,promise-all,worker-threads', '--kind', 'waits'];
  const size = ['--threads', '2', '--repeats', '2'];
  const files = ['--save', 'run.json', '--html', 'run.html', '--trace', 'run.trace.json'];
  const { code, stdout, stderr } = await run(
    made.path,
    'compare',
    './my asks.ts',
    ...options,
    ...size,
    ...files,
  );
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });

  await t.test('every call is announced, and the far side counts exactly these', () => {
    const first = told(stdout, /: ([\d,]+) to see what it spends its time on/);
    const follow = told(stdout, /([\d,]+) calls will follow/);
    assert.equal(server.calls, first + follow);
    // 10 tasks to look at; 2 approaches, 2 trials of 10 + 12 each.
    assert.deepEqual([first, follow], [10, 2 * 2 * 22]);
    assert.ok(server.calls <= told(stdout, /makes at most ([\d,]+) calls/));
    assert.equal(server.mostInFlight, 12);
  });

  await t.test('an approach that does not apply is left out, and says why', () => {
    assert.match(stdout, /blocking: left out, because the task returns a promise/);
  });

  await t.test('the run is saved, drawn, traced and reported', async () => {
    assert.match(stdout, /wrote run\.json\nwrote run\.html\nwrote run\.trace\.json\n$/);
    const page = await readFile(join(made.path, 'run.html'), 'utf8');
    assert.match(page, /npm start -- compare &#39;\.\/my asks\.ts&#39; --requests 12/);
    const reports = ['run.json run.json --html both.html', 'run.json --html again.html --force'];
    const lines = reports.map((args) => ['report', ...args.split(' ')]);
    for (const ending of await runLines('src/program.ts', lines, { cwd: made.path })) {
      assert.equal(ending.code, 0, ending.stderr);
    }
    assert.equal(await readFile(join(made.path, 'again.html'), 'utf8'), page);
  });
});

test('a dry run says how many calls there would be, and makes none', async () => {
  await using server = await farSide(async () => 200);
  await using made = await folder();
  const name = await made.write('asks.mjs', askingModule(server.origin, 12));
  const { settings, said } = await planned(join(made.path, name), { dryRun: true });
  assert.equal(settings, undefined);
  assert.match(said, /^asks.mjs: 12 inputs. The plan makes at most [\d,]+ calls of the task/);
  assert.equal(server.calls, 0);
});

test('--json is one document with the figures of the probe, whatever the module prints', async () => {
  await using made = await folder();
  const name = await made.write(
    'prints.js',
    `console.log('loaded');
     export function* inputs() { for (let id = 1; ; id++) yield id; }
     export default (input) => { console.log(input); };`,
  );
  const size = ['--repeats', '1', '--requests', '6', '--threads', '2'];
  const options = ['--json', ...size, '--approach', 'worker-threads'];
  const { code, stdout, stderr } = await run(made.path, 'compare', `./${name}`, ...options);
  assert.equal(code, 0, stderr);
  const { comparisons, claims } = JSON.parse(stdout) as { comparisons: OwnComparison[]; claims: unknown[] };
  const [comparison] = comparisons;
  assert.ok(comparison?.kind === 'own');
  assert.deepEqual(claims, []);
  assert.deepEqual([comparison.job, comparison.file, comparison.requests], ['prints.js', './prints.js', 6]);
  assert.deepEqual(
    [comparison.nature, comparison.probe.tasks, comparison.probe.isSynchronous],
    ['computes', 6, true],
  );
  const succeeded = comparison.rows.map((row) => isMeasured(row) && [row.approach, row.succeeded]);
  assert.deepEqual(succeeded, [['worker-threads', 6]]);
  // The limit of work that computes is made by processes of its own.
  assert.equal(comparison.processes, Math.min(2, availableParallelism()));
  assert.ok(comparison.limitMs! > 0);
  // Nobody knows how many inputs there are, so only those that were drawn are named.
  assert.match(stderr, /prints\.js: 6 inputs\. .*calls of the task/s);
});
