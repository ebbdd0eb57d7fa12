// The programs in Python, where there is a Python with aiohttp: what they do beside ours, what the pitfalls show, and that they
// never outlive us. Without one, their rows are left out and the rest of the suite runs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf } from '../../../bench/article/find-python.ts';
import { ask, type Program, type Ready } from '../../../bench/article/foreign.ts';
import { computeBy } from '../../../bench/article/foreign-ways.ts';
import { node } from '../../../bench/article/node.ts';
import { PITFALLS, warningsIn } from '../../../bench/article/pitfalls.ts';
import { treeOf } from '../../../bench/article/process-tree.ts';
import { python, roundsOf, workersOf } from '../../../bench/article/python.ts';
import { article } from '../../../bench/article/suite.ts';
import { isFailed, isLeftOut, isMeasured } from '../../../bench/rows.ts';
import { claimsOf, hasFailed, runPlan } from '../../../bench/run.ts';
import type { Context, Plan } from '../../../bench/suite.ts';
import { runText } from '../../../bench/text.ts';
import { plain } from '../../../src/report/paint.ts';
import { stretchLimits } from '../../patience.ts';
import { isRunning, ROOT } from '../../processes.ts';
import { until } from '../../turns.ts';
import { pythonHere } from './found-here.ts';

const { signal } = new AbortController();
const here = await pythonHere();
const reason = 'missing' in here ? here.missing : here.withoutAiohttp;
const skip = reason ?? false;
const command = 'command' in here ? here.command : 'python3';
const context: Context = { signal, shared: () => Promise.reject(new Error('nothing is shared here')) };
const onlyPitfalls = (plan: Plan, titles = Object.values(PITFALLS).map(({ title }) => title)): Plan => ({
  ...plan,
  sections: plan.sections.filter(({ title }) => titles.includes(title)),
});

/** Whether a process runs this program of ours. A name in some other argument, such as lines of a program, is not enough. */
function runs(pid: number, file: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.some((word) => word.endsWith(`/bench/article/python/${file}`));
  } catch {
    return false;
  }
}

const SHARED_MEMORY = '/dev/shm';

/**
 * The files of the named semaphores of this process. Linux keeps them until somebody removes them. The numbers of the files
 * that the process has mapped tell them from those of other programs.
 */
function semaphoresOf(pid: number): string[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
  const mapped = new Set(
    Array.from(maps.matchAll(/(\d+)\s+\/dev\/shm\/sem\./g), ([, inode]) => Number(inode)),
  );
  const files = readdirSync(SHARED_MEMORY).map((name) => join(SHARED_MEMORY, name));
  const own = files.filter((file) => mapped.has(statSync(file, { throwIfNoEntry: false })?.ino ?? 0));
  assert.ok(own.length > 0, 'it has semaphores');
  return own;
}

/** Waits until `holds`, which looks at all processes of the system. That takes 2 ms of CPU time, so it is asked seldom. */
const untilSeen = (holds: () => boolean): Promise<void> =>
  until(async () => {
    await sleep(20);
    return holds();
  });

test('without a Python its rows are left out in one line, the rest runs, and nothing has failed', async () => {
  const plan = onlyPitfalls(article.plan('quick'), [PITFALLS['blocking sleep'].title]);
  const run = await runPlan('article', plan, { size: 'quick', signal });
  assert.ok(!hasFailed(run));
  const left = run.rows.filter(isLeftOut).map(({ name }) => name);
  assert.deepEqual(left, ['Python: time.sleep', 'Python: asyncio.sleep']);
  assert.equal(run.rows.filter(isMeasured).length, 2);
  const text = runText(plan, run, plain);
  assert.deepEqual(
    text.filter((line) => line.includes('eft out')),
    ['Left out, 2 cases: nobody looked for Python', ...text.filter((line) => line.includes('its rows'))],
  );
});

test('only warnings about calls without await count as such', () => {
  const lost =
    "a.py:21: RuntimeWarning: coroutine 'fetch_order' was never awaited\n  result = fetch_order()\n";
  const hint = 'RuntimeWarning: Enable tracemalloc to get the object allocation traceback\n';
  const ofPackage = "b.py:3: SyntaxWarning: invalid escape sequence '\\\\d'\n";
  const experiment = '(node:1) ExperimentalWarning: Type Stripping is an experimental feature\n';
  const promise = '(node:1) PromiseRejectionHandledWarning: Promise rejection was handled asynchronously\n';
  assert.equal(warningsIn(lost + hint + lost + hint), 2);
  assert.equal(warningsIn(ofPackage + hint + experiment), 0);
  assert.equal(warningsIn(experiment + promise), 1);
});

test('a Python that is named must run, and a run tells which one it was', async () => {
  const python = article.options!.find(({ setting }) => setting === 'python')!;
  assert.throws(() => python.read(' '), { message: 'Expected the path of a Python, got " ".' });
  assert.equal(python.read('python3.12'), 'python3.12');
  assert.equal(python.read('./bin/python'), resolve('bin/python'));
  await assert.rejects(article.planHere!('quick', { python: '/no/such/python3' }, signal), {
    name: 'UsageError',
    message: /^--python: expected a Python that runs, got \/no\/such\/python3: .*ENOENT$/,
  });
  const { versions, settings } = await article.planHere!('quick', {}, signal);
  assert.equal(versions?.['Python'] !== undefined, 'version' in here, 'without a name, one is looked for');
  assert.ok(!Object.hasOwn(settings, 'python'));
  assert.equal(article.plan('quick', { python: 'python3.12' }).settings['python'], 'python3.12');
  assert.ok(!Object.hasOwn(article.plan('quick').settings, 'python'));
});

const PROGRAMS = join(ROOT, 'bench/article/python');

test('the program that runs first imports what the others import, so that they find it compiled', () => {
  const importedBy = (file: string): string[] => {
    const source = readFileSync(join(PROGRAMS, file), 'utf8');
    return Array.from(source.matchAll(/^ *(?:import|from) ([\w.]+)/gm), ([, name]) => name!);
  };
  const files = readdirSync(PROGRAMS).filter((name) => name.endsWith('.py'));
  const first = new Set(
    ['probe.py', 'process.py', 'blocking_client.py', 'price.py', 'thread_pool.py'].flatMap(importedBy),
  );
  const all = new Set(files.flatMap(importedBy));
  const builtIn = ['sys', 'time'];
  const isFirst = (name: string) => [...first].some((one) => one === name || one.startsWith(`${name}.`));
  assert.deepEqual(
    [...all].filter((name) => !isFirst(name) && !builtIn.includes(name)),
    [],
  );
});

test('a task is as much work as takes its CPU time, and a clock of CPU time that stands still says so', () => {
  assert.equal(roundsOf(20, 200), 300_000);
  assert.equal(roundsOf(0.000_001, 200), 1);
  for (const cpuMs of [0, undefined]) {
    assert.throws(() => roundsOf(20, cpuMs), { message: /^expected the CPU time of 60 tasks, got / });
  }
});

test("Python's pool of processes gets no more of them than it can watch on Windows", () => {
  assert.deepEqual([workersOf(2, 'win32'), workersOf(64, 'win32'), workersOf(64, 'linux')], [2, 61, 64]);
});

/** An API in this process. It counts the connections that it has accepted. */
async function listen(t: TestContext, respond?: RequestListener) {
  const server = createServer(
    respond ?? (({ url }, response) => response.end(JSON.stringify({ id: Number(url!.split('/')[2]) }))),
  );
  const seen = { connections: 0 };
  server.on('connection', () => seen.connections++).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test('where the second thread of the deadlock fails in Node, the first one does not stand for ever', async (t) => {
  const { origin } = await listen(t, (_, response) => response.writeHead(503).end('no soup'));
  const nodes = node({ atOnce: [], threads: [], warmup: 0, costMs: 1, freeBytes: 0 });
  const program = nodes.pitfalls.deadlock!.program();
  await assert.rejects(ask(program, { origin, isWrong: true, ordersMeanwhile: 3 }, t.signal), {
    message: 'Node: the process ended with exit code 1: Error: expected order 1, got status 503: no soup',
  });
});

describe('in Python', { skip, concurrency: false }, () => {
  const processes = { called: 'Python', ...commandOf(command, 'compute_processes.py') };
  test('every way to compute gives the checksums that the same loop has in JavaScript, and writes nothing beside the programs', async () => {
    await rm(join(PROGRAMS, '__pycache__'), { recursive: true, force: true });
    const { computing } = python(here, { atOnce: [], threads: [], warmup: 0, costMs: 0.1 });
    assert.equal(computing.length, 4);
    for (const way of computing) {
      const { timesMs, cpuMs, peakMiB } = await way.compute(5, context);
      assert.equal(timesMs.length, 1);
      assert.ok(cpuMs! > 0, way.name);
      if (process.platform === 'linux') assert.ok(peakMiB! > 5, way.name);
    }
    // Neither does a process that one of them has started.
    assert.deepEqual(
      readdirSync(PROGRAMS).filter((name) => !name.endsWith('.py')),
      [],
    );
    const compiled = join(processes.environment['PYTHONPYCACHEPREFIX']!, PROGRAMS);
    if (process.platform !== 'win32')
      assert.ok(readdirSync(compiled).some((name) => name.startsWith('price.')));
  });

  test('the pitfalls show what the article says, whatever the shell has set, and Node beside them', async (t) => {
    const shell = { PYTHONWARNINGS: 'ignore', PYTHONASYNCIODEBUG: '1', PYTHONPATH: '/no/such/folder' };
    Object.assign(process.env, shell);
    t.after(() => Object.keys(shell).forEach((name) => delete process.env[name]));
    const plan = onlyPitfalls(await article.planHere!('quick', { python: command }, signal));
    const run = await runPlan('article', plan, { size: 'quick', signal });
    for (const row of run.rows) assert.ok(isMeasured(row), isFailed(row) ? `${row.name}: ${row.error}` : '');
    const claims = claimsOf(plan, run).filter(({ verdict }) => verdict === 'holds');
    assert.equal(claims.length, 2 * Object.keys(PITFALLS).length);
    const ofAwait = claims.filter(({ claim }) => claim.includes('without await'));
    assert.match(ofAwait[0]!.measured, /^0 of 5 answers; the API saw 0 of 5 requests; [1-5] warnings?$/);
    assert.match(ofAwait[1]!.measured, /^0 of 5 answers; the API saw 5 of 5 requests; 0 warnings$/);
    assert.equal(typeof plan.versions?.['Python'], 'string');
  });

  test('a program that fails is a row that has the last line of its traceback', async () => {
    const program = { called: 'Python', ...commandOf(command, 'compute_sequential.py') };
    await assert.rejects(
      computeBy(program, { tasks: 1, rounds: 'many' as never, workers: 1, warmup: 1 }, context),
      {
        message: /^Python: the process ended with exit code 1: TypeError: /,
      },
    );
  });

  /** One of our programs. `before` is Python that runs first, for instance to take something away from it. */
  const changed = (file: string, before: string): Program => {
    const path = JSON.stringify(join(PROGRAMS, file));
    const start = `import runpy, sys; sys.path.insert(0, ${JSON.stringify(PROGRAMS)})`;
    const code = [start, before, `runpy.run_path(${path}, run_name='__main__')`].join('\n');
    return { called: 'Python', ...commandOf(command, file), args: ['-c', code] };
  };

  test('every thread has its connection when the warm-up is over, however few of them sent something', async (t) => {
    const { origin, seen } = await listen(t);
    let atReady = 0;
    // The requests of the warm-up come one after the other, so a single thread could send them all.
    const settings = { origin, requests: 1, warmup: 40, atOnce: 20 };
    const program = { called: 'Python', ...commandOf(command, 'threads.py') };
    await ask(program, settings, signal, async () => void (atReady = seen.connections));
    assert.deepEqual([atReady, seen.connections], [20, 20]);
  });

  test('a thread or a process that cannot be started is why the program failed, and nobody waits for it', async (t) => {
    const { origin } = await listen(t);
    /** Lets some of them start, and no more. */
    const onlySome = (module: string, type: string, some: number): string => `
import ${module}
start = ${module}.${type}.start
left = ${some}
def start_some(one):
    global left
    left -= 1
    if left < 0:
        raise RuntimeError('no room')
    start(one)
${module}.${type}.start = start_some`;
    // One thread more watches the input.
    const twoThreads = onlySome('threading', 'Thread', 3);
    const settings = { origin, requests: 4, warmup: 4, atOnce: 4, rounds: 1, tasks: 4, workers: 4 };
    for (const [file, before] of [
      ['threads.py', twoThreads],
      ['compute_threads.py', twoThreads],
      ['compute_processes.py', onlySome('multiprocessing.process', 'BaseProcess', 2)],
    ] as const) {
      await assert.rejects(ask(changed(file, before), settings, t.signal), {
        message: 'Python: the process ended with exit code 1: RuntimeError: no room',
      });
    }
  });

  test('a process that dies as it starts is why the program failed, and the others are not waited for', async (t) => {
    // The first one waits for the second. That one is killed when the first has had time to begin its wait.
    const killsTheSecond = `
import multiprocessing.process, time
start = multiprocessing.process.BaseProcess.start
first = True
def start_and_kill(one):
    global first
    if not first:
        time.sleep(1)
    start(one)
    if not first:
        one.kill()
    first = False
multiprocessing.process.BaseProcess.start = start_and_kill`;
    const settings = { warmup: 2, rounds: 1, tasks: 2, workers: 2 };
    await assert.rejects(ask(changed('compute_processes.py', killsTheSecond), settings, t.signal), {
      message:
        /^Python: the process ended with exit code 1: concurrent\.futures\.process\.BrokenProcessPool: /,
    });
  });

  test('where the second thread of the deadlock fails in Python, the first one does not stand for ever', async (t) => {
    const { origin } = await listen(t, (_, response) => response.writeHead(503).end('no soup'));
    const program = { called: 'Python', ...commandOf(command, 'deadlock.py') };
    await assert.rejects(ask(program, { origin, isWrong: true, ordersMeanwhile: 3 }, t.signal), {
      message:
        "Python: the process ended with exit code 1: RuntimeError: expected order 1, got status 503: b'no soup'",
    });
  });

  test('a Python without semaphores still says which one it is', async () => {
    const without = 'import _multiprocessing; del _multiprocessing.SemLock; sys.modules["aiohttp"] = None';
    const { answer } = await ask<{ python?: string }>(changed('probe.py', without), {}, signal);
    assert.equal(answer.python, 'version' in here ? here.version : '');
  });

  test('where the system does not tell the memory of a process, the program runs without', async (t) => {
    const { origin } = await listen(t);
    let atReady: Ready | undefined;
    const empty = 'import builtins, io; builtins.open = lambda *arguments: io.StringIO()';
    const settings = { origin, requests: 1, warmup: 1 };
    await ask(changed('sequential.py', empty), settings, signal, async (ready) => void (atReady = ready));
    assert.deepEqual(atReady, { ready: true });
  });

  // Where the system has /proc, the test sees the workers of the program too.
  const skip = process.platform === 'linux' ? false : 'it takes /proc';
  const endless = { tasks: 2, rounds: 1e12, workers: 2, warmup: 2 };
  /** The program, its two workers, and a process of multiprocessing that keeps count of what they share. */
  const startedBy = (asking: number): number[] => {
    const root = treeOf(asking).find((pid) => runs(pid, 'compute_processes.py'));
    return root === undefined ? [] : treeOf(root);
  };
  const untilStarted = async (asking: number): Promise<number[]> => {
    await untilSeen(() => startedBy(asking).length === 4);
    return startedBy(asking);
  };

  test('a program and its processes end when whoever asked it is killed', { skip }, async (t) => {
    const asking = `
      import { ask } from ${JSON.stringify(import.meta.resolve('../../../bench/article/foreign.ts'))};
      await ask(${JSON.stringify(processes)}, ${JSON.stringify(endless)}, new AbortController().signal);
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', asking], { stdio: 'ignore' });
    t.after(() => parent.kill('SIGKILL'));
    const pids = await untilStarted(parent.pid!);
    const semaphores = semaphoresOf(pids[0]!);
    parent.kill('SIGKILL');
    await until(() => !pids.some(isRunning));
    assert.deepEqual(semaphores.filter(existsSync), []);
  });

  test('an abort ends a program, its processes, and the semaphores that they share', { skip }, async (t) => {
    // The processes may just have started, and on a busy machine it takes them long to notice that the program has ended.
    stretchLimits(t.mock, 2000);
    const stop = new AbortController();
    t.after(() => stop.abort());
    const asked = ask(processes, endless, stop.signal);
    asked.catch(() => {});
    const pids = await untilStarted(process.pid);
    const semaphores = semaphoresOf(pids[0]!);
    stop.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
    // Their pipes are closed, but the system may list a process a moment longer.
    await until(() => !pids.some(isRunning));
    assert.deepEqual(semaphores.filter(existsSync), []);
  });

  test('Ctrl-C ends the suite with 130, and its Python too', { skip }, async () => {
    const line = ['article', '--full', '--python', command];
    const child = spawn(process.execPath, [join(ROOT, 'bench/cli.ts'), ...line], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    const programs = () => treeOf(child.pid!).filter((pid) => runs(pid, 'sequential.py'));
    await untilSeen(() => programs().length > 0);
    const pids = treeOf(child.pid!);
    child.kill('SIGINT');
    assert.deepEqual(await ended, [130, null]);
    await until(() => !pids.some(isRunning));
  });
});
