// Nothing that a learner wrote is lost, whatever they ask for.
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { resultOf } from '../../../lessons/practice/check-copy.ts';
import { openCopies, readShipped } from '../../../lessons/practice/copies.ts';
import { exercises } from '../../../lessons/practice/manifest.ts';
import { plain } from '../../../src/report/paint.ts';
import { resultText } from '../../../lessons/practice/text.ts';
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
  const copies = await openCopies();
  const keptText = async (kept: string | undefined) => readFile(join(me.folder, kept!), 'utf8');
  await writeFile(me.copy(first!), '// my first thought\n');
  const keptFirst = await copies.reset(first!);
  await writeFile(me.copy(first!), '// my second thought\n');
  const [byCommand, again] = await me.runLines(['reset', '1'], ['reset', '1']);
  assert.equal(byCommand!.code, 0);
  const [, keptSecond] = /your text is kept in (\S+)/.exec(byCommand!.stdout)!;
  assert.equal(await keptText(keptFirst), '// my first thought\n');
  assert.equal(await keptText(keptSecond), '// my second thought\n');
  assert.match(await readFile(me.copy(first!), 'utf8'), /A waiter brings an order/);
  assert.match(again!.stdout, /^forgotten-await is as shipped\n$/);
});

test('a deleted copy is told apart from one that fails its check, and is not made again unasked', async () => {
  await using me = learner();
  await openCopies();
  await rm(me.copy(first!));
  const copies = await openCopies();
  await assert.rejects(resultOf(copies, first!), {
    name: 'UsageError',
    message:
      'your copy of forgotten-await is not there any more; npm run practice -- reset forgotten-await makes a new one',
  });
});

test("a learner's text that is there without a note is not overwritten", async () => {
  await using me = learner();
  await openCopies();
  await writeFile(me.copy(second!), '// mine\n');
  for (const damaged of ['', '{ "forgotten', '[1, 2]', '{"for-each": 7}']) {
    await writeFile(join(me.folder, 'progress.json'), damaged);
    await openCopies();
    assert.equal(await readFile(me.copy(second!), 'utf8'), '// mine\n', damaged);
  }
});

test('a newer version of a shipped exercise is noticed and offered', async () => {
  await using me = learner();
  await openCopies();
  const notesFile = join(me.folder, 'progress.json');
  const notes = JSON.parse(await readFile(notesFile, 'utf8')) as Record<string, { shipped: string }>;
  notes['forgotten-await'] = { shipped: 'an-older-one' };
  await writeFile(notesFile, JSON.stringify(notes));
  const text = resultText(await resultOf(await openCopies(), first!), plain).join('\n');
  assert.match(text, /has changed since you copied it\. npm run practice -- reset\s+forgotten-await takes/);
});

test('a folder that cannot be written is one line', async () => {
  await using me = learner();
  await writeFile(me.folder, 'a file where the folder should be');
  await assert.rejects(openCopies(), {
    name: 'UsageError',
    message: /^the exercises are copied to .*, which cannot be written \((EEXIST|ENOTDIR)\)$/,
  });
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
