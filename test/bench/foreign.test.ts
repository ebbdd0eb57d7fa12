// A program of another language or runtime as a process of ours: what it is told, its end in every way, and that nothing of it
// is left.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ask, reasonIn, type Program, type Ready } from '../../bench/article/foreign.ts';
import { livingChildren } from '../../src/child.ts';
import { stretchLimits } from '../patience.ts';

const never = new AbortController().signal;

/** A foreign program, which is Node all the same: every machine that runs the tests has it. It may `say` an object. */
const program = (code: string, environment: Program['environment'] = {}): Program => ({
  called: 'Salt',
  command: process.execPath,
  args: ['-e', `const say = (message) => console.log(JSON.stringify(message)); ${code}`],
  environment,
});
const LEAVE = "process.stdin.on('end', () => process.exit()).resume();";

test('a program gets its settings, answers, has its memory read, and leaves', async () => {
  const echo = program(
    `process.stdin.once('data', (line) => say({ told: JSON.parse(line), salt: process.env.SALT })); ${LEAVE}`,
    { SALT: 'much' },
  );
  const { answer, peakMiB } = await ask(echo, { dish: 'soup' }, never);
  assert.deepEqual(answer, { told: { dish: 'soup' }, salt: 'much' });
  if (process.platform === 'linux') assert.ok(peakMiB! > 10);
  assert.equal(livingChildren().size, 0);
});

test('a program that warms up waits until it is told to begin, and one that does not wait fails', async () => {
  const order: string[] = [];
  const begin = async ({ baselineMiB }: Ready) => void order.push(`began at ${baselineMiB} MiB`);
  const patient = program(
    `let lines = 0; process.stdin.on('data', () => say(++lines === 1 ? { ready: true, baselineMiB: 7 } : { lines })); ${LEAVE}`,
  );
  const { answer } = await ask(patient, {}, never, begin);
  assert.deepEqual([answer, order], [{ lines: 2 }, ['began at 7 MiB']]);
  const hasty = program(`process.stdin.once('data', () => say({ time: 1 })); ${LEAVE}`);
  await assert.rejects(
    ask(hasty, {}, never, begin),
    /^ForeignError: Salt: expected \{"ready":true\} after the warm-up, got "/,
  );
  assert.equal(order.length, 1);
});

test('programs get no proxy from our environment', async (t) => {
  process.env['https_proxy'] = 'http://127.0.0.1:9';
  t.after(() => delete process.env['https_proxy']);
  const { answer } = await ask<string[]>(program(`say(Object.keys(process.env)); ${LEAVE}`), {}, never);
  assert.ok(answer.includes('PATH') && !answer.includes('https_proxy'));
});

test('a program that ends, answers something else or is missing fails in one line', async () => {
  const failures: ReadonlyArray<readonly [code: string, message: RegExp]> = [
    ['process.exit(3)', /^Salt: the process ended with exit code 3$/],
    ['throw new TypeError("no salt")', /^Salt: the process ended with exit code 1: TypeError: no salt$/],
    ['console.error("SystemExit"); process.exit(1)', /exit code 1: SystemExit$/],
    [
      `console.log("dinner is served"); ${LEAVE}`,
      /^Salt: expected an answer in JSON, got "dinner is served"$/,
    ],
    [`process.stdout.write("x".repeat(2 ** 23)); ${LEAVE}`, /^Salt: its answer has no end$/],
  ];
  for (const [code, message] of failures) {
    await assert.rejects(ask(program(code), {}, never), { name: 'ForeignError', message });
  }
  const nobody: Program = { called: 'Nobody', command: '/no/such/runtime', args: [] };
  await assert.rejects(
    ask(nobody, {}, never),
    /^ForeignError: Nobody: the process could not be started: .* ENOENT$/,
  );
  assert.equal(livingChildren().size, 0);
});

test("the reason of an end is the error's own line, wherever a runtime prints it", () => {
  const reasons: ReadonlyArray<readonly [stderr: string, reason: string]> = [
    ['error: Uncaught salt\n    at cook', 'error: Uncaught salt'],
    ['Traceback\nKeyError: salt\na.b.Error: late\n', 'a.b.Error: late'],
    [
      'node:internal\n[TypeError: fetch failed] {\n  [cause]: Error: bad port\n}\n\nNode.js v26',
      'TypeError: fetch failed',
    ],
    ['[RangeError: too salty]\n\nNode.js v26', 'RangeError: too salty'],
    ["TypeError: expected ['salt']", "TypeError: expected ['salt']"],
    ['first\n  SystemExit\n\n', 'SystemExit'],
    ['', ''],
  ];
  for (const [stderr, reason] of reasons) assert.equal(reasonIn(stderr), reason);
});

/** A folder for a program that runs `code`, and aborts it once there is a file called `runs`. */
async function abortedProgram(t: TestContext, code: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'async-workbench-foreign-'));
  t.after(() => rm(folder, { recursive: true }));
  const stop = new AbortController();
  const start = "process.chdir(process.env.FOLDER); const { spawn } = require('node:child_process');";
  const watching = watch(folder);
  const asked = ask(
    program(`${start} ${code} setInterval(() => {}, 1000);`, { FOLDER: folder }),
    {},
    stop.signal,
  );
  asked.catch(() => {});
  for await (const _ of watching) if (existsSync(join(folder, 'runs'))) break;
  stop.abort(new Error('enough'));
  await assert.rejects(asked, /enough/);
  assert.equal(livingChildren().size, 0);
  return folder;
}

test('one that hangs is ended by the signal, with all that it has started', async (t) => {
  const { setTimeout } = globalThis;
  // The second process gets no time to end by itself.
  t.mock.method(globalThis, 'setTimeout', ((run: () => void, ms: number) =>
    setTimeout(run, ms >= 500 ? 0 : ms)) as never);
  // It holds the pipes of the first, so the question settles when both have ended. Left alone, it would end some seconds later,
  // and say so.
  const second = "fs.writeFileSync('runs', ''); setTimeout(() => fs.writeFileSync('left alone', ''), 5000)";
  const folder = await abortedProgram(
    t,
    `spawn(process.execPath, ['-e', ${JSON.stringify(second)}], { stdio: 'inherit' });`,
  );
  assert.deepEqual(await readdir(folder), ['runs']);
});

test('what a program has started can put its things away, and what it leaves in its temporary folder goes', async (t) => {
  // On a busy machine it takes the second process long to notice that the first has ended.
  stretchLimits(t.mock, 2000);
  const folder = await abortedProgram(
    t,
    `
    fs.writeFileSync('temporary folder', os.tmpdir());
    fs.writeFileSync(path.join(os.tmpdir(), 'crumbs'), '');
    const waiting = "process.stdin.on('close', () => fs.writeFileSync('put away', '')).resume(); fs.writeFileSync('runs', '')";
    spawn(process.execPath, ['-e', waiting], { stdio: ['pipe', 'inherit', 'inherit'] });`,
  );
  assert.deepEqual((await readdir(folder)).toSorted(), ['put away', 'runs', 'temporary folder']);
  const itsOwn = await readFile(join(folder, 'temporary folder'), 'utf8');
  assert.notEqual(itsOwn, tmpdir());
  assert.ok(!existsSync(itsOwn));
});
