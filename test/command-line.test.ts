// The command line as a process: exit codes, one line on stderr, and what stays silent.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { numberIn } from '../src/command-line.ts';
import { temporaryFolder } from '../src/files/temporary-folder.ts';
import { runLines } from './processes.ts';

const PROGRAM = fileURLToPath(new URL('./children/program.ts', import.meta.url));

type Program = ReturnType<typeof start>;

const start = (...args: string[]) => startIn(process.cwd(), ...args);

function startIn(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const closed = once(child, 'close');
  return {
    child,
    async end() {
      const [code, signal] = (await closed) as [number | null, string | null];
      return { code, signal, ...output };
    },
    async says(text: string) {
      while (!output.stdout.includes(text)) await once(child.stdout, 'data');
    },
  };
}

const run = (...args: string[]) => start(...args).end();
const endOf = (program: Program) => program.end();

describe('exit codes', () => {
  test('0 when done, with the result on stdout alone', async () => {
    assert.deepEqual(await run('succeed', '--lanes', '8'), {
      code: 0,
      signal: null,
      stdout: 'done with 8 lanes\n',
      stderr: '',
    });
  });

  /** Wrong command lines, and what each of them prints on stderr. */
  const WRONG = [
    [['misuse'], /^error: no order 0; orders start at 1\n$/],
    [['suceed'], /^error: unknown command 'suceed' \(Did you mean succeed\?\)\n$/],
    [['succeed', '--lane', '3'], /^error: unknown option '--lane'( \(Did you mean --lanes\?\))?\n$/],
    [['--lanes', '0', 'succeed'], /^error: --lanes: expected a whole number from 1 to 64, got "0"\n$/],
    [['--lanes', '1.5', 'succeed'], /expected a whole number from 1 to 64, got "1\.5"\n$/],
    [['--lanes'], /^error: option '--lanes <number>' argument missing\n$/],
  ] as const;

  test('0 for --help, on stdout; 1 when something failed, and 1 with one line for an exception; 2 with one line for what is wrong', async () => {
    const lines = [['--help'], ['fail'], ['throw'], ...WRONG.map(([args]) => args)];
    const [help, failed, thrown, ...wrong] = await runLines('test/children/program.ts', lines);
    assert.deepEqual([help!.code, help!.stderr], [0, '']);
    assert.match(help!.stdout, /^Usage: program /);
    assert.deepEqual(failed, { code: 1, stdout: '', stderr: '' });
    assert.deepEqual(thrown, { code: 1, stdout: '', stderr: 'error: the kitchen burnt down\n' });
    for (const [index, [args, message]] of WRONG.entries()) {
      const { code, stdout, stderr } = wrong[index]!;
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, message);
    }
  });

  test('2 is also what the process of a wrong command line ends with', async () => {
    const { code, stdout, stderr } = await run('misuse');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, WRONG[0][1]);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`130 after ${signal}, once the command has put things away, with nothing on stderr`, async () => {
      const program = start('wait');
      await program.says('waiting');
      program.child.kill(signal);
      assert.deepEqual(await endOf(program), {
        code: 130,
        signal: null,
        stdout: 'waiting\nstopped\n',
        stderr: '',
      });
    });
  }

  test('a second Ctrl-C ends a command that does not stop, as the signal itself does: a shell says 130', async () => {
    const program = start('ignore');
    await program.says('waiting');
    program.child.kill('SIGINT');
    await program.says('still here');
    program.child.kill('SIGINT');
    const { code, signal } = await endOf(program);
    assert.deepEqual([code, signal], process.platform === 'win32' ? [1, null] : [null, 'SIGINT']);
  });

  test(
    'it ends also one that opens a named pipe, for which process.exit would wait for ever',
    { skip: process.platform === 'win32' && 'Windows has no named pipes among its files' },
    async () => {
      await using folder = await temporaryFolder();
      const program = startIn(folder.path, 'open a pipe');
      await program.says('waiting');
      program.child.kill('SIGTERM');
      program.child.kill('SIGINT');
      const { code, signal } = await endOf(program);
      // Of two signals that come at one moment the system decides which is the second.
      assert.ok(code === null && (signal === 'SIGINT' || signal === 'SIGTERM'), `${code} ${signal}`);
    },
  );

  test('0 and no word when the reader of stdout has read enough', async () => {
    const program = start('talk');
    await program.says('the same dish again');
    program.child.stdout.destroy();
    const { code, stderr } = await endOf(program);
    assert.deepEqual([code, stderr], [0, '']);
  });

  test('1 and one line when stdout takes nothing', { skip: process.platform !== 'linux' }, async () => {
    await using full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [PROGRAM, 'talk'], { stdio: ['ignore', full.fd, 'pipe'] });
    const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr!)]);
    assert.deepEqual([code, stderr], [1, 'error: stdout cannot be written (ENOSPC)\n']);
  });
});

describe('numberIn', () => {
  const lanes = numberIn({ min: 1, max: 64 });

  test('takes plain decimal numbers inside the range, both ends included', () => {
    assert.deepEqual(['1', '64', '007'].map(lanes), [1, 64, 7]);
    assert.equal(numberIn({ min: 0, max: 1, integer: false })('0.25'), 0.25);
    assert.equal(numberIn({ min: -5, max: 0 })('-5'), -5);
  });

  for (const text of [
    '',
    ' 1',
    '1 ',
    '0',
    '65',
    '-1',
    '1.5',
    '1e1',
    '0x10',
    'Infinity',
    'NaN',
    'ten',
    '1,5',
    '١',
  ]) {
    test(`refuses ${JSON.stringify(text)} and says what would do`, () => {
      assert.throws(() => lanes(text), {
        message: `Expected a whole number from 1 to 64, got ${JSON.stringify(text)}.`,
      });
    });
  }
});
