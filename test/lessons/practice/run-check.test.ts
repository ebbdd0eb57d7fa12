// Whatever a file does, its check comes back with a verdict that says what happened.
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCheck, runChecks } from '../../../lessons/practice/frame/run-check.ts';
import { exercises, folderOf } from '../../../lessons/practice/manifest.ts';

const exercise = exercises[0]!;
const folder = join(import.meta.dirname, `../../../lessons/practice/made-test-${process.pid}`);
before(() => mkdir(folder));
after(() => rm(folder, { recursive: true }));

const control = join(folderOf(exercise), 'solution.ts');
let files = 0;

async function fileOf(text: string): Promise<string> {
  const file = join(folder, `case-${files++}.ts`);
  await writeFile(file, text);
  return file;
}

/** To be checked beside others. */
const answer = (file: string, times = 1) => ({ exercise, file, times, control });

const cases: Array<[what: string, text: string, seen: RegExp]> = [
  ['does not parse', 'export async function bring( {', /^It does not load: SyntaxError: /],
  ['throws while it loads', "throw new Error('not today');", /^It does not load: Error: not today$/],
  ['exports something else', 'export const bring = 7;', /^It exports 7\.$/],
  ['exits', 'process.exit(3);', /^It called process\.exit\(3\)\.$/],
  [
    'rejects and lets nobody know',
    'export const bring = async (id, cook, table) => { if (id === 1) void Promise.reject(new Error("lost")); table.push(await cook(id)); };',
    /^Nobody handled this rejection: Error: lost\.$/,
  ],
  [
    'throws in a timer',
    'export const bring = async (id, cook, table) => { if (id === 1) setImmediate(() => { throw new Error("late"); }); table.push(await cook(id)); };',
    /^Nobody caught this error: Error: late\.$/,
  ],
  [
    'sends a verdict of its own',
    'process.send?.({ passes: true });\nexport const bring = async () => {};',
    /^It got 0\.$/,
  ],
  // Each of the others leaves something behind that would change the verdict on the next file of the same process.
  [
    'changes a method of all lists',
    'Array.prototype.push = () => 0;\nexport const bring = async () => {};',
    /^It got 0\.$/,
  ],
  [
    'leaves a rejection that comes late',
    `export const bring = async () => {};
     const later = (turns) => setImmediate(() => turns > 0 ? later(turns - 1) : Promise.reject(new Error('late')));
     later(150);`,
    /^It got 0\.$/,
  ],
  [
    'leaves a timer',
    "setTimeout(() => { throw new Error('rings'); }, 1000);\nexport const bring = 7;",
    /^It exports 7\.$/,
  ],
  [
    // While it waits the clock jumps. A timer of the answer before it would ring then.
    'hangs while it loads',
    'await new Promise(() => {});',
    /^It never ends: nothing is left that could wake it\.$/,
  ],
  [
    'ends its process for real',
    "process.kill(process.pid, 'SIGTERM');\nawait new Promise(() => {});\nexport const bring = 7;",
    /ended with SIGTERM before the check was over/,
  ],
];

test('beside others, each file gets the verdict that says what happened in it, and a good one after it passes', async (t) => {
  const wrong = await Promise.all(cases.map(([, text]) => fileOf(text)));
  const answers = [control, ...wrong.flatMap((file) => [file, control])].map((file) => answer(file));
  const told: number[] = [];
  const verdicts = await runChecks(answers, { signal: t.signal, onVerdict: (_, place) => told.push(place) });
  const [first, ...others] = verdicts;
  assert.equal(first!.passes, true);
  for (const [index, [what, , seen]] of cases.entries()) {
    const verdict = others[2 * index]!;
    assert.equal(verdict.passes, false, `a file that ${what}`);
    assert.match(verdict.seen, seen, `a file that ${what}`);
    assert.notEqual(verdict.expected, '', `a file that ${what}`);
    assert.equal(others[2 * index + 1]!.passes, true, `after a file that ${what}`);
  }
  assert.deepEqual(told, [...answers.keys()]);
});

test('a file that takes all of the processor or of the memory does not pass', async (t) => {
  const endless = await fileOf('export const bring = () => { for (;;); };');
  // A learner's file may burn more. The rule is the same.
  const computing = await runCheck(exercise, endless, { signal: t.signal, mostCpuMs: 100 });
  assert.equal(computing.passes, false);
  assert.match(computing.seen, /^It computes without end: /);
  assert.notEqual(computing.expected, '');
  const greedy =
    'export const bring = () => { const all = []; for (;;) all.push(new Array(1e6).fill(0.5)); };';
  const collecting = await runCheck(exercise, await fileOf(greedy), { signal: t.signal });
  assert.equal(collecting.passes, false);
  assert.match(collecting.seen, /^It ran out of memory\.$/);
  assert.notEqual(collecting.expected, '');
});

test('an aborted check ends its process and rejects with the reason', async () => {
  const endless = await fileOf('export const bring = () => { for (;;); };');
  const stop = new AbortController();
  const running = runCheck(exercise, endless, { signal: stop.signal });
  stop.abort(new Error('enough'));
  await assert.rejects(running, { message: 'enough' });
});

test('an answer that must pass many times is loaded anew each time, beside others too', async (t) => {
  const passesTwice = (name: string) =>
    `globalThis.${name} = (globalThis.${name} ?? 0) + 1;
     export const bring = globalThis.${name} < 3
       ? async (id, cook, table) => { table.push(await cook(id)); }
       : async () => {};`;
  const answers = [
    answer(await fileOf(passesTwice('one')), 2),
    answer(await fileOf(passesTwice('other')), 3),
  ];
  const verdicts = await runChecks(answers, { signal: t.signal });
  assert.deepEqual(
    verdicts.map(({ passes }) => passes),
    [true, false],
  );
});

test('many answers are ended by their signal, with its reason', async () => {
  const endless = await fileOf('export const bring = () => { for (;;); };');
  const stop = new AbortController();
  const running = runChecks([answer(control), answer(endless)], {
    signal: stop.signal,
    onVerdict: () => stop.abort(new Error('enough')),
  });
  await assert.rejects(running, { message: 'enough' });
});
