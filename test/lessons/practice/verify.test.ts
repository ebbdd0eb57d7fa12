// The checks themselves: each fails its exercise as shipped, passes its solution every time, and refuses
// every wrong, lazy and mutated answer.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHAPTERS, exercises, folderOf, stemOf } from '../../../lessons/practice/manifest.ts';
import { summaryOf, TIMES, verify } from '../../../lessons/practice/verify.ts';

const PRACTICE = join(import.meta.dirname, '../../../lessons/practice');

test('every exercise of the manifest has its folder, and there is no folder beside them', async () => {
  const folders = (await readdir(PRACTICE)).filter((name) => /^\d\d-/.test(name));
  assert.deepEqual(folders.toSorted(), exercises.map(stemOf));
  for (const exercise of exercises) {
    const files = await readdir(folderOf(exercise));
    assert.deepEqual(files.toSorted(), ['check.ts', 'exercise.ts', 'solution.ts', 'wrong'], exercise.name);
    const wrong = await readdir(join(folderOf(exercise), 'wrong'));
    assert.ok(wrong.length >= 2, `${exercise.name} has two wrong answers that people write`);
  }
});

test('no two exercises have the same name, and the five chapters follow each other', () => {
  assert.equal(new Set(exercises.map(({ name }) => name)).size, exercises.length);
  const chapters = exercises.map(({ chapter }) => chapter);
  assert.deepEqual([...new Set(chapters)], [...CHAPTERS]);
  assert.deepEqual(
    chapters,
    chapters.toSorted((one, other) => CHAPTERS.indexOf(one) - CHAPTERS.indexOf(other)),
  );
});

test(`every check fails what is shipped, passes its solution ${TIMES} times, and refuses all other answers in their words`, async (t) => {
  const findings = await verify(exercises, { signal: t.signal });
  const surprises = findings
    .filter(({ isRight }) => !isRight)
    .map(
      ({ exercise, kind, name, verdict }) => `${exercise.name}, ${kind} ${name}: ${verdict.seen || 'passes'}`,
    );
  assert.deepEqual(surprises, []);
  const all = exercises.length;
  const summary = `${all} exercises. Pass 20 times of 20: ${all} solutions. Fail in the expected words: ${all} as shipped, `;
  assert.ok(summaryOf(findings).startsWith(summary), summaryOf(findings));
  const lazy = findings.filter(({ kind }) => kind === 'lazy');
  assert.equal(lazy.length, all * 8);
});

test('verify notices a check that sees the wrong thing', async (t) => {
  const [first] = exercises;
  const mistaken = { ...first!, seenAsShipped: 'Something that no check says.' };
  const findings = await verify([mistaken], { signal: t.signal });
  const surprises = findings.filter(({ isRight }) => !isRight);
  assert.deepEqual(
    surprises.map(({ kind }) => kind),
    ['shipped'],
  );
});
