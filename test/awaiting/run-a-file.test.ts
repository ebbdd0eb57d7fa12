// `npm run awaiting -- FILE`: the program runs as it would without us, and is looked at when it should be.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { RELAY_FLAGS, relayOver, type WhyStopped } from '../../src/awaiting/relay.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { runLines } from '../processes.ts';
import { awaiting } from './started.ts';

/** A folder that is not ours, with a blank in its path, and a program in it. */
async function folderWith(name: string, source: string) {
  const folder = await temporaryFolder();
  const cwd = join(folder.path, 'my programs');
  await mkdir(cwd);
  await writeFile(join(cwd, name), source);
  return { cwd, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const UNSETTLED = `
interface Order { id: number }
const gates: unknown[] = [];
async function lost(): Promise<void> { await new Promise(() => {}); }
async function cook(order: Order): Promise<void> {
  await new Promise((resolve) => gates.push(resolve));
}
void lost();
console.log(JSON.stringify([process.argv.slice(2), process.execArgv, process.cwd()]));
await Promise.all([cook({ id: 1 }), cook({ id: 2 })]);
`;

test('a program in TypeScript that ends with 13 shows its tree, got its arguments, and its exit code is passed on', async () => {
  await using folder = await folderWith('stuck.ts', UNSETTLED);
  const { cwd } = folder;
  const words = ['--json', '-x', '--', '--after', 'a b'];
  // npm runs the command in the project, and says where it was typed.
  await using command = awaiting(['stuck.ts', ...words], { env: { INIT_CWD: cwd } });
  assert.equal(await command.ended, 13);
  const [first, ...lines] = command.stdout().split('\n');
  assert.deepEqual(JSON.parse(first!), [words, [], cwd]);
  assert.deepEqual(lines.slice(0, 5), [
    'ENDS WITH 13: nothing is left that keeps the process alive, and the top level still waits',
    '',
    '(top level)  stuck.ts:10:1',
    '└─ Promise.all',
    '   └─ cook × 2  stuck.ts:6:3',
  ]);
  assert.match(command.stdout(), /\nprice: v26\.\S+ stood still for /);
  // That is what --keep adds.
  assert.doesNotMatch(command.stdout(), /lost {2}|called|keep:/);
  assert.match(command.stderr(), /^Warning: Detected unsettled top-level await/);
  assert.doesNotMatch(command.stderr(), /[Dd]ebugger|no tree/);
});

test('--json is one line after what the program printed, and has no finding where the program chose code 13 itself', async () => {
  const source = 'console.log("waits"); setTimeout(() => process.exit(13)); await new Promise(() => {});';
  await using folder = await folderWith('ends.mjs', source);
  await using command = awaiting(['--json', './ends.mjs'], { cwd: folder.cwd });
  assert.equal(await command.ended, 13);
  const [printed, json, ...rest] = command.stdout().split('\n');
  assert.equal(printed, 'waits');
  assert.deepEqual(rest, ['']);
  const { looks } = JSON.parse(json!) as {
    looks: { thread: object; tree: { roots: object[]; findings: object[] } }[];
  };
  assert.deepEqual(looks[0]!.thread, { id: 0, name: 'main', url: '' });
  assert.equal(looks[0]!.tree.roots.length, 1);
  assert.deepEqual(looks[0]!.tree.findings, []);
});

interface Ended {
  /** What it told each time that it stopped. */
  readonly stops: readonly WhyStopped[];
  readonly code: number | null;
}

/** Each time that the program stops, it may go on at once. */
async function runThrough(source: string): Promise<Ended> {
  const child = spawn(process.execPath, [...RELAY_FLAGS, '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const stops: WhyStopped[] = [];
  const relay = relayOver(child.stdio[3] as Duplex, (why) => {
    stops.push(why);
    relay.goOn();
  });
  await once(child, 'close');
  return { stops, code: child.exitCode };
}

test('a program that ends with 13 says whether it is out of work, or chose that code itself', async () => {
  for (const [source, why] of [
    ['await new Promise(() => {});', 'out of work'],
    ['process.once("beforeExit", () => setTimeout(() => {})); await new Promise(() => {});', 'out of work'],
    ['setTimeout(() => process.exit(13)); await new Promise(() => {});', 'end'],
    ['process.on("beforeExit", () => process.exit(13)); await new Promise(() => {});', 'end'],
    ['process.exitCode = 13;', 'end'],
    [
      'process.once("beforeExit", () => setTimeout(() => process.exit(13))); await new Promise(() => {});',
      'end',
    ],
    [
      // The timer is due at once when the event loop goes on.
      'process.once("beforeExit", () => { setTimeout(() => process.exit(13)); for (const at = Date.now(); Date.now() < at + 5; ); }); await new Promise(() => {});',
      'end',
    ],
  ] as const) {
    assert.deepEqual(await runThrough(source), { stops: [why], code: 13 }, source);
  }
});

test('a program that ends with another code does not stop', async () => {
  assert.deepEqual(await runThrough('process.exitCode = 7;'), { stops: [], code: 7 });
});

test('a program that ends by itself shows no tree, and says so', async () => {
  for (const [source, code, how] of [
    ['console.log("done")', 0, 'with exit code 0'],
    ['console.log("done"); process.exitCode = 7', 7, 'with exit code 7'],
    [
      'console.log("done"); process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 1e6)',
      143,
      'by SIGTERM',
    ],
  ] as const) {
    await using folder = await folderWith('ends.mjs', source);
    await using command = awaiting(['ends.mjs'], { cwd: folder.cwd });
    assert.equal(await command.ended, code);
    assert.equal(command.stdout(), 'done\n');
    assert.equal(
      command.stderr(),
      `no tree: ends.mjs ended ${how}, and nobody had asked; --after 5s looks while it runs\n`,
    );
  }
});

const ENDS_WHEN_TOLD = `
const gate = Promise.withResolvers();
async function served() { await gate.promise; }
process.stdin.once('data', (text) => { console.log('heard ' + text); process.stdin.destroy(); gate.resolve(); });
console.log('waiting');
await served();
`;

test('SIGQUIT shows the tree each time, the program goes on and reads stdin as it would', async () => {
  await using folder = await folderWith('waits.mjs', ENDS_WHEN_TOLD);
  await using command = awaiting(['waits.mjs'], { cwd: folder.cwd });
  await command.line(/^waiting$/);
  command.kill('SIGQUIT');
  await command.line(/^price: /);
  command.kill('SIGQUIT');
  await command.line(/^price: /, 2);
  command.say('go on');
  assert.equal(await command.ended, 0);
  assert.match(command.stdout(), /^\(top level\) {2}waits\.mjs:6:1\n└─ served {2}waits\.mjs:3:27\n/m);
  assert.match(command.stdout(), /heard go on\n/);
  assert.equal(command.stderr(), '');
});

test('--after looks from outside at a program that computes, its running line comes first, and SIGINT ends both', async (t) => {
  if (process.platform !== 'linux') return t.skip('a process is looked at from outside on Linux only');
  await using folder = await folderWith(
    'computes.mjs',
    // It naps, for the sake of those who share the machine. Its event loop stands still all the same.
    `const nap = new Int32Array(new SharedArrayBuffer(4));
function spin() {
  for (;;) Atomics.wait(nap, 0, 0, 5);
}
console.log(process.pid); spin();`,
  );
  // Node's own port for an inspector may be anybody's. Where it is taken already, that will do as well.
  const holder = createServer();
  holder.on('error', () => {}).listen(9229, '127.0.0.1');
  t.after(() => holder.close());
  await using command = awaiting(['--after', '200ms', 'computes.mjs'], { cwd: folder.cwd });
  const pid = Number(await command.line(/^\d+$/));
  await command.line(/^price: /);
  assert.match(
    command.stdout(),
    /^\d+\nDOES NOT ANSWER: it computes, or sleeps, in spin {2}computes\.mjs:3:\d+\n/,
  );
  command.kill('SIGINT');
  assert.equal(await command.ended, 130, command.stderr());
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('what the program forks, and its worker threads, run as they would without us', async () => {
  await using folder = await folderWith(
    'forks.mjs',
    `import { fork } from 'node:child_process';
import { Worker, isMainThread } from 'node:worker_threads';
const me = new URL(import.meta.url);
if (process.argv[2] === 'child' || !isMainThread) {
  console.log(isMainThread ? 'child' : 'thread', JSON.stringify(process.execArgv), process.listenerCount('SIGQUIT'));
} else {
  fork(me, ['child']).on('exit', (code) => { console.log('code', code); new Worker(me); });
}`,
  );
  await using command = awaiting(['forks.mjs'], { cwd: folder.cwd });
  assert.equal(await command.ended, 0);
  assert.equal(command.stdout(), 'child [] 0\ncode 0\nthread [] 0\n');
});

test('--keep shows what would be garbage, the time since each call, and what keeping costs', async () => {
  await using folder = await folderWith(
    'lost.mjs',
    `async function lost() { await new Promise(() => {}); }
async function cook() { await new Promise((resolve) => { globalThis.gate = resolve; }); }
lost();
lost();
await cook();`,
  );
  await using command = awaiting(['--keep', 'lost.mjs'], { cwd: folder.cwd });
  assert.equal(await command.ended, 13);
  assert.match(
    command.stdout(),
    /^ENDS WITH 13: .*\nLOST: lost × 2 \(lost\.mjs:1:20\): nothing in the program can wake it any more\. Without --keep it would be garbage\n/,
  );
  assert.match(command.stdout(), /^lost × 2 {2}lost\.mjs:1:25 {2}called .* ago\n/m);
  assert.match(command.stdout(), /^└─ cook {2}lost\.mjs:2:25 {2}called .* ago\n/m);
  assert.doesNotMatch(command.stdout(), /LOST: cook/);
  assert.match(
    command.stdout(),
    /^keep: an awaited call takes \d+\.\d\d µs of CPU with it and \d+\.\d\d µs without \(measured now\); \d+ promises so far, so about \d+ \w+; \d+ are pending; to keep them takes \d+\.\d KiB, and the memory of what they hold$/m,
  );
});

test('a program that is not there, or is a folder, is one line; --help is at most 80 columns wide', async () => {
  await using folder = await folderWith('a.mjs', '');
  const cases = [
    ['b.mjs', `there is no file ${join(folder.cwd, 'b.mjs')}`],
    ['47x', `there is no file ${join(folder.cwd, '47x')}`],
    ['.', `got the folder ${folder.cwd}`],
  ] as const;
  const lines = [...cases.map(([word]) => [word]), ['--help']];
  const endings = await runLines('src/awaiting/program.ts', lines, { cwd: folder.cwd });
  for (const [index, [, message]] of cases.entries()) {
    const { code, stdout, stderr } = endings[index]!;
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^error: expected a PID or a program[^\n]*\n$/);
    assert.ok(stderr.includes(message), stderr);
  }
  const help = endings.at(-1)!;
  assert.equal(help.code, 0);
  const helpLines = help.stdout.split('\n');
  assert.ok(helpLines.includes('Examples:'));
  assert.deepEqual(
    helpLines.filter((line) => line.length > 80),
    [],
  );
});
