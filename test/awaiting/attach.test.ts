// Getting into a process on every line of Node that is supported, and leaving it as it was. And all that is no process to
// get into: one line, and no signal sent.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { attachToPid, attachToPort, type Attachment } from '../../src/awaiting/attach.ts';
import { AttachError, listeningPorts } from '../../src/awaiting/examine.ts';
import { connect } from '../../src/awaiting/inspector.ts';
import { followThreads } from '../../src/awaiting/threads.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { nodeOf } from '../nodes.ts';
import { awaiting, lookFromHere, PROGRAMS, started, type Started } from './started.ts';

const LINUX = process.platform === 'linux' ? {} : { skip: 'a PID works on Linux only' };

/** So long we wait here for a process that will not open its inspector, in milliseconds. */
const CALM_MS = 200;
/** So long for an event loop that will not turn. A process that computes needs a whole core meanwhile. */
const TURN_MS = 50;

const WAITS = `
const gate = Promise.withResolvers();
async function served() { await gate.promise; }
process.stdin.once('data', () => { process.stdin.destroy(); gate.resolve(); });
served().then(() => { console.log('served'); process.exitCode = 7; });
console.log('waiting');
`;

/** Node with a program given as text. Its port is one that the system picks: tests run beside each other. */
const waits = (flags: readonly string[] = [], source = WAITS, node = process.execPath) =>
  started(node, ['--inspect-port=0', ...flags, '--input-type=module', '--eval', source]);

/** A look by the command, in a process of its own. */
async function look(...args: readonly string[]) {
  await using command = awaiting(args);
  const code = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

/** Who answers there. */
async function pidOf(attaching: Promise<Attachment>): Promise<number> {
  await using target = await attaching;
  const { result } = await target.session.post<{ result: { value: number } }>('Runtime.evaluate', {
    expression: 'process.pid',
  });
  return result.value;
}

/** @returns the one line on the stderr of the command */
async function refusedByCommand(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await look(...args);
  assert.equal(stdout, '');
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^error: [^\n]+\n$/);
  return stderr.slice('error: '.length, -1);
}

/** @returns the one line that the command would print */
async function refused(attaching: Promise<Attachment>): Promise<string> {
  try {
    await using _ = await attaching;
  } catch (error) {
    assert.ok(error instanceof AttachError, String(error));
    assert.match(error.message, /^[^\n]+$/);
    return error.message;
  }
  throw new Error('it was not refused');
}

/** The signals that were sent to a process and ended it would show in how it ended. */
async function stillRuns(target: Started): Promise<void> {
  assert.equal(process.kill(target.pid, 0), true);
  const state = /^State:\s*(\S)/m.exec(await readFile(`/proc/${target.pid}/status`, 'utf8'))?.[1];
  assert.notEqual(state, 'Z');
}

async function listens(pid: number): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  const table = await readFile(`/proc/${pid}/net/tcp`, 'utf8');
  return table.split('\n').some((line) => {
    const fields = line.trim().split(/\s+/);
    return fields[3] === '0A' && links.includes(`socket:[${fields[9]}]`);
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

test(
  'a process is left as it was: its inspector is closed, a second look finds the same, and it runs on to its own end',
  LINUX,
  async () => {
    await using target = waits();
    await target.line(/^waiting$/);
    const { code, stdout, stderr } = await look(`${target.pid}`);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^served {2}\S+:3:27\n/);
    assert.equal(stderr, '');
    await until(async () => !(await listens(target.pid)));
    // The second one looks on until Ctrl-C.
    await using command = awaiting([`${target.pid}`, '--watch', '3600']);
    await command.line(/^price: /);
    assert.match(command.stdout(), /^served {2}\S+:3:27\n/);
    command.kill('SIGINT');
    assert.equal(await command.ended, 130);
    assert.equal(command.stderr(), '');
    await until(async () => !(await listens(target.pid)));
    target.say('go on');
    assert.equal(await target.ended, 7);
    assert.equal(target.stdout(), 'waiting\nserved\n');
    for (const line of target.stderr().trimEnd().split('\n'))
      assert.match(line, /^(Debugger |For help, see:)/);
  },
);

test('an inspector that is open is found by its port and by the process, and stays open beside another debugger', async () => {
  await using target = waits(['--inspect=127.0.0.1:0']);
  await target.line(/^waiting$/);
  await until(() => Promise.resolve(/ws:\/\//.test(target.stderr())));
  const [url, port] = /ws:\/\/127\.0\.0\.1:(\d+)\S*/.exec(target.stderr())!;
  await using other = await connect(url);
  const { code, stdout, stderr } = await look('--port', port!, '--json');
  assert.equal(code, 0, stderr);
  const { looks } = JSON.parse(stdout) as { looks: { pid: number }[] };
  assert.equal(looks[0]!.pid, target.pid);
  if (process.platform === 'linux') assert.equal(await pidOf(attachToPid(target.pid)), target.pid);
  const { result } = await other.post<{ result: { value: number } }>('Runtime.evaluate', {
    expression: '6 * 7',
  });
  assert.equal(result.value, 42);
  const response = await fetch(`http://127.0.0.1:${port}/json/list`);
  assert.equal(response.status, 200);
});

test('a Node by another name is Node, and a program by the name of Node is not', LINUX, async () => {
  await using folder = await temporaryFolder();
  // Not a second name of our own file, which is known without a look inside.
  const renamed = join(folder.path, 'my-app');
  await copyFile(process.execPath, renamed);
  await using target = waits([], WAITS, renamed);
  await target.line(/^waiting$/);
  assert.equal(await pidOf(attachToPid(target.pid)), target.pid);

  const node = join(folder.path, 'node');
  await copyFile('/bin/sleep', node);
  await using sleeper = started(node, ['100']);
  assert.match(
    await refused(attachToPid(sleeper.pid)),
    /^process \d+ is not Node: it runs \S+\/node\. Nothing was sent to it$/,
  );
  await stillRuns(sleeper);

  // A link has no name of its own in the end.
  const linked = join(folder.path, 'linked');
  await symlink(process.execPath, linked);
  await using other = waits([], WAITS, linked);
  await other.line(/^waiting$/);
  assert.equal(await pidOf(attachToPid(other.pid)), other.pid);
});

test('a program that is not Node and catches the signal gets none', LINUX, async () => {
  await using shell = started('/bin/bash', [
    '-c',
    'trap "echo caught" USR1; echo ready; while :; do read -t 1; done',
  ]);
  await shell.line(/^ready$/);
  assert.match(
    await refused(attachToPid(shell.pid)),
    /^process \d+ is not Node: it runs \S+bash\S*\. Nothing was sent to it$/,
  );
  assert.equal(shell.stdout(), 'ready\n');
});

test('what is no process that could be asked is one line that says why', LINUX, async () => {
  assert.equal(await refusedByCommand('0'), 'there is no process 0');
  assert.equal(await refused(attachToPid(4_194_303)), 'there is no process 4194303');
  assert.equal(
    await refused(attachToPid(Number('9'.repeat(20)))),
    'there is no process 100000000000000000000',
  );

  await using target = waits();
  await target.line(/^waiting$/);
  const threads = await readdir(`/proc/${target.pid}/task`);
  const thread = threads.find((id) => id !== `${target.pid}`)!;
  assert.equal(
    await refused(attachToPid(Number(thread))),
    `${thread} is a thread of process ${target.pid}: give ${target.pid}, and --threads for worker threads`,
  );
  target.kill('SIGSTOP');
  await until(async () => /^State:\s*T/m.test(await readFile(`/proc/${target.pid}/status`, 'utf8')));
  assert.match(
    await refused(attachToPid(target.pid)),
    /is stopped \(SIGSTOP, or Ctrl-Z\); kill -CONT \d+ lets it go on$/,
  );
  target.kill('SIGCONT');
  await stillRuns(target);
});

test('a process that has ended and that its parent has not asked about is told so', LINUX, async () => {
  // The shell starts a program and becomes another one, which asks about no child. Before that it would ask itself.
  await using parent = started('/bin/sh', ['-c', 'sleep 100 & echo $!; exec sleep 100']);
  const pid = Number(await parent.line(/^\d+$/));
  await until(async () => (await readFile(`/proc/${parent.pid}/comm`, 'utf8')) === 'sleep\n');
  process.kill(pid);
  await until(async () => /^State:\s*Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8')));
  assert.match(
    await refused(attachToPid(pid)),
    /^process \d+ has ended already; it is listed until its parent, process \d+, asks/,
  );
});

test('a Node that was started with --disable-sigusr1 is not sent the signal', LINUX, async () => {
  await using target = waits(['--disable-sigusr1']);
  await target.line(/^waiting$/);
  assert.match(await refused(attachToPid(target.pid)), /blocks SIGUSR1 .* started with --disable-sigusr1/);
  await stillRuns(target);
});

test('a program that handles SIGUSR1 itself is told from one that opens its inspector', LINUX, async () => {
  await using target = waits([], `process.on('SIGUSR1', () => console.log('mine'));${WAITS}`);
  await target.line(/^waiting$/);
  assert.match(await refused(attachToPid(target.pid, CALM_MS)), /the program handles SIGUSR1 itself/);
  await target.line(/^mine$/);
  await stillRuns(target);
});

test('a port that another process has is named, with that process, and nothing is sent', LINUX, async () => {
  await using server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await using target = waits([`--inspect-port=${port}`]);
  await target.line(/^waiting$/);
  assert.match(
    await refused(attachToPid(target.pid)),
    new RegExp(
      `^port ${port}, where process ${target.pid} would open its inspector, is taken by process ${process.pid} `,
    ),
  );
  assert.match(
    await refused(attachToPort(port)),
    new RegExp(`^no inspector answers on 127\\.0\\.0\\.1:${port}: `),
  );
  assert.equal(target.stderr(), '');
});

test('the ports of a process are found, of IPv4 and of IPv6 where the system has it', LINUX, async () => {
  const before = await listeningPorts(process.pid);
  await using onlyFour = createServer().listen(0, '127.0.0.1');
  await using any = createServer().listen(0);
  await Promise.all([once(onlyFour, 'listening'), once(any, 'listening')]);
  const ports = [onlyFour, any].map((server) => (server.address() as { port: number }).port);
  assert.deepEqual((await listeningPorts(process.pid)).difference(before), new Set(ports));
  await using other = started('sleep', ['100']);
  assert.deepEqual(await listeningPorts(other.pid), new Set());
});

test('an inspector that is not that of Node is named', async () => {
  await using server = started(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { createServer } from 'node:http';
     const server = createServer(({ url }, response) => response.end(JSON.stringify(
       url === '/json/version' ? { Browser: 'Chrome/150' } : [{ webSocketDebuggerUrl: 'ws://127.0.0.1:1/x' }])));
     server.listen(0, '127.0.0.1', () => console.log(server.address().port));`,
  ]);
  const port = await server.line(/^\d+$/);
  assert.equal(
    await refused(attachToPort(Number(port))),
    `expected the inspector of Node on port ${port}, found that of Chrome/150`,
  );
});

test(
  'a process that computes says its running line first, and closes its inspector again while it computes',
  LINUX,
  async () => {
    await using folder = await temporaryFolder();
    const gate = join(folder.path, 'gate');
    await using target = waits(
      [],
      `import { existsSync } from 'node:fs';
function spin() {
  while (!existsSync(${JSON.stringify(gate)}));
}
setInterval(() => {}, 1e6);
console.log('spins');
spin();
console.log('free');`,
    );
    await target.line(/^spins$/);
    const said = await lookFromHere(attachToPid(target.pid), TURN_MS);
    assert.match(said, /^DOES NOT ANSWER: it computes, or sleeps, in \w+ {2}\S*:\d+:\d+\n/);
    await until(async () => !(await listens(target.pid)));
    await writeFile(gate, '');
    await target.line(/^free$/);
    await stillRuns(target);
  },
);

test('a main thread that sleeps in a lock is either woken and seen, or told so', LINUX, async () => {
  await using target = waits(
    [],
    'console.log("sleeps"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  );
  await target.line(/^sleeps$/);
  const said = await lookFromHere(attachToPid(target.pid, CALM_MS), TURN_MS).catch((error: unknown) => {
    assert.ok(error instanceof AttachError, String(error));
    return error.message;
  });
  assert.match(
    said,
    /^DOES NOT ANSWER: it computes, or sleeps, in \(top level\) {2}\S*:1:\d+\n|its main thread (sleeps in a lock|does not answer)/,
  );
  await stillRuns(target);
});

test('a process that ends during the look is one line', LINUX, async () => {
  await using target = waits();
  await target.line(/^waiting$/);
  await using attached = await attachToPid(target.pid);
  attached.session.on('HeapProfiler.addHeapSnapshotChunk', () => target.kill('SIGKILL'));
  await using threads = await followThreads(attached.session, {});
  await assert.rejects(threads.look(new AbortController().signal), {
    name: 'InspectorError',
    isEnd: true,
    message: 'the process ended, or closed its inspector, before it had answered',
  });
});

test(
  '--watch prints what changes, and ends with the process, which does not wait for us',
  LINUX,
  async () => {
    await using target = waits();
    await target.line(/^waiting$/);
    await using command = awaiting([`${target.pid}`, '--watch', '500ms']);
    await command.line(/^after .* nothing changed; the function seen first was seen for /);
    target.say('go on');
    assert.equal(await target.ended, 7);
    assert.equal(await command.ended, 0);
    assert.equal(command.stderr(), 'the process ended, or closed its inspector\n');
  },
);

test(
  '--threads shows each worker thread by its id and name, and one that computes hides no other',
  LINUX,
  async () => {
    await using target = waits(
      [],
      `import { Worker } from 'node:worker_threads';
const start = "import { parentPort } from 'node:worker_threads'; parentPort.postMessage(0);";
const bakes = "async function bake() { await new Promise((r) => { globalThis.r = r; }); } globalThis.b = bake(); setInterval(() => {}, 1e6);";
for (const [name, source] of [['oven', bakes], ['mixer', 'for (const nap = new Int32Array(new SharedArrayBuffer(4)); ; Atomics.wait(nap, 0, 0, 5));']]) {
  const worker = new Worker(start + source, { eval: true, name });
  await new Promise((resolve) => { worker.once('message', resolve); });
}
async function main() { await new Promise((r) => { globalThis.r = r; }); }
globalThis.m = main();
console.log('waiting');`,
    );
    await target.line(/^waiting$/);
    const { code, stdout, stderr } = await look(`${target.pid}`, '--threads');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^== main thread ==\nmain {2}/);
    assert.match(stdout, /\n== worker thread 1 oven .*==\nbake {2}/);
    assert.match(stdout, /\n== worker thread 2 mixer .*==\nDOES NOT ANSWER: it computes, or sleeps, in /);
    await stillRuns(target);
  },
);

test('a heap above 256 MiB is looked at only with --yes where nobody can be asked', LINUX, async () => {
  await using target = waits([], `globalThis.kept = [0.5]; globalThis.kept.length = 33e6; ${WAITS}`);
  await target.line(/^waiting$/);
  assert.match(await refusedByCommand(`${target.pid}`), /^its heap is \d+ MiB, .*; --yes allows that$/);
  const { code, stdout } = await look(`${target.pid}`, '--yes');
  assert.equal(code, 0);
  assert.match(stdout, /^served {2}/);
});

/** Two functions that wait for one another. Its inspector is closed, and would open on a port that the system picks. */
const deadlocked = (node: string) => started(node, ['--inspect-port=0', join(PROGRAMS, 'deadlock.mjs')]);

for (const line of [20, 22, 24, 26]) {
  test(`on Node ${line} a process opens its inspector when asked, and closes it again`, LINUX, async (t) => {
    const node = await nodeOf(line);
    if (node === undefined) return t.skip(`no Node ${line} here`);
    await using target = deadlocked(node);
    await target.line(/^waiting$/);
    assert.equal(await pidOf(attachToPid(target.pid)), target.pid);
    await until(async () => !(await listens(target.pid)));
    await stillRuns(target);
  });
}

test('a deadlock is said first, with its path', LINUX, async () => {
  await using target = deadlocked(process.execPath);
  await target.line(/^waiting$/);
  assert.match(
    await lookFromHere(attachToPid(target.pid)),
    /^DEADLOCK: first → second → first \(\S*deadlock\.mjs:5:21\): each waits for the next\n/,
  );
});

test('a process goes on, however often its inspector is opened and closed', LINUX, async () => {
  await using target = deadlocked(process.execPath);
  await target.line(/^waiting$/);
  for (let times = 0; times < 25; times++) {
    await using attached = await attachToPid(target.pid);
    await attached.session.post('Runtime.enable');
  }
  target.kill('SIGTERM');
  assert.equal(await target.ended, 'SIGTERM');
});
