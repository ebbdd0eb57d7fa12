// The practice as a learner meets it: exit codes and words of the command line.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { resultOf } from '../../../lessons/practice/check-copy.ts';
import { openCopies } from '../../../lessons/practice/copies.ts';
import { exercises } from '../../../lessons/practice/manifest.ts';
import { learner } from './learner.ts';

const [first, second] = exercises;

test('a check that fails says what was expected and what was seen, and exits with 1', async () => {
  await using me = learner();
  const { code, stdout } = await me.run('forgotten-await');
  assert.equal(code, 1);
  assert.match(stdout, /^✗ 1: forgotten-await|^✗ 1 forgotten-await/);
  assert.match(stdout, /expected {2}The table gets nothing before the dish is ready\./);
  assert.match(stdout, /seen {6}The table got \[object Promise\]/);
});

test('a check that passes is kept in the list, and points to the next one', async () => {
  await using me = learner();
  await openCopies();
  await me.solve(first!);
  const { code, stdout } = await me.run('1');
  assert.equal(code, 0);
  assert.match(stdout, /^✓ 1/);
  assert.ok(stdout.includes(`1 of ${exercises.length}; next: npm run practice -- for-each`), stdout);
  assert.match((await me.run()).stdout, /✓ +1 forgotten-await/);
});

test('the solution is shown after a pass, or to whoever gives up', async () => {
  await using me = learner();
  const copies = await openCopies();
  await me.solve(second!);
  assert.equal((await resultOf(copies, second!)).verdict.passes, true);
  const [refused, givenUp, passed] = await me.runLines(
    ['solution', 'forgotten-await'],
    ['solution', 'forgotten-await', '--give-up'],
    ['solution', '2'],
  );
  assert.equal(refused!.code, 2);
  assert.match(refused!.stderr, /^error: forgotten-await has not passed yet; --give-up shows/);
  assert.match(givenUp!.stdout, /const dish = await cook\(id\);/);
  assert.equal(passed!.code, 0);
  assert.match(passed!.stdout, /for \(const id of ids\)/);
});

test('a hint names the idea; an unknown name gets the nearest', async () => {
  await using me = learner();
  const [hint, slip, unknown] = await me.runLines(['hint', '11'], ['debunce'], ['99']);
  assert.match(hint!.stdout, /a cook who is done takes the next order/);
  assert.equal(slip!.code, 2);
  assert.equal(slip!.stderr, 'error: no exercise "debunce"; did you mean debounce?\n');
  assert.match(unknown!.stderr, /^error: no exercise "99"; `npm run practice` lists them\n$/);
});

test('what a copy prints is shown, and a type error beside a failure too; what it throws is one line without control characters', async () => {
  await using me = learner();
  await openCopies();
  const text = `console.log('looking');
    export const bring = () => { throw new Error('\\u001B[2J\\u009Bgone\\nsecond line\\u202E'); };
    export const dishes: number = 'soup';`;
  await writeFile(me.copy(first!), text);
  const { code, stdout } = await me.run('1');
  assert.equal(code, 1);
  assert.match(stdout, /^looking\n✗/);
  assert.match(stdout, /types {5}line 3: Type 'string' is not assignable to type 'number'\./);
  assert.match(stdout, /gone second line/);
  for (const control of ['\u001B', '\u009B', '\u202E']) assert.ok(!stdout.includes(control));
});

test('verify checks one exercise and says so in a line', async () => {
  await using me = learner();
  const { code, stdout } = await me.run('verify', 'transfer');
  assert.equal(code, 0, stdout);
  assert.match(
    stdout,
    /^1 exercise\. Pass 20 times of 20: 1 solution\. Fail in the expected words: 1 as shipped, /,
  );
});
