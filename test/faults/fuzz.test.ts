// Whatever the command line says, it ends with 0, 1 or 2, and what it complains of is one line.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import * as fc from 'fast-check';

const CLI = join(import.meta.dirname, '../../src/cli.ts');
/** Small enough that a command line that happens to be right is soon done. */
const SMALL = '--requests 1 --latency 0 --repeats 1 --threads 1 --cost 0.1 --approach sequential'.split(' ');
const RUNS = 12;

const OPTIONS =
  '--requests --latency --jitter --faults --concurrency --threads --repeats --seed --cost --network --timeout ' +
  '--retries --json --html --trace --help -- -x';
const option = fc.constantFrom('', ...OPTIONS.split(' '));
const value = fc.oneof(
  fc.constantFrom(
    '1',
    '2',
    '0',
    '-1',
    '1.5',
    '1e3',
    'NaN',
    '503:0.5',
    '503:2',
    'reset:.1,',
    'loopback',
    'intercepted',
  ),
  fc.constantFrom('fetch-order', 'price-order', 'compare', '/dev/null/x', '../..', '\u001B[31m', '💥'),
  fc.string({ maxLength: 6 }).filter((token) => !token.includes('\0')),
);

test('any command line ends with 0, 1 or 2, and never with a stack trace', async (t) => {
  // Some of these name files to write.
  const cwd = await mkdtemp(join(tmpdir(), 'async-workbench-fuzz-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  const tokens = fc.array(fc.tuple(option, value), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(tokens, async (pairs) => {
      const args = [...SMALL, ...pairs.flat()];
      const child = spawn(process.execPath, [CLI, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
      const [[code], , stderr] = await Promise.all([
        once(child, 'exit'),
        text(child.stdout),
        text(child.stderr),
      ]);
      assert.ok([0, 1, 2].includes(code as number), `${JSON.stringify(args)} ended with ${code}`);
      assert.match(stderr, code === 2 ? /^error: [^\n]+\n$/ : /^(error: [^\n]+\n)?$/, JSON.stringify(args));
    }),
    { numRuns: RUNS, seed: 1 },
  );
});
