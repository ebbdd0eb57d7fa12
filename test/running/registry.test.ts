// The adapters of the registry, where they differ by the kind of the work: contract.test.ts has what they share.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APPROACHES, IN_MEMORY } from '../../src/running/registry.ts';
import type { RunSize, Work } from '../../src/running/work.ts';
import { NOT_QUEUED } from './not-queued.ts';

const SIZE: RunSize = { requests: 3, concurrency: 2, threads: 2, workers: 2 };

test('only work that waits needs sockets: one for each request that an approach has in flight at once', () => {
  const connections = Object.values(APPROACHES).map((approach) => [
    approach.name,
    approach.connections(SIZE),
  ]);
  assert.deepEqual(Object.fromEntries(connections), {
    blocking: 1,
    sequential: 1,
    'promise-all': 3,
    'bounded-pool': 2,
    'stream-map': 2,
    paced: 2,
    adaptive: 3,
    // A session cannot be shared: each thread has one of its own, with one socket.
    'worker-threads': 1,
    // Two workers share the two lanes.
    'job-queue': 1,
  });
});

for (const name of IN_MEMORY) {
  if (name === 'worker-threads') continue;
  test(`${name}: CPU work runs in this thread, and its job is closed with the approach`, async () => {
    const log: string[] = [];
    const work: Work<string> = {
      kind: 'cpu',
      costMs: 1,
      async open() {
        log.push('open');
        return {
          task: (input) => {
            log.push(`task ${input}`);
            return `price ${input}`;
          },
          async [Symbol.asyncDispose]() {
            log.push('closed');
          },
        };
      },
      outcomes: (message) => message as string[],
      lost: () => 'lost',
      refusedForMs: () => undefined,
      queued: NOT_QUEUED,
      patienceMs: 60_000,
      worker: new URL('./workers/no-such-module.ts', import.meta.url),
      workerData: undefined,
    };
    {
      await using opened = await APPROACHES[name].open(work, SIZE);
      assert.deepEqual(await opened.run([1, 2]), ['price 1', 'price 2']);
    }
    assert.deepEqual(log, ['open', 'task 1', 'task 2', 'closed']);
  });
}
