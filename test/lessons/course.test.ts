// Proves the course itself: what the manifest says is there, what a lesson shows is what it prints, and each claim
// is one that can turn out false.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { fileOf, lessons, pathOf } from '../../lessons/manifest.ts';
import { masked, readme, transcriptIn } from '../../lessons/refresh.ts';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { broken } from './broken-claims.ts';
import { run } from './processes.ts';

const folder = join(import.meta.dirname, '../../lessons');
const inParallel = { concurrency: availableParallelism() };

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

test('README.md is what the manifest says', async () => {
  assert.equal(await readFile(join(folder, 'README.md'), 'utf8'), readme());
});

test('every lesson is short, explained, and ends with a question about a line that exists', async () => {
  for (const lesson of lessons) {
    const lines = (await readFile(pathOf(lesson), 'utf8')).trimEnd().split('\n');
    const comments = lines.filter((line) => /^\s*\/\//.test(line)).length / lines.length;
    assert.ok(lines.length >= 40 && lines.length <= 110, `${lesson.name}: ${lines.length} lines`);
    assert.ok(
      comments >= 0.25 && comments <= 0.4,
      `${lesson.name}: ${Math.round(comments * 100)} % comments`,
    );
    assert.match(lines[0]!, /^\/\/ [A-Z]/, `${lesson.name} opens with its idea`);
    const source = lines.join('\n');
    assert.match(source, /^\/\/ Claim: /m, lesson.name);
    assert.match(source, /^export async function run\(/m, lesson.name);
    const question = source.slice(source.lastIndexOf('// Question: ')).replaceAll(/\s*\/\/\s*/g, ' ');
    const [, code, line] = /[?] Change `([^`]+)` in line (\d+)\.$/.exec(question) ?? [];
    assert.ok(code && line, `${lesson.name} ends with a question and the line to change`);
    assert.ok(lines[Number(line) - 1]!.includes(code), `${lesson.name}: line ${line} has ${code}`);
  }
});

/** A figure of a measured lesson can be off while the machine does something else; a false claim fails each time. */
const TRIES = 3;

async function proves(lesson: (typeof lessons)[number]): Promise<void> {
  const { code, stdout, stderr } = await run(`lessons/${fileOf(lesson)}`);
  const transcript = transcriptIn(await readFile(pathOf(lesson), 'utf8')) ?? '';
  const compared = lesson.measured ? masked : String;
  assert.equal(compared(stdout), compared(transcript), lesson.name);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, lesson.name);
}

test('every concept lesson prints the transcript that it carries, and its claim holds', async () => {
  const concepts = lessons.filter(({ measured }) => !measured);
  await boundedPool(concepts, proves, inParallel);
});

test('every measured lesson prints its transcript but for the figures, and its claim holds', async () => {
  for (const lesson of lessons.filter(({ measured }) => measured)) {
    for (let attempt = 1; ; attempt++) {
      try {
        await proves(lesson);
        break;
      } catch (error) {
        if (attempt === TRIES) throw error;
      }
    }
  }
});

test('every lesson ends with 1 and says why when its claim is false', async () => {
  assert.deepEqual(
    Object.keys(broken),
    lessons.map(({ name }) => name),
  );
  const variants = lessons.flatMap(({ name, measured }) =>
    // Measured lessons take seconds: one way to break each is enough to see that it can fail.
    broken[name]!.slice(0, measured ? 1 : Infinity).map((_, index) => [name, `${index}`]),
  );
  await boundedPool(
    variants,
    async (variant) => {
      for (let attempt = 1; ; attempt++) {
        const { code, stderr } = await run('test/lessons/broken-claims.ts', variant);
        if (code === 0 && attempt < TRIES) continue;
        assert.match(stderr, /^The claim does not hold: \S/, variant.join(' '));
        assert.equal(code, 1, variant.join(' '));
        return;
      }
    },
    inParallel,
  );
});

test('virtual time prints the same bytes 20 times, on a machine with more to do than it has cores', async () => {
  const lesson = lessons.find(({ name }) => name === 'bounded-pool')!;
  const outputs = await boundedPool(Array(20).keys(), () => run(`lessons/${fileOf(lesson)}`), {
    concurrency: 4 * availableParallelism(),
  });
  assert.equal(new Set(outputs.map(({ stdout }) => stdout)).size, 1);
});
