// Whatever a file does, its check comes back with a verdict that says what happened.
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCheck } from '../../../lessons/practice/frame/run-check.ts';
import { exercises } from '../../../lessons/practice/manifest.ts';

const exercise = exercises[0]!;
const folder = join(import.meta.dirname, `../../../lessons/practice/made-test-${process.pid}`);
before(() => mkdir(folder));
after(() => rm(folder, { recursive: true }));

const cases: Array<[what: string, text: string, seen: RegExp]> = [
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
  ['computes for ever', 'export const bring = () => { for (;;); };', /^It computes without end: /],
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

for (const [index, [what, text, seen]] of cases.entries()) {
  test(`a file that ${what} does not pass`, async (t) => {
    const file = join(folder, `case-${index}.ts`);
    await writeFile(file, text);
    const verdict = await runCheck(exercise, file, { signal: t.signal });
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
