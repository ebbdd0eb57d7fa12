// Proves the course itself: what the manifest says is there, and what a lesson shows is what it prints.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { fileOf, isOnRealClock, lessons, pathOf } from '../../lessons/manifest.ts';
import { exercises } from '../../lessons/practice/manifest.ts';
import { changeIn, partsOf } from '../../lessons/parts.ts';
import { differenceOf } from '../../lessons/prediction.ts';
import { run } from '../processes.ts';

const folder = join(import.meta.dirname, '../../lessons');

test('the manifest and the files match one to one', async () => {
  const files = (await readdir(folder)).filter((name) => /^\d/.test(name));
  assert.deepEqual(lessons.map(fileOf), files.sort());
});

test('names and numbers are unique, and no field is empty', () => {
  for (const key of ['name', 'order', 'title', 'claim'] as const) {
    assert.equal(new Set(lessons.map((lesson) => lesson[key])).size, lessons.length, key);
  }
  for (const lesson of lessons) {
    for (const [key, value] of Object.entries(lesson)) assert.ok(value, `${lesson.name}: ${key}`);
  }
});

test('a lesson says in its file that it needs the real clock, and so does the manifest', async () => {
  for (const lesson of lessons) {
    const source = await readFile(pathOf(lesson), 'utf8');
    assert.equal(source.includes("clock: 'real'"), isOnRealClock(lesson), lesson.name);
  }
});

test('the exercise that a lesson names is one of the practice', () => {
  const names = exercises.map(({ name }) => name);
  const named = lessons.flatMap(({ practice }) => practice ?? []);
  assert.ok(named.length > 0);
  for (const name of named) assert.ok(names.includes(name), name);
});

/** The part of the lines that is comment, blank lines not counted. */
function commentShare(code: string): number {
  const lines = code.split('\n').filter((line) => line.trim() !== '');
  return lines.filter((line) => /^\s*(?:\/\/|\/\*|\*)/.test(line)).length / lines.length;
}

test('every lesson explains before it shows: 25 to 40 % of its code part are comments', async () => {
  for (const lesson of lessons) {
    const share = commentShare(partsOf(await readFile(pathOf(lesson), 'utf8')).code);
    assert.ok(share >= 0.25 && share <= 0.4, `${lesson.name}: ${Math.round(share * 100)} %`);
  }
});

test('every lesson opens with its idea and its claim, and ends with a question about a line that exists', async () => {
  for (const lesson of lessons) {
    const source = await readFile(pathOf(lesson), 'utf8');
    const { idea, claim, notice, question } = partsOf(source);
    for (const text of [idea[0], claim, notice[0], question])
      assert.match(text ?? '', /^\S.+[.?]/, lesson.name);
    assert.match(source, /^export async function run\(/m, lesson.name);
    const { code, line } = changeIn(source);
    assert.ok(source.split('\n')[line - 1]!.includes(code), `${lesson.name}: line ${line} has ${code}`);
  }
});

test('every lesson asks for a prediction whose answer is in its transcript', async () => {
  for (const { predict, ...lesson } of lessons) {
    const { transcript } = partsOf(await readFile(pathOf(lesson as (typeof lessons)[number]), 'utf8'));
    const seen = predict.seen(transcript);
    if (predict.kind === 'number') assert.ok(Number.isFinite(seen), lesson.name);
    if (predict.kind === 'choice') assert.ok(predict.options[predict.seen(transcript) ?? -1], lesson.name);
    if (predict.kind === 'order') {
      assert.deepEqual([...predict.seen(transcript)].sort(), [...predict.things].sort(), lesson.name);
      assert.notDeepEqual(seen, predict.things, `${lesson.name}: the order in which they are listed`);
    }
    // Of an output that shows nothing there is no answer: it is not made up, and not kept anywhere.
    const { isRight, lines } = differenceOf(predict, undefined, '');
    assert.deepEqual([isRight, ...lines], [false, 'This output does not show the answer.'], lesson.name);
  }
});

test('what a lesson prints fits into 80 columns', async () => {
  for (const lesson of lessons) {
    const { transcript } = partsOf(await readFile(pathOf(lesson), 'utf8'));
    for (const line of transcript.split('\n')) assert.ok(line.length <= 80, `${lesson.name}: ${line}`);
  }
});

// That each lesson prints its transcript is in claims.test.ts, which plays many lessons in one process.
test('a lesson plays itself as the last thing it does, with the clock that the manifest names', async () => {
  for (const lesson of lessons) {
    const staging = lesson.measured
      ? ", { clock: 'real', measures: true }"
      : lesson.realClock
        ? ", { clock: 'real' }"
        : '';
    const { code } = partsOf(await readFile(pathOf(lesson), 'utf8'));
    assert.equal(code.trimEnd().split('\n').at(-1), `if (import.meta.main) await play(run${staging});`);
  }
});

for (const name of ['one-waiter', 'event-loop']) {
  test(`${name} in a process of its own prints the transcript that it carries, and its claim holds`, async () => {
    const lesson = lessons.find((each) => each.name === name)!;
    const ending = await run(`lessons/${fileOf(lesson)}`);
    const { transcript } = partsOf(await readFile(pathOf(lesson), 'utf8'));
    assert.deepEqual(ending, { code: 0, stdout: transcript, stderr: '' });
  });
}

test('virtual time prints the same bytes 20 times, on a machine with more to do than it has cores', async () => {
  const processes = availableParallelism() + 1;
  const times = Math.ceil(20 / processes);
  const endings = await Promise.all(
    Array.from({ length: processes }, () => run('test/lessons/play-often.ts', ['bounded-pool', `${times}`])),
  );
  const outputs = endings.flatMap(({ stdout }) => JSON.parse(stdout) as string[]);
  assert.ok(outputs.length >= 20);
  assert.equal(new Set(outputs).size, 1);
});
