import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { TOLD_FD, toldIn } from '../../src/running/told.ts';

const TOLD = new URL('../../src/running/told.ts', import.meta.url).href;

/** What a process tells that runs these lines, to somebody who listens or has closed the pipe. */
async function toldBy(lines: string, listens = true) {
  const source = `const { tell, told } = await import(${JSON.stringify(TOLD)});\n${lines}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'ignore', 'pipe', 'ignore', 'pipe'],
  });
  const pipe = child.stdio[TOLD_FD] as Readable;
  if (!listens) pipe.destroy();
  const [said, stderr] = await Promise.all([
    listens ? text(pipe) : '',
    text(child.stderr!),
    once(child, 'close'),
  ]);
  assert.deepEqual([child.exitCode, stderr], [0, '']);
  return said
    .split('\n')
    .filter((line) => line !== '')
    .map(toldIn);
}

test('a task that keeps its thread is told of while it does: its start is out before its end', async () => {
  const told = await toldBy(`
    const task = told((input) => ({ span: { input, outcome: 'ok' } }));
    task(7);
    process.exit();
  `);
  assert.deepEqual(
    told.map((one) => one && [one.what, 'input' in one ? one.input : undefined]),
    [
      ['start', 7],
      ['end', 7],
    ],
  );
});

test('a synchronous task stays one, and the end of another is told when it has ended, with its outcome', async () => {
  const told = await toldBy(`
    const outcome = (input, outcome) => ({ span: { input, outcome } });
    const now = told((input) => outcome(input, 'ok'))(1);
    if (now.span.input !== 1) process.exit(1);
    const later = told(async (input) => { await null; return outcome(input, 'failed'); })(2);
    tell({ what: 'beat', atMs: 0 });
    await later;
  `);
  assert.deepEqual(
    told.map((one) => one && [one.what, 'outcome' in one ? one.outcome : undefined]),
    [
      ['start', undefined],
      ['end', 'ok'],
      ['start', undefined],
      ['beat', undefined],
      ['end', 'failed'],
    ],
  );
});

test('a part of a line tells nothing, and is no reason to end', () => {
  assert.equal(toldIn('{"what":"be'), undefined);
  assert.equal(toldIn(''), undefined);
  assert.deepEqual(toldIn('{"what":"beat","atMs":1}'), { what: 'beat', atMs: 1 });
});

test('where nobody listens nothing is told, and the process goes on', async () => {
  assert.deepEqual(
    await toldBy(`for (let atMs = 0; atMs < 1000; atMs++) tell({ what: 'beat', atMs });`, false),
    [],
  );
});
