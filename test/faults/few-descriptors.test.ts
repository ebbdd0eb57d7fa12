// A process that may open few files cannot start others. Then a comparison says so, in rows and not in a stack.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

const CLI = join(import.meta.dirname, '../../src/cli.ts');
const skip = process.platform === 'win32' && 'needs a shell with ulimit';
const SMALL = 'compare fetch-order --requests 2 --latency 0 --repeats 1 --approach sequential'.split(' ');

for (const descriptors of [24, 26, 28]) {
  test(
    `with ${descriptors} file descriptors a comparison says what could not be started, without a stack`,
    { skip },
    async () => {
      const script = `ulimit -n ${descriptors}; exec "$0" "$@"`;
      const child = spawn('sh', ['-c', script, process.execPath, CLI, ...SMALL], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [[code], stdout, stderr] = await Promise.all([
        once(child, 'exit'),
        text(child.stdout),
        text(child.stderr),
      ]);
      assert.equal(code, 1);
      assert.match(stdout, /^sequential: .*the process could not be started: [^]*EMFILE$/m);
      assert.doesNotMatch(stderr, /^ {4}at /m);
    },
  );
}
