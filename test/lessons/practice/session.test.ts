// A course through a pseudo-terminal, from the first list to the last exercise: each is seen to fail, is solved, passes, and
// leads to the next that has not passed.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCopies } from '../../../lessons/practice/copies.ts';
import { exercises } from '../../../lessons/practice/manifest.ts';
import { ROOT } from '../../processes.ts';
import { learner, type Learner } from './learner.ts';

const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;
const skip = hasTerminals ? false : 'needs the command `script` of util-linux, which makes pseudo-terminals';
const CLI = join(ROOT, 'lessons/practice/cli.ts');

/** A program on a screen: what it shows, and keys for it. */
function screenOf(me: Learner, ...args: string[]) {
  const words = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', words, '/dev/null'], { cwd: ROOT, env: me.env });
  let shown = '';
  let wake = Promise.withResolvers<void>();
  const ended = once(child, 'exit');
  let isEnded = false;
  void ended.then(() => {
    isEnded = true;
    wake.resolve();
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    wake.resolve();
  });
  return {
    /** Waits until the screen has shown this since the last call. */
    async sees(expected: RegExp): Promise<void> {
      for (;;) {
        const found = expected.exec(shown);
        if (found) {
          shown = shown.slice(found.index + found[0].length);
          return;
        }
        if (isEnded) throw new Error(`it ended, and had not shown ${expected}: ${shown}`);
        await wake.promise;
        wake = Promise.withResolvers();
      }
    },
    press: (key: string) => void child.stdin.write(key),
    ended,
  };
}

test('from the first list to the last exercise', { skip }, async () => {
  await using me = learner();
  await openCopies();
  // That each exercise fails as it is shipped, and passes when it is solved, is proven by verify.test.ts.
  const [first, second, ...others] = exercises;
  const last = others.pop()!;
  await me.havePassed(others);
  const screen = screenOf(me, 'watch');
  for (const [index, exercise] of [first!, second!, last].entries()) {
    await screen.sees(new RegExp(`✗ ${exercise.order} ${exercise.name}`));
    await screen.sees(/h hint {3}n next {3}l list {3}r reset {3}q quit/);
    await me.solve(exercise);
    await screen.sees(new RegExp(`✓ ${exercise.order} ${exercise.name}`));
    await screen.sees(new RegExp(`${others.length + index + 1} of ${exercises.length}`));
    screen.press('n');
  }
  screen.press('q');
  const [code] = (await screen.ended) as [number];
  assert.equal(code, 0);
});

test(
  'keys give the hint and the list; a reset has to be pressed twice; a second watcher is refused',
  { skip },
  async () => {
    await using me = learner();
    await openCopies();
    await writeFile(me.copy(exercises[0]!), '// my thoughts\n');
    const screen = screenOf(me, 'watch', '1');
    await screen.sees(/It does not export that name/);
    screen.press('h');
    await screen.sees(/turns it into what it will become/);
    screen.press('l');
    await screen.sees(/threads and beyond/);
    const second = await me.run('watch');
    assert.equal(second.code, 2);
    assert.match(second.stderr, /^error: process \d+ watches these exercises already/);
    screen.press('r');
    await screen.sees(/Press r once more/);
    screen.press('r');
    await screen.sees(/✗ 1 forgotten-await/);
    await screen.sees(/\[object Promise\]/);
    screen.press('\u0003');
    const [code] = (await screen.ended) as [number];
    assert.equal(code, 130);
    // The lock is gone with its owner.
    const third = screenOf(me, 'watch', '1');
    await third.sees(/✗ 1 forgotten-await/);
    third.press('q');
    await third.ended;
  },
);

test('without a terminal it prints plain lines, and an interrupt ends it', async () => {
  await using me = learner();
  await openCopies();
  const child = spawn(process.execPath, [CLI, 'watch'], {
    cwd: ROOT,
    env: me.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let shown = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    shown += text as string;
    if (shown.includes(`0 of ${exercises.length}`)) child.kill('SIGINT');
  }
  assert.match(shown, /^watching lessons\/practice\/mine-test/);
  assert.ok(!shown.includes('\u001B'), 'no control sequences');
  assert.equal(child.exitCode ?? (await once(child, 'exit'))[0], 130);
});
