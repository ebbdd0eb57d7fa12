import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { glob, mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { lessons, pathOf } from '../../lessons/manifest.ts';
import { partsOf } from '../../lessons/parts.ts';
import { inFolder, temporaryFolder } from '../../src/files/temporary-folder.ts';
import { run, runLines, type Ending } from '../processes.ts';
import { until } from '../turns.ts';

/** Nothing of this goes to a terminal, so nothing of it has a colour. */
function assertPlain({ stdout, stderr }: Ending): void {
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(stdout + stderr, /\u001b/);
}

/** `npm run lesson` with a progress file that is the test's own. */
const lesson = (...args: string[]) => lessonWith({}, ...args);

const QUICK = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'quick-lessons.ts')).href}`,
};

const lessonWith = (env: NodeJS.ProcessEnv, ...args: string[]) => lessonAnswered('', env, ...args);

/** What becomes of command lines that run no lesson, all in one process, and of their progress. */
async function lessonLines(lines: ReadonlyArray<readonly string[]>) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lesson-'));
  const progress = join(folder.path, 'progress.json');
  const endings = await runLines('lessons/program.ts', lines, { env: { LESSON_PROGRESS: progress } });
  assert.equal(await readFile(progress, 'utf8').catch(() => 'none'), 'none');
  endings.forEach(assertPlain);
  return endings;
}

/** The same with `input` on stdin. */
async function lessonAnswered(input: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lesson-'));
  const progress = join(folder.path, 'cache', 'progress.json');
  const ending = await run('lessons/cli.ts', args, { ...env, LESSON_PROGRESS: progress }, input);
  assertPlain(ending);
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

test('a lesson is found by its number, its name and its file, and its hint is shown without a run', async () => {
  const words = ['1', '01', 'one-waiter', 'ONE-WAITER', '01-one-waiter', '01-one-waiter.ts'];
  const endings = await lessonLines(words.map((which) => [which, '--hint']));
  for (const [index, which] of words.entries()) {
    assert.deepEqual(endings[index], { code: 0, stdout: `${lessons[0]!.hint}\n`, stderr: '' }, which);
  }
});

test('a run shows idea, claim, output, what to notice, the verdict, the question and what is next, in 80 columns', async () => {
  const { stdout, stderr, progress } = await lesson('1');
  const parts = partsOf(await readFile(pathOf(lessons[0]!), 'utf8'));
  const inOneLine = stdout.replaceAll(/\s+/g, ' ');
  const expected = [
    `Lesson 1: ${lessons[0]!.title}`,
    ...parts.idea,
    `Claim: ${parts.claim}`,
    parts.transcript.replaceAll(/\s+/g, ' '),
    ...parts.notice,
    '✓ The claim holds.',
    `Question: ${parts.question.replace(/\.$/, '')} of lessons/01-one-waiter.ts.`,
    'For a hint: npm run lesson one-waiter -- --hint',
    'A broken one to mend: npm run practice -- await-in-loop',
    `Next: npm run lesson ${lessons[1]!.name}`,
  ];
  let at = -1;
  for (const text of expected) {
    const found = inOneLine.indexOf(text, at + 1);
    assert.ok(found > at, `${text}\n\nin its place in\n\n${stdout}`);
    at = found;
  }
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  assert.doesNotMatch(stdout, /Previous:/);
  assert.match(stdout, new RegExp(`Next: +npm run lesson ${lessons[1]!.name}\n$`));
  assert.equal(stderr, '');
  assert.equal(progress, '["one-waiter"]');
});

test('after the last lesson it names the one before', async () => {
  const last = await lessonWith(QUICK, lessons.at(-1)!.name);
  assert.match(last.stdout, new RegExp(`Previous: npm run lesson ${lessons.at(-2)!.name}\n$`));
});

test('an unknown lesson ends with 2 and one line that names the nearest', async () => {
  const mistyped = [
    ['bouned-pol', 'bounded-pool'],
    ['waiter', 'one-waiter'],
    ['POOL', 'bounded-pool'],
  ] as const;
  const unlike = ['99', 'zzzzzzzz', '', '0x1'];
  const endings = await lessonLines([
    ...mistyped.map(([typed]) => [typed]),
    ...unlike.map((typed) => [typed]),
  ]);
  for (const { code, stdout } of endings) assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  for (const [index, [typed, near]] of mistyped.entries()) {
    const { stderr } = endings[index]!;
    assert.equal(stderr.split('\n').length, 2, stderr);
    assert.match(stderr, new RegExp(`^error: no lesson "${typed}"; did you mean .*${near}`));
  }
  for (const { stderr } of endings.slice(mistyped.length)) {
    assert.match(stderr, /^error: no lesson ".*"; `npm run lesson` lists them\n$/);
  }
});

test('all: where each claim holds the exit code is 0, and every lesson is progress', async () => {
  const { code, stdout, stderr, progress } = await lessonWith(QUICK, 'all');
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.doesNotMatch(stdout, /^(?!✓)./m);
  assert.deepEqual(
    JSON.parse(progress),
    lessons.map(({ name }) => name),
  );
});

/** With lessons that do not end well. */
const endingWith = (ends: Readonly<Record<string, 'differs' | 'undecided' | 'breakdown'>>) => ({
  ...QUICK,
  QUICK_LESSONS: JSON.stringify(ends),
});

test('a claim that does not hold: exit 1, the reason, the question, and no progress', async () => {
  const one = await lessonWith(endingWith({ 'one-waiter': 'differs' }), '1');
  assert.equal(one.code, 1);
  assert.match(one.stdout, /^✗ this is why: differs$/m);
  assert.match(one.stdout, /^Question: /m);
  // What there is to notice is not in this output.
  assert.doesNotMatch(one.stdout, /^Notice /m);
  assert.equal(one.stderr, '');
  assert.equal(one.progress, 'none');
});

test('a busy machine: exit 3, neither a verdict nor progress', async () => {
  const one = await lessonWith(endingWith({ memory: 'undecided' }), 'memory');
  assert.equal(one.code, 3);
  assert.match(one.stdout, /^\? this is why: undecided$/m);
  assert.doesNotMatch(one.stdout, /The claim (holds|does not)|^Notice /m);
  assert.equal(one.progress, 'none');
});

test('a lesson that breaks down reaches no verdict: exit 1, and what is known of the reason', async () => {
  const one = await lessonWith(endingWith({ crawler: 'breakdown' }), 'crawler');
  assert.equal(one.code, 1);
  assert.match(one.stderr, /the kitchen burned down/);
  assert.match(one.stderr, /^error: lesson crawler ended with exit code 1 and without a verdict$/m);
  assert.doesNotMatch(one.stdout, /The claim|^Notice /m);
  assert.equal(one.progress, 'none');
});

// What several outcomes are together is in verdict.test.ts.
test('all: one line for each lesson, in order; what does not end well has its reason there, and exit 1', async () => {
  const ends = { 'one-waiter': 'differs', memory: 'undecided', crawler: 'breakdown' } as const;
  const { code, stdout, progress } = await lessonWith(endingWith(ends), 'all');
  assert.equal(code, 1);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, lessons.length);
  for (const [index, { name, claim }] of lessons.entries()) {
    const line = lines[index]!;
    assert.ok(line.includes(` ${name} `), line);
    if (!(name in ends)) assert.ok(line.startsWith('✓') && line.endsWith(claim), line);
  }
  const others = lines.filter((line) => !line.startsWith('✓'));
  assert.equal(others.length, 3);
  assert.match(others[0]!, /^✗ +1 one-waiter +this is why: differs$/);
  assert.match(others[1]!, /^\? 12 memory +this is why: undecided$/);
  assert.match(others[2]!, /^✗ 16 crawler +lesson crawler ended with exit code 1 and without a verdict$/);
  assert.deepEqual(
    JSON.parse(progress),
    lessons.map(({ name }) => name).filter((name) => !(name in ends)),
  );
});

test('an option that would change nothing is refused with a line that shows how to use it', async () => {
  const lines = [
    ['--hint'],
    ['--real-time'],
    ['--predict'],
    ['all', '--hint'],
    ['all', '--predict'],
    ['1', '--hint', '--real-time'],
    ['cpu-bound', '--real-time'],
    ['1', '--hint', '--predict'],
    ['event-loop', '--real-time'],
    ['ten-times', '--real-time'],
  ];
  const endings = await lessonLines(lines);
  for (const [index, { code, stdout, stderr }] of endings.entries()) {
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, lines[index]!.join(' '));
    assert.match(stderr, /^error: .*--(hint|real-time|predict)[^\n]*\n$/);
  }
});

/** Makes the process of a lesson write a folder, and forget it. */
const FORGETS = `--import=data:text/javascript,${encodeURIComponent(`
  import { mkdtempSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  if (process.argv[1]?.endsWith('01-one-waiter.ts')) mkdtempSync(tmpdir() + '/forgotten-');
`)}`;

test('Ctrl-C ends the lesson that runs, with 130, and nothing that it has written is left', async () => {
  await using folder = await temporaryFolder();
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../lessons/cli.ts'), '1', '--real-time'],
    { env: { ...process.env, ...inFolder(folder.path), NODE_OPTIONS: FORGETS } },
  );
  const exit = once(child, 'exit');
  await once(child.stdout, 'data'); // the heading: from here on the lesson waits for its dishes
  const written = () => Array.fromAsync(glob('**/forgotten-*', { cwd: folder.path }));
  await until(async () => (await written()).length === 1);
  child.kill('SIGINT');
  assert.deepEqual(await exit, [130, null]);
  assert.deepEqual(await readdir(folder.path), []);
});

test('--predict: a question, then the output, then the difference, and only then the claim', async () => {
  const right = await lessonAnswered('3 s\n', {}, '1', '--predict');
  assert.equal(right.code, 0);
  assert.equal(right.stderr, '');
  const places = ['how many seconds', 'trout ', '✓ As you predicted: 3 seconds.', 'Claim: ', 'Notice '].map(
    (text) => right.stdout.indexOf(text),
  );
  assert.ok(places[0]! > 0, right.stdout);
  assert.deepEqual(
    places.toSorted((one, other) => one - other),
    places,
    right.stdout,
  );
});

test('--predict: what cannot be read is refused in a line, and the next line counts, also if it is wrong', async () => {
  const wrong = await lessonAnswered('three\n\n6\n3\n', {}, '1', '--predict');
  assert.equal(wrong.stderr, 'expected a number, got "three"\nexpected a number, got an empty line\n');
  // A wrong prediction is no failure: the reader has learned something, and the claim holds.
  assert.equal(wrong.code, 0);
  assert.match(
    wrong.stdout,
    /→ You predicted 6 seconds\.\n {2}It was {8}3 seconds\.\n {2}That is 3 seconds too much\./,
  );
  assert.equal(wrong.progress, '["one-waiter"]');
});

test('--predict: an input that ends without an answer shows the lesson and its answer', async () => {
  for (const input of ['', 'nonsense\n']) {
    const { code, stdout } = await lessonAnswered(input, {}, '1', '--predict');
    assert.equal(code, 0);
    assert.match(stdout, /→ You made no prediction\. It was 3 seconds\./);
    assert.match(stdout, /✓ The claim holds\./);
  }
});

test('--predict: Ctrl-C at the question ends with 130, and the lesson does not run', async () => {
  const child = spawn(process.execPath, [
    join(import.meta.dirname, '../../lessons/cli.ts'),
    '1',
    '--predict',
  ]);
  const exit = once(child, 'exit');
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  while (!shown.includes('Type a number')) await once(child.stdout, 'data');
  child.kill('SIGINT');
  assert.deepEqual(await exit, [130, null]);
  assert.doesNotMatch(shown, /trout /);
});
