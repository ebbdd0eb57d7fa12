// The practice as a learner meets it: exit codes and words of the command line.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
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
  await me.run();
  await me.solve(first!);
  const { code, stdout } = await me.run('1');
  assert.equal(code, 0);
  assert.match(stdout, /^✓ 1/);
  assert.ok(stdout.includes(`1 of ${exercises.length}; next: npm run practice -- for-each`), stdout);
  assert.match((await me.run()).stdout, /✓ +1 forgotten-await/);
});

test('the solution is shown after a pass, or to whoever gives up', async () => {
  await using me = learner();
  const refused = await me.run('solution', 'for-each');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^error: for-each has not passed yet; --give-up shows/);
  assert.match((await me.run('solution', 'for-each', '--give-up')).stdout, /for \(const id of ids\)/);
  await me.solve(second!);
  // The copies are made by the first command; a solved one is not overwritten by it.
  assert.equal((await me.run('2')).code, 0);
  assert.equal((await me.run('solution', '2')).code, 0);
});

test('a hint names the idea; an unknown name gets the nearest', async () => {
  await using me = learner();
  assert.match((await me.run('hint', '11')).stdout, /a cook who is done takes the next order/);
  const { code, stderr } = await me.run('debunce');
  assert.equal(code, 2);
  assert.equal(stderr, 'error: no exercise "debunce"; did you mean debounce?\n');
  assert.match((await me.run('99')).stderr, /^error: no exercise "99"; `npm run practice` lists them\n$/);
});

test('what a copy prints is shown, and a type error beside a failure too', async () => {
  await using me = learner();
  await me.run();
  await writeFile(
    me.copy(first!),
    "console.log('looking');\nexport async function bring(): Promise<number> {\n  return 'soup';\n}\n",
  );
  const { code, stdout } = await me.run('1');
  assert.equal(code, 1);
  assert.match(stdout, /^looking\n✗/);
  assert.match(stdout, /types {5}line 3: Type 'string' is not assignable to type 'number'\./);
});

test('what a copy throws reaches the terminal without its control characters, in one line', async () => {
  await using me = learner();
  await me.run();
  const text = 'bring = () => { throw new Error("\\u001B[2J\\u009Bgone\\nsecond line\\u202E"); };';
  await writeFile(me.copy(first!), `export const ${text}\n`);
  const { stdout } = await me.run('1');
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
