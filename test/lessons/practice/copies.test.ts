// Nothing that a learner wrote is lost, whatever they ask for.
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readShipped } from '../../../lessons/practice/copies.ts';
import { exercises } from '../../../lessons/practice/manifest.ts';
import { errorsIn } from '../../../lessons/practice/types.ts';
import { learner } from './learner.ts';

const [first, second] = exercises;

test('the list makes a copy of every exercise, and the shipped files stay as they are', async () => {
  await using me = learner();
  const { code, stdout } = await me.run();
  assert.equal(code, 0);
  assert.ok(stdout.includes(`0 of ${exercises.length}; next: npm run practice -- forgotten-await`), stdout);
  const copies = (await readdir(me.folder)).filter((name) => name.endsWith('.ts'));
  assert.equal(copies.length, exercises.length);
  for (const exercise of exercises)
    assert.equal(await readFile(me.copy(exercise), 'utf8'), await readShipped(exercise));
});

test('a reset keeps the text that was there, twice', async () => {
  await using me = learner();
  await me.run();
  for (const text of ['// my first thought\n', '// my second thought\n']) {
    await writeFile(me.copy(first!), text);
    const { code, stdout } = await me.run('reset', '1');
    assert.equal(code, 0);
    const [, kept] = /your text is kept in (\S+)/.exec(stdout)!;
    assert.equal(await readFile(join(me.folder, kept!), 'utf8'), text);
  }
  assert.match(await readFile(me.copy(first!), 'utf8'), /A waiter brings an order/);
  assert.match((await me.run('reset', '1')).stdout, /^forgotten-await is as shipped\n$/);
});

test('a deleted copy is told apart from one that fails its check, and is not made again unasked', async () => {
  await using me = learner();
  await me.run();
  await rm(me.copy(first!));
  const { code, stderr } = await me.run('forgotten-await');
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'error: your copy of forgotten-await is not there any more; npm run practice -- reset forgotten-await makes a new one\n',
  );
});

test("a learner's text that is there without a note is not overwritten", async () => {
  await using me = learner();
  await me.run();
  await writeFile(me.copy(second!), '// mine\n');
  for (const damaged of ['', '{ "forgotten', '[1, 2]', '{"for-each": 7}']) {
    await writeFile(join(me.folder, 'progress.json'), damaged);
    assert.equal((await me.run()).code, 0, damaged);
    assert.equal(await readFile(me.copy(second!), 'utf8'), '// mine\n');
  }
});

test('a newer version of a shipped exercise is noticed and offered', async () => {
  await using me = learner();
  await me.run();
  const notesFile = join(me.folder, 'progress.json');
  const notes = JSON.parse(await readFile(notesFile, 'utf8')) as Record<string, { shipped: string }>;
  notes['forgotten-await'] = { shipped: 'an-older-one' };
  await writeFile(notesFile, JSON.stringify(notes));
  const { stdout } = await me.run('1');
  assert.match(stdout, /has changed since you copied it\. npm run practice -- reset\s+forgotten-await takes/);
});

test('a folder that cannot be written is one line', async () => {
  await using me = learner();
  await writeFile(me.folder, 'a file where the folder should be');
  const { code, stderr } = await me.run();
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: the exercises are copied to .*, which cannot be written \((EEXIST|ENOTDIR)\)\n$/,
  );
});

test('what the type checker says is shortened to the line, for the file in question only', () => {
  const output = [
    "lessons/practice/mine/01-a.ts(11,7): error TS2322: Type 'string' is not assignable to type 'number'.",
    '  a second line of the same message',
    "lessons/practice/mine/02-b.ts(1,1): error TS1005: ';' expected.",
    'lessons/practice/mine/(x)/01-a.ts(3,1): error TS1109: Expression expected.',
  ].join('\n');
  assert.deepEqual(errorsIn(output, '01-a.ts'), [
    "line 11: Type 'string' is not assignable to type 'number'.",
    'line 3: Expression expected.',
  ]);
  assert.deepEqual(errorsIn(output, '03-c.ts'), []);
});
