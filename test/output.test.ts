// What is printed arrives before a program ends, also where its reader is slow.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const OUTPUT = new URL('../src/output.ts', import.meta.url).href;

test('a last line that waits for its reader is waited for, and the program does not end unsettled', async () => {
  // Written in pieces that fit into the stream's own buffer: it then asks nobody to wait, and will announce no "drain".
  const program = `
    import { outputSettled, watchOutput } from ${JSON.stringify(OUTPUT)};
    watchOutput(() => {});
    const piece = 'x'.repeat(process.stdout.writableHighWaterMark / 2);
    while (process.stdout.writableLength === 0) process.stdout.write(piece);
    process.stderr.write('pending');
    await outputSettled();
    process.exitCode = 7;`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  await once(child.stderr, 'data');
  child.stdout.resume();
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(code, 7);
});
