import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const CHILD = fileURLToPath(new URL('../../../lessons/pitfalls/frame/child.ts', import.meta.url));

/** Plays the scene `wrong` of a pitfall that is given as text. */
function play(scene: string) {
  const source = `export const pitfall = { scenes: { wrong: ${scene} } };`;
  const module = `data:text/javascript,${encodeURIComponent(source)}`;
  return spawn(process.execPath, [CHILD, module, 'wrong'], { stdio: ['pipe', 'pipe', 'ignore'] });
}

test('a version that never ends does not outlive the process that started it', async () => {
  const child = play('() => { setInterval(() => {}, 1000); console.log("hangs"); }');
  await once(child.stdout, 'data');
  assert.equal(child.exitCode, null);
  child.stdin.end(); // as the system does when the parent process dies
  assert.deepEqual(await once(child, 'exit'), [1, null]);
});

test('listening for the end of the parent keeps no version alive: it ends by itself, with its own exit code', async () => {
  const endings = ['() => {}', '() => new Promise(() => {})'].map((scene) => once(play(scene), 'exit'));
  assert.deepEqual(await Promise.all(endings), [
    [0, null],
    [13, null],
  ]);
});
