import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { run } from '../processes.ts';

let seen: Record<string, unknown>;
before(async () => {
  const { stdout, stderr } = await run('test/lessons/virtual-time-probe.ts');
  seen = JSON.parse(stdout || JSON.stringify({ stderr })) as typeof seen;
});

test('waits take exactly what they say, on every clock', () => {
  const date = '2026-01-01T12:00:01.500Z';
  assert.deepEqual(seen['waited'], { performance: 1500, date, dateNow: 0 });
});

test('timers fire one by one, by time and then by age, each with its microtasks', () => {
  assert.deepEqual(seen['order'], ['first at 10', 'microtask of first', 'second', 'unref', 'late']);
});

test('delays are whole milliseconds, cut like those of Node', () => {
  assert.equal(seen['whole milliseconds'], 2);
});

test('an interval ticks until it is cleared', () => {
  assert.deepEqual(seen['ticks'], [0, 100, 200]);
});

test('AbortSignal.timeout ends a wait with the reasons of Node', () => {
  assert.deepEqual(seen['aborted'], ['AbortError', 'TimeoutError', 250]);
});

test('the clock stands still while a file is read', () => {
  assert.deepEqual(seen['files'], { elapsed: 0, fired: false });
});

test('the kitchen of the API keeps virtual time to the millisecond', () => {
  assert.deepEqual([seen['instant'], seen['slow']], [0, 1400]);
});

test('a callback runs in the context in which its timer was set, as on the real clock', async () => {
  const code = `
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const table = new AsyncLocalStorage();
    const log = (what) => console.log(what, table.getStore());
    table.run(3, () => setTimeout(log, 20, 'timer'));
    table.run(7, () => {
      const interval = setInterval(() => { log('interval'); clearInterval(interval); }, 10);
      const signal = AbortSignal.timeout(30);
      setTimeout(() => {}, 40);
      table.run(9, () => signal.addEventListener('abort', () => log('signal')));
    });`;
  const { code: exitCode, stdout } = await ending(code);
  assert.equal(exitCode, 0);
  assert.equal(stdout, 'interval 7\ntimer 3\nsignal 7\n');
  // On a busy machine the real clock may find all of them due at once. Their order is then another one.
  const real = await ending(code, 'real');
  assert.equal(real.code, 0);
  assert.deepEqual(linesOf(real.stdout), linesOf(stdout));
});

test('a program whose timers are all unref’d ends, as on the real clock', async () => {
  for (const code of [
    `setTimeout(() => console.log('never'), 10).unref();`,
    `AbortSignal.timeout(10).onabort = () => console.log('never');`,
  ]) {
    assert.deepEqual(await ending(code), { code: 0, stdout: '' });
  }
});

test('a wait that was aborted leaves no timer behind', async () => {
  const wait = `(await import('node:timers/promises')).setTimeout(1000, null, { signal: AbortSignal.timeout(10) })`;
  const code = `await ${wait}.catch(() => {}); process.on('exit', () => console.log(performance.now()));`;
  assert.deepEqual(await ending(code), { code: 0, stdout: '10\n' });
});

test('a wait for nothing ends with 13, as on the real clock', async () => {
  const code = `setTimeout(() => console.log('ticked'), 10); await new Promise(() => {});`;
  assert.deepEqual(await ending(code), { code: 13, stdout: 'ticked\n' });
});

test('afterwards everything is as before', () => {
  assert.equal(seen['restored'], true);
});

/** The lines of a text, in the order of the alphabet. */
const linesOf = (stdout: string) => stdout.split('\n').toSorted();

/** How a program ends. */
async function ending(
  code: string,
  clock: 'virtual' | 'real' = 'virtual',
): Promise<{ code: number | null; stdout: string }> {
  const url = JSON.stringify(new URL('../../lessons/virtual-time.ts', import.meta.url).href);
  const onVirtualTime = `import { virtualTime } from ${url}; virtualTime();`;
  const program = clock === 'virtual' ? onVirtualTime + code : code;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code: child.exitCode, stdout };
}
