// Whatever a file does, its check comes back with a verdict that says what happened.
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCheck, runChecks, type RunOptions } from '../../../lessons/practice/frame/run-check.ts';
import { exercises, folderOf } from '../../../lessons/practice/manifest.ts';

const exercise = exercises[0]!;
const folder = join(import.meta.dirname, `../../../lessons/practice/made-test-${process.pid}`);
before(() => mkdir(folder));
after(() => rm(folder, { recursive: true }));

const cases: Array<[what: string, text: string, seen: RegExp, options?: RunOptions]> = [
  ['does not parse', 'export async function bring( {', /^It does not load: SyntaxError: /],
  ['throws while it loads', "throw new Error('not today');", /^It does not load: Error: not today$/],
  ['exports something else', 'export const bring = 7;', /^It exports 7\.$/],
  [
    'hangs while it loads',
    'await new Promise(() => {});',
    /^It never ends: nothing is left that could wake it\.$/,
  ],
  ['exits', 'process.exit(3);', /^It called process\.exit\(3\)\.$/],
  [
    'ends its process for real',
    "process.kill(process.pid, 'SIGTERM');\nawait new Promise(() => {});",
    /ended with SIGTERM before the check was over/,
  ],
  [
    'rejects and lets nobody know',
    'export const bring = async (id, cook, table) => { void Promise.reject(new Error("lost")); table.push(await cook(id)); };',
    /^Nobody handled this rejection: Error: lost\.$/,
  ],
  [
    'throws in a timer',
    'export const bring = async (id, cook, table) => { setImmediate(() => { throw new Error("late"); }); table.push(await cook(id)); };',
    /^Nobody caught this error: Error: late\.$/,
  ],
  [
    'computes for ever',
    'export const bring = () => { for (;;); };',
    /^It computes without end: /,
    // A learner's file may burn more. The rule is the same.
    { mostCpuMs: 500 },
  ],
  [
    'runs out of memory',
    'export const bring = () => { const all = []; for (;;) all.push(new Array(1e6).fill(0.5)); };',
    /^It ran out of memory\.$/,
  ],
  [
    'sends a verdict of its own',
    'process.send?.({ passes: true });\nexport const bring = async () => {};',
    /^It got 0\.$/,
  ],
];

for (const [index, [what, text, seen, options]] of cases.entries()) {
  test(`a file that ${what} does not pass`, async (t) => {
    const file = join(folder, `case-${index}.ts`);
    await writeFile(file, text);
    const verdict = await runCheck(exercise, file, { signal: t.signal, ...options });
    assert.equal(verdict.passes, false);
    assert.match(verdict.seen, seen);
    assert.notEqual(verdict.expected, '');
  });
}

test('an aborted check ends its process and rejects with the reason', async () => {
  const file = join(folder, 'endless.ts');
  await writeFile(file, 'export const bring = () => { for (;;); };');
  const stop = new AbortController();
  const running = runCheck(exercise, file, { signal: stop.signal });
  stop.abort(new Error('enough'));
  await assert.rejects(running, { message: 'enough' });
});

/** Answers that would decide over those after them, if these met what they leave behind. */
const leavingSomething: Array<[what: string, text: string]> = [
  ['a method of all lists', 'Array.prototype.push = () => 0;\nexport const bring = async () => {};'],
  [
    'a rejection that comes late',
    `export const bring = async () => {};
     const later = (turns) => setImmediate(() => turns > 0 ? later(turns - 1) : Promise.reject(new Error('late')));
     later(150);`,
  ],
  ['a timer', "setTimeout(() => { throw new Error('rings'); }, 1000);\nexport const bring = 7;"],
  // While it waits the clock jumps. A timer of the answer before it would ring then.
  ['a wait without end', 'await new Promise(() => {});'],
  [
    'nothing: it ends the process',
    "process.kill(process.pid, 'SIGTERM');\nawait new Promise(() => {});\nexport const bring = 7;",
  ],
  ['an exit that is refused', 'process.exit(3);'],
];

test('checked beside others, each answer gets the verdict that it gets alone', async (t) => {
  const control = join(folderOf(exercise), 'solution.ts');
  const files = await Promise.all(
    leavingSomething.map(async ([, text], index) => {
      const file = join(folder, `leaving-${index}.ts`);
      await writeFile(file, text);
      return file;
    }),
  );
  const alone = await Promise.all(files.map((file) => runCheck(exercise, file, { signal: t.signal })));
  for (const { passes } of alone) assert.equal(passes, false);
  const answers = [control, ...files.flatMap((file) => [file, control])].map((file) => ({ file, times: 1 }));
  const told: number[] = [];
  const verdicts = await runChecks(exercise, answers, {
    signal: t.signal,
    control,
    onVerdict: (_, place) => told.push(place),
  });
  const [first, ...others] = verdicts;
  assert.equal(first!.passes, true);
  for (const [index, [what]] of leavingSomething.entries()) {
    assert.deepEqual(others[2 * index], alone[index], what);
    assert.equal(others[2 * index + 1]!.passes, true, `after one that leaves ${what}`);
  }
  assert.deepEqual(told, [...answers.keys()]);
});

test('an answer that must pass many times is loaded anew each time, beside others too', async (t) => {
  const file = join(folder, 'passes-once.ts');
  await writeFile(
    file,
    `globalThis.loads = (globalThis.loads ?? 0) + 1;
     export const bring = globalThis.loads < 3
       ? async (id, cook, table) => { table.push(await cook(id)); }
       : async () => {};`,
  );
  const control = join(folderOf(exercise), 'solution.ts');
  const verdictsOf = async (times: number) =>
    (await runChecks(exercise, [{ file, times }], { signal: t.signal, control })).map(({ passes }) => passes);
  assert.deepEqual([await verdictsOf(2), await verdictsOf(3)], [[true], [false]]);
});

test('many answers are ended by their signal, with its reason', async () => {
  const file = join(folder, 'endless.ts');
  await writeFile(file, 'export const bring = () => { for (;;); };');
  const control = join(folderOf(exercise), 'solution.ts');
  const stop = new AbortController();
  const running = runChecks(
    exercise,
    [control, file].map((each) => ({ file: each, times: 1 })),
    {
      signal: stop.signal,
      control,
      onVerdict: () => stop.abort(new Error('enough')),
    },
  );
  await assert.rejects(running, { message: 'enough' });
});
