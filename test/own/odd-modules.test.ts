// Modules that end the process that looks into them, or hang, or that fail there. Each has a line of its own, and nothing is
// left running. What else can be wrong with a module is in test/jobs/own-work.test.ts.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { livingChildren } from '../../src/child.ts';
import { OwnWorkError } from '../../src/jobs/own-work.ts';
import { PROBE_TASKS, startProbe } from '../../src/measure/probe.ts';
import { withPatience } from '../patience.ts';
import { runLines } from '../processes.ts';
import { planned } from './compared.ts';
import { folder, ownJobAt } from './modules.ts';

const INPUTS = 'export const inputs = [1, 2, 3];';
const NAME = 'odd.mjs';

interface Odd {
  readonly does: string;
  readonly source: string;
  /** What follows `odd.mjs: `. */
  readonly says: RegExp;
}

const FAILING: readonly Odd[] = [
  {
    does: 'throws several lines at import',
    source: "throw new Error('no\\ndatabase');",
    says: /could not be loaded: Error: no database/,
  },
  {
    does: 'ends the process at import',
    source: 'process.exit(3);',
    says: /while it was loaded the process ended with exit code 3; does it call process\.exit\?/,
  },
  {
    does: 'cannot be set up',
    source: `${INPUTS} export const task = () => 1; export const setUp = () => { throw new Error('no database'); };`,
    says: /setUp: Error: no database/,
  },
  {
    does: 'only fails',
    source: `${INPUTS} export const task = (id) => { throw new RangeError('bad ' + id); };`,
    says: /every one of the first 3 tasks failed: RangeError: bad 1/,
  },
];

const HANGING: readonly Odd[] = [
  {
    does: 'never finishes loading',
    source: 'await new Promise(() => {});',
    says: /did not come back while it was loaded, not within \d+ ms/,
  },
  {
    does: 'has inputs that never come',
    source: 'export async function* inputs() { await new Promise(() => {}); } export const task = () => 1;',
    says: /did not come back while its inputs were drawn/,
  },
  {
    does: 'never settles',
    source: `${INPUTS} export const task = () => new Promise(() => {});`,
    says: /the task of input 1 did not end within \d+ ms \(--timeout\), nor when its signal aborted/,
  },
  {
    // As one that computes for ever, but without the CPU time.
    does: 'keeps its thread for ever',
    source: `${INPUTS} export const task = () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); };`,
    says: /did not come back in the task, at input 1/,
  },
];

/** The line for the reader about a module that ends. */
function lineOn(path: string): Promise<string> {
  return planned(path).then(
    () => 'nothing is wrong with it',
    ({ message }: Error) => message,
  );
}

/** The same for a module that hangs. On a busy machine another step than the one that hangs may run into the limit. */
function lineOnHanging(path: string, expected: RegExp): Promise<string> {
  async function attempt(limitMs: number): Promise<string> {
    // A task has a second more to stop at its signal.
    const [timeoutMs, slackMs] = [limitMs / 2, 1.5 * limitMs];
    const job = { ...ownJobAt(path), timeoutMs };
    try {
      await using probe = await startProbe({ job, tasks: PROBE_TASKS }, undefined, slackMs);
      await probe.run();
      return 'nothing is wrong with it';
    } catch (error) {
      if (!(error instanceof OwnWorkError)) throw error;
      return `${NAME}: ${error.message}`;
    }
  }
  return withPatience(attempt, (line) => expected.test(line));
}

async function expectLine({ source, says }: Odd, look: typeof lineOnHanging): Promise<void> {
  await using made = await folder();
  const line = await look(join(made.path, await made.write(NAME, source)), says);
  assert.match(line, says);
  assert.match(line, /^[^\n]+$/);
  assert.ok(line.startsWith(`${NAME}: `), line);
}

const expectNothingLeft = () => assert.deepEqual([...livingChildren()], [], 'nothing is left running');

for (const odd of FAILING) {
  test(`a module that ${odd.does} has its line`, async () => {
    await expectLine(odd, lineOn);
    expectNothingLeft();
  });
}

// All at the same time, since each waits for seconds. Only after the last one can nothing be left.
describe('of modules that hang', { concurrency: true }, () => {
  after(expectNothingLeft);
  for (const odd of HANGING) {
    test(`one that ${odd.does} has its line`, () => expectLine(odd, lineOnHanging));
  }
});

test('a task that returns a thenable is seen as one that returns a promise', async () => {
  await using made = await folder();
  const source = `${INPUTS} export const task = (id) => ({ then: (done) => setTimeout(done, 20, id) });`;
  const { settings } = await planned(join(made.path, await made.write(NAME, source)));
  assert.equal(settings?.probe.isSynchronous, false);
  // A virtual machine may count time that its host took as computing, so it could be both.
  assert.ok(['waits', 'both'].includes(settings.nature), settings.nature);
});

test('threads are left out for an input that no thread can be sent', async () => {
  await using made = await folder();
  const source = 'export const inputs = [1, () => 2]; export const task = () => 1;';
  const { settings } = await planned(join(made.path, await made.write(NAME, source)));
  assert.match(
    settings?.leftOut['worker-threads'] ?? 'not left out',
    /^input 2 cannot be sent to a thread \(DataCloneError/,
  );
});

test('on the command line each is one line on stderr: 1 for a module that is broken, 2 for one that is not there', async () => {
  await using made = await folder();
  await made.write('early.mjs', 'export const task = (');
  await made.write('late.mjs', `${INPUTS} export const task = () => process.exit(0);`);
  await made.write('slow.mjs', `${INPUTS} export const task = () => new Promise(() => {});`);
  await made.write('fine.mjs', 'export const task = () => 1;');
  const EXPECTED = [
    {
      args: './early.mjs',
      code: 1,
      says: /^error: early\.mjs: could not be loaded: SyntaxError: [^\n]+\n$/,
    },
    {
      args: './late.mjs',
      isPlanned: true,
      code: 1,
      says: /^error: late\.mjs: in the task, at input 1 the process ended with exit code 0; does it call process\.exit\?\n$/,
    },
    {
      // --timeout decides how long a task that never settles is awaited.
      args: './slow.mjs --timeout 100',
      isPlanned: true,
      code: 1,
      says: /^error: slow\.mjs: the task of input 1 did not end within 100 ms \(--timeout\)[^\n]+\n$/,
    },
    {
      args: './missing.ts',
      code: 2,
      says: /^error: \.\/missing\.ts: there is no such file; looked for .*missing\.ts\n$/,
    },
    {
      args: './notes.txt',
      code: 2,
      says: /^error: [^\n]*expected a module whose name ends with \.ts, \.mts, \.js or \.mjs\n$/,
    },
    {
      args: './fine.mjs --inputs missing.txt',
      code: 2,
      says: /^error: --inputs missing\.txt: there is no such file[^\n]*\n$/,
    },
  ];
  const lines = EXPECTED.map(({ args }) => ['compare', ...args.split(' ')]);
  const endings = await runLines('src/program.ts', lines, { cwd: made.path });
  for (const [index, { args, code, says, isPlanned = false }] of EXPECTED.entries()) {
    const ending = endings[index]!;
    assert.equal(ending.code, code, args);
    assert.match(ending.stderr, says);
    assert.match(ending.stdout, isPlanned ? /The plan makes at most/ : /^$/);
  }
});
