// Each claim of the course is one that can turn out false. That a lesson then ends with 1 is in verdict.test.ts.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { lessons, pathOf, type Lesson } from '../../lessons/manifest.ts';
import type { measured } from '../../lessons/measured.ts';
import { partsOf } from '../../lessons/parts.ts';
import { masked, withoutBusyLine } from '../../lessons/refresh.ts';
import type { Verdict } from '../../lessons/verdict.ts';
import type { ApproachName } from '../../src/running/registry.ts';
import { run } from '../processes.ts';
import type { PlayedClaims, PlayedLesson } from './play-claims.ts';
import type { Played } from './played.ts';
import { remembering, rememberingCalls } from './remembering.ts';

interface Claims {
  readonly ways: PlayedClaims['ways'];
  readonly of: (lesson: Lesson) => PlayedLesson;
}

/**
 * Plays lessons with right and with wrong ingredients, in a process of their own: virtual time needs an idle event loop. Only
 * that process loads all lessons.
 */
async function playClaims(some: readonly Lesson[]): Promise<Claims> {
  const names = some.map(({ name }) => name);
  const { code, stdout, stderr } = await run('test/lessons/play-claims.ts', names);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const { ways, lessons: all } = JSON.parse(stdout) as PlayedClaims;
  const byName = new Map(all.map((lesson) => [lesson.name, lesson]));
  return { ways, of: ({ name }) => byName.get(name)! };
}

function assertFalse({ verdict: { outcome, because } }: Played, variant: number): void {
  assert.match(because, /^The claim does not hold: [^\n]+\.$/, `variant ${variant}: one sentence`);
  assert.doesNotMatch(because, /[!=]==|actual|AssertionError/, `variant ${variant}: no diff`);
  assert.equal(outcome, 'differs', `variant ${variant}`);
}

const transcriptOf = async (lesson: Lesson) => partsOf(await readFile(pathOf(lesson), 'utf8')).transcript;
const HOLDS: Verdict = { outcome: 'holds', because: '' };

describe('a lesson says in words why its claim is false', { concurrency: true }, () => {
  // A lesson that leaves a server or a socket open keeps this process alive, and the test with it. A timer or a database that it
  // leaves open does so only on the real clock. Here it is a timer of virtual time that is still set.
  test('on virtual time, or on the real clock', async (t) => {
    const others = lessons.filter(({ measured }) => !measured);
    const claims = await playClaims(others);
    await t.test('and there is a way to make each claim false', () => {
      assert.deepEqual(
        Object.keys(claims.ways),
        lessons.map(({ name }) => name),
      );
    });
    for (const lesson of others) {
      const { name } = lesson;
      await t.test(
        `${name}, and then it prints the transcript that it carries, and its claim holds`,
        async () => {
          const { broken: variants, control, whole } = claims.of(lesson);
          assert.ok(variants.length > 0);
          assert.equal(variants.length, claims.ways[name]);
          for (const [index, variant] of variants.entries()) assertFalse(variant, index);
          if (control) assert.deepEqual(control.verdict, HOLDS);
          assert.deepEqual(whole, { verdict: HOLDS, printed: await transcriptOf(lesson), timersLeft: 0 });
        },
      );
    }
  });

  test('of what it measures', async (t) => {
    const measuring = lessons.filter(({ measured }) => measured);
    const claims = await playClaims(measuring);
    for (const lesson of measuring) {
      const { name } = lesson;
      await t.test(
        `${name}, and it prints its transcript but for the figures, and counts what it claims`,
        async () => {
          const { whole, control, broken: variants } = claims.of(lesson);
          const transcript = await transcriptOf(lesson);
          assert.equal(masked(withoutBusyLine(whole.printed)), masked(transcript), whole.verdict.because);
          assert.equal(whole.verdict.outcome, 'undecided');
          assert.equal(variants.length, claims.ways[name]);
          for (const [index, variant] of variants.entries()) assertFalse(variant, index);
          if (control) assert.deepEqual(control.verdict, HOLDS);
        },
      );
    }
  });
});

test('a comparison whose approaches are known is not measured again, and one under other conditions is', async () => {
  const runs: string[] = [];
  const fake = (async ({ approaches, requests }: { approaches: readonly string[]; requests: number }) => {
    const name = `${approaches.join(' ')}: ${requests}`;
    runs.push(name);
    return { comparison: name, row: (approach: string) => `${approach} of ${name}` };
  }) as unknown as typeof measured;
  const measure = remembering(fake);
  const ask = async (approaches: readonly ApproachName[], requests: number) => {
    const { row } = await measure({ job: 'price-order', costMs: 1, approaches, requests });
    return approaches.map(row) as unknown[];
  };
  assert.deepEqual(await ask(['sequential', 'bounded-pool'], 1), [
    'sequential of sequential bounded-pool: 1',
    'bounded-pool of sequential bounded-pool: 1',
  ]);
  assert.deepEqual(await ask(['bounded-pool', 'promise-all'], 1), [
    'bounded-pool of sequential bounded-pool: 1',
    'promise-all of promise-all: 1',
  ]);
  assert.deepEqual(await ask(['sequential'], 2), ['sequential of sequential: 2']);
  assert.deepEqual(runs, ['sequential bounded-pool: 1', 'promise-all: 1', 'sequential: 2']);
});

test('a call is done again only if its arguments are others, and a function made anew is another one', async () => {
  const calls: string[] = [];
  const unchanged = (name: string) => name;
  const serve = async (what: { readonly name: string }, change: typeof unchanged = unchanged) => {
    calls.push(what.name);
    return change(what.name);
  };
  const ask = rememberingCalls(serve);
  const shout = (name: string) => name.toUpperCase();
  assert.equal(await ask({ name: 'tea' }), 'tea');
  assert.equal(await ask({ name: 'tea' }), 'tea');
  assert.equal(await ask({ name: 'tea' }, shout), 'TEA');
  assert.equal(await ask({ name: 'tea' }, shout), 'TEA');
  assert.equal(await ask({ name: 'tea' }, (name) => `${name}!`), 'tea!');
  assert.equal(await ask({ name: 'rice' }), 'rice');
  assert.deepEqual(calls, ['tea', 'tea', 'tea', 'rice']);
});
