import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { lessons } from '../../lessons/manifest.ts';
import { run } from './processes.ts';

// oxlint-disable-next-line no-control-regex
const ESCAPE = /\u001b/;

/** `npm run lesson` with a progress file that is the test's own. */
const lesson = (...args: string[]) => lessonWith({}, ...args);

async function lessonWith(env: NodeJS.ProcessEnv, ...args: string[]) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lesson-'));
  const progress = join(folder.path, 'cache', 'progress.json');
  const ending = await run('lessons/cli.ts', args, { ...env, LESSON_PROGRESS: progress });
  return { ...ending, progress: await readFile(progress, 'utf8').catch(() => 'none') };
}

test('without a name it lists every lesson in order, and what to do next', async () => {
  const { code, stdout } = await lesson();
  assert.equal(code, 0);
  const listed = stdout.split('\n').flatMap((line) => /^ +(\d+) (\S+)/.exec(line)?.[2] ?? []);
  assert.deepEqual(
    listed,
    lessons.map(({ name }) => name),
  );
  assert.match(stdout, new RegExp(`0 of ${lessons.length} done; next: npm run lesson one-waiter`));
});

test('a lesson is found by its number, its name and its file', async () => {
  for (const which of ['1', '01', 'one-waiter', 'ONE-WAITER', '01-one-waiter', '01-one-waiter.ts']) {
    const { stdout } = await lesson(which, '--hint');
    assert.equal(stdout, `${lessons[0]!.hint}\n`, which);
  }
});

test('a run shows title, claim and output, and is remembered', async () => {
  const { title, claim } = lessons[0]!;
  const { stdout, progress } = await lesson('1');
  assert.ok(stdout.startsWith(`Lesson 1: ${title}\n${claim}\n\nHe waits`), stdout);
  assert.match(stdout, /✓ The claim holds/);
  assert.equal(progress, '["one-waiter"]');
});

test('after a run it names the neighbours', async () => {
  const [first, last] = [await lesson(lessons[0]!.name), await lesson(lessons.at(-1)!.name)];
  assert.doesNotMatch(first.stdout, /previous:/);
  assert.match(first.stdout, new RegExp(`next: npm run lesson ${lessons[1]!.name}\n$`));
  assert.match(last.stdout, new RegExp(`previous: ${lessons.at(-2)!.name}\n$`));
});

test('an unknown lesson ends with 2 and one line that names the nearest', async () => {
  for (const [typed, near] of [
    ['bouned-pol', 'bounded-pool'],
    ['waiter', 'one-waiter'],
    ['POOL', 'bounded-pool'],
  ] as const) {
    const { code, stdout, stderr } = await lesson(typed);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    assert.equal(stderr.split('\n').length, 2, stderr);
    assert.match(stderr, new RegExp(`^error: no lesson "${typed}"; did you mean .*${near}`));
  }
  for (const typed of ['99', 'zzzzzzzz', '', '0x1']) {
    const { code, stderr } = await lesson(typed);
    assert.equal(code, 2);
    assert.match(stderr, /^error: no lesson ".*"; `npm run lesson` lists them\n$/);
  }
});

const QUICK = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'quick-lessons.ts')).href}`,
};

test('all: one line for each lesson, in order', async () => {
  const { code, stdout, progress } = await lessonWith(QUICK, 'all');
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, ESCAPE);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, lessons.length);
  for (const [index, { name, claim }] of lessons.entries()) {
    const line = lines[index] ?? '';
    assert.ok(line.startsWith('✓') && line.includes(` ${name} `) && line.endsWith(claim), line);
  }
  assert.deepEqual(
    JSON.parse(progress),
    lessons.map(({ name }) => name),
  );
});

test('a claim that does not hold: exit 1, the reason, and no progress', async () => {
  const env = { ...QUICK, FALSE_CLAIM: 'one-waiter' };
  const one = await lessonWith(env, '1');
  assert.equal(one.code, 1);
  assert.match(one.stdout, /✗ The claim did not hold \(exit 1\)/);
  assert.match(one.stderr, /^The claim does not hold: the salad was late$/m);
  assert.equal(one.progress, 'none');

  const all = await lessonWith(env, 'all');
  assert.equal(all.code, 1);
  const [first, ...rest] = all.stdout.trimEnd().split('\n');
  assert.match(first!, /^✗ +1 one-waiter +The claim does not hold: the salad was late$/);
  assert.ok(rest.every((line) => line.startsWith('✓')));
  assert.equal((JSON.parse(all.progress) as string[]).includes('one-waiter'), false);
});

test('Ctrl-C ends the lesson that runs, with 130', async () => {
  const child = spawn(process.execPath, [
    join(import.meta.dirname, '../../lessons/cli.ts'),
    '1',
    '--real-time',
  ]);
  const exit = once(child, 'exit');
  await once(child.stdout, 'data'); // the heading: from here on the lesson waits for its dishes
  child.kill('SIGINT');
  assert.deepEqual(await exit, [130, null]);
});

test('a hint does not run the lesson', async () => {
  const { stdout, progress } = await lesson('1', '--hint');
  assert.equal(stdout, `${lessons[0]!.hint}\n`);
  assert.equal(progress, 'none');
});

test('what goes to a file has no colour codes', async () => {
  for (const args of [[], ['1'], ['nothing']]) {
    const { stdout, stderr } = await lesson(...args);
    assert.doesNotMatch(stdout + stderr, ESCAPE);
  }
});
