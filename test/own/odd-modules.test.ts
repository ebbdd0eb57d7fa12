// Modules that do what a module should not. Each has a clear line of its own, or just works, and nothing is left running.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { livingChildren } from '../../src/child.ts';
import { planOwn } from '../../src/commands/compare-own.ts';
import { OwnWorkError } from '../../src/jobs/own-work.ts';
import { PROBE_TASKS, startProbe } from '../../src/measure/probe.ts';
import { withPatience } from '../patience.ts';
import { folder, run } from './modules.ts';

interface Odd {
  readonly does: string;
  readonly source: string;
  /** The end of `NAME: …`, or a part of stdout where the module just works. */
  readonly error?: RegExp;
  /** It does not end by itself. */
  readonly hangs?: true;
  readonly works?: RegExp;
  readonly name?: string;
}

const INPUTS = 'export const inputs = [1, 2, 3];';

const ODD: readonly Odd[] = [
  { does: 'is no JavaScript', source: 'export const task = (', error: /could not be loaded: SyntaxError: / },
  {
    does: 'needs more than types taken away',
    name: 'odd.ts',
    source: 'enum A { B } export const task = () => A.B;',
    error: /could not be loaded: SyntaxError: TypeScript enum is not supported/,
  },
  {
    does: 'throws at import',
    source: "throw new TypeError('no database');",
    error: /could not be loaded: TypeError: no database/,
  },
  {
    does: 'throws several lines at import',
    source: "throw new Error('no\\ndatabase');",
    error: /could not be loaded: Error: no database/,
  },
  { does: 'throws something else than an error', source: 'throw 7;', error: /could not be loaded: threw 7/ },
  {
    does: 'ends the process at import',
    source: 'process.exit(3);',
    error: /while it was loaded the process ended with exit code 3; does it call process\.exit\?/,
  },
  {
    does: 'never finishes loading',
    source: 'await new Promise(() => {});',
    hangs: true,
    error: /did not come back while it was loaded, not within \d+ ms/,
  },
  {
    does: 'has no task',
    source: `${INPUTS} export const task = 42;`,
    error: /exports no task: expected a function as default or as "task", got 42/,
  },
  {
    does: 'has no inputs',
    source: 'export const task = () => 1;',
    error: /has no inputs: export "inputs", or give --inputs FILE/,
  },
  {
    does: 'has inputs that end at once',
    source: 'export const inputs = []; export const task = () => 1;',
    error: /inputs: expected at least one, got none/,
  },
  {
    does: 'has a text for inputs',
    source: "export const inputs = 'abc'; export const task = () => 1;",
    error: /inputs: expected an array, an iterable or a generator, got 'abc'/,
  },
  {
    does: 'has inputs that fail half-way',
    source: "export function* inputs() { yield 1; throw new Error('broken'); } export const task = () => 1;",
    error: /inputs, after the first 1: Error: broken/,
  },
  {
    does: 'has inputs that never come',
    source: 'export async function* inputs() { await new Promise(() => {}); } export const task = () => 1;',
    hangs: true,
    error: /did not come back while its inputs were drawn/,
  },
  {
    does: 'cannot be set up',
    source: `${INPUTS} export const task = () => 1; export const setUp = () => { throw new Error('no database'); };`,
    error: /setUp: Error: no database/,
  },
  {
    does: 'has something else than a function for setUp',
    source: `${INPUTS} export const task = () => 1; export const setUp = 7;`,
    error: /setUp: expected a function, got 7/,
  },
  {
    does: 'ends the process in its task',
    source: `${INPUTS} export const task = () => process.exit(0);`,
    error: /in the task, at input 1 the process ended with exit code 0; does it call process\.exit\?/,
  },
  {
    does: 'never settles',
    source: `${INPUTS} export const task = () => new Promise(() => {});`,
    hangs: true,
    error: /the task of input 1 did not end within \d+ ms \(--timeout\), nor when its signal aborted/,
  },
  {
    does: 'computes for ever',
    source: `${INPUTS} export const task = () => { while (true); };`,
    hangs: true,
    error: /did not come back in the task, at input 1/,
  },
  {
    does: 'only fails',
    source: `${INPUTS} export const task = (id) => { throw new RangeError('bad ' + id); };`,
    error: /every one of the first 3 tasks failed: RangeError: bad 1/,
  },
  {
    does: 'returns a thenable',
    source: `${INPUTS} export const task = (id) => ({ then: (done) => setTimeout(done, 20, id) });`,
    works: /waits \d+ % of its .*sequential/s,
  },
  {
    does: 'never runs out of inputs',
    source:
      'export function* inputs() { for (let id = 1; ; id++) yield id; } export const task = (id) => id;',
    works: /: 20 inputs\./,
  },
  {
    does: 'is of CommonJS',
    name: 'odd.js',
    source: 'module.exports = { inputs: [1, 2, 3], task: (id) => id };',
    works: /: 3 inputs\./,
  },
  {
    does: 'prints',
    source: `console.log('PRINTED'); ${INPUTS} export const task = (id) => { console.log('PRINTED'); return id; };`,
    works: /^(?!.*PRINTED).*: 3 inputs\./s,
  },
  {
    does: 'has an input that no thread can be sent',
    source: 'export const inputs = [1, () => 2]; export const task = () => 1;',
    works: /worker-threads: left out, because input 2 cannot be sent to a thread \(DataCloneError/,
  },
];

/** A busy machine may take long to start a process: nothing that ends is to run into this. */
const LONG_MS = 60_000;

/** The line for the reader about a module that ends, by the function that looks into it. */
async function lineOn(path: string): Promise<string> {
  const flags = { requests: 40, concurrency: 10, most: 50, retries: 0, timeout: LONG_MS };
  const planning = planOwn(path, flags, {
    signal: new AbortController().signal,
    isTyped: () => false,
    say: () => {},
  });
  return planning.then(
    () => 'nothing is wrong with it',
    ({ message }: Error) => message,
  );
}

/** The same for a module that hangs. On a busy machine another step than the one that hangs may run into the limit. */
function lineOnHanging(path: string, name: string, expected: RegExp): Promise<string> {
  async function attempt(limitMs: number): Promise<string> {
    // A task has a second more to stop at its signal.
    const [timeoutMs, slackMs] = [limitMs / 2, 1.5 * limitMs];
    const job = { kind: 'own', job: 'own-work', path, inputs: 40, costMs: Infinity, timeoutMs } as const;
    try {
      await using probe = await startProbe({ job, tasks: PROBE_TASKS }, undefined, slackMs);
      await probe.run();
      return 'nothing is wrong with it';
    } catch (error) {
      if (!(error instanceof OwnWorkError)) throw error;
      return `${name}: ${error.message}`;
    }
  }
  return withPatience(attempt, (line) => expected.test(line));
}

for (const { does, source, error, hangs = false, works, name = 'odd.mjs' } of ODD) {
  test(`a module that ${does} ${error ? 'has its line' : 'just works'}`, async () => {
    await using made = await folder();
    await made.write(name, source);
    const path = join(made.path, name);
    if (error) {
      const line = hangs ? await lineOnHanging(path, name, error) : await lineOn(path);
      assert.match(line, error);
      assert.match(line, /^[^\n]+$/);
      assert.ok(line.startsWith(`${name}: `), line);
      assert.deepEqual([...livingChildren()], [], 'nothing is left running');
      return;
    }
    const options = ['--timeout', `${LONG_MS}`, '--repeats', '1', '--approach', 'sequential,worker-threads'];
    const { code, stdout, stderr } = await run(made.path, 'compare', `./${name}`, ...options);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout.replaceAll(/\s+/g, ' '), works!);
  });
}

test('on the command line that is one line on stderr, with the exit code 1, before and after the first task', async () => {
  await using made = await folder();
  await made.write('early.mjs', 'export const task = (');
  await made.write('late.mjs', `${INPUTS} export const task = () => process.exit(0);`);
  const early = await run(made.path, 'compare', './early.mjs');
  assert.deepEqual([early.code, early.stdout], [1, '']);
  assert.match(early.stderr, /^error: early\.mjs: could not be loaded: SyntaxError: [^\n]+\n$/);
  const late = await run(made.path, 'compare', './late.mjs');
  assert.equal(late.code, 1);
  assert.match(
    late.stderr,
    /^error: late\.mjs: in the task, at input 1 the process ended with exit code 0[^\n]+\n$/,
  );
});

test('on the command line --timeout decides how long a task that never settles is awaited', async () => {
  await using made = await folder();
  await made.write('odd.mjs', `${INPUTS} export const task = () => new Promise(() => {});`);
  const { code, stderr } = await run(made.path, 'compare', './odd.mjs', '--timeout', '100');
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error: odd\.mjs: the task of input 1 did not end within 100 ms \(--timeout\)[^\n]+\n$/,
  );
});

test('a file that is not there, or no module, ends with 2 and changes nothing', async () => {
  await using made = await folder();
  const missing = await run(made.path, 'compare', './missing.ts');
  assert.deepEqual([missing.code, missing.stdout], [2, '']);
  assert.match(missing.stderr, /^error: \.\/missing\.ts: there is no such file; looked for .*missing\.ts\n$/);
  const text = await run(made.path, 'compare', './notes.txt');
  assert.equal(text.code, 2);
  assert.match(text.stderr, /expected a module whose name ends with \.ts, \.mts, \.js or \.mjs/);
  await made.write('fine.mjs', 'export const task = () => 1;');
  const inputs = await run(made.path, 'compare', './fine.mjs', '--inputs', 'missing.txt');
  assert.equal(inputs.code, 2);
  assert.match(inputs.stderr, /^error: --inputs missing\.txt: there is no such file/);
});

test('a result that no thread can send back fails there with its reason, and nowhere else', async () => {
  await using made = await folder();
  await made.write(
    'odd.mjs',
    'export const inputs = [1, 2, 3, 4, 5, 6]; export const task = async (id) => () => id;',
  );
  const options = ['--repeats', '1', '--approach', 'sequential,worker-threads'];
  const { code, stdout } = await run(made.path, 'compare', './odd.mjs', ...options);
  assert.equal(code, 1);
  const text = stdout.replaceAll(/\s+/g, ' ');
  assert.match(
    text,
    /worker-threads: stopped when \d of 6 tasks had failed, more than a fifth: \d × the result cannot be sent from a thread/,
  );
  assert.match(text, /sequential \d/);
});
