// Which of Node's rows a machine has room for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { node } from '../../../bench/article/node.ts';
import { LeftOut } from '../../../bench/suite.ts';

test('threads that the memory has no room for are left out, all for the same reason', async () => {
  const context = {
    signal: new AbortController().signal,
    shared: () => Promise.reject(new Error('it has room, and asks for an API')),
  };
  const outcomes = (freeBytes: number) => {
    const { waiting } = node({ atOnce: [], threads: [10, 30, 100], warmup: 1, costMs: 1, freeBytes });
    const threads = waiting.filter(({ manner }) => manner === 'in threads');
    return Promise.all(threads.map((way) => way.send(1, context).catch((error: unknown) => error)));
  };
  const [ten, thirty, hundred] = await outcomes(2 ** 30);
  assert.ok(!(ten instanceof LeftOut));
  for (const left of [thirty, hundred]) {
    assert.ok(left instanceof LeftOut);
    assert.equal(
      left.message,
      'too many threads: half of the free memory is 0.5 GiB, a thread takes some 18 MiB',
    );
  }
  const unknown = await outcomes(0);
  assert.ok(!unknown.some((outcome) => outcome instanceof LeftOut), 'where the system does not tell');
});
