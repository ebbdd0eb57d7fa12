// The soak, short: the kill comes when so many files are there, and not after some time.
import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { startApi, type ApiProcess } from '../../src/api/start.ts';
import { endure } from '../../bench/soak/endurance.ts';
import { killAndResume } from '../../bench/soak/kill-and-resume.ts';

const REQUESTS = 60;
const { signal } = new AbortController();

/** For all runs that are killed or aborted. */
let api: ApiProcess;
before(async () => (api = await startApi({ latencyMs: 20, jitterMs: 10, seed: 1 })));
after(() => api[Symbol.asyncDispose]());

async function filesAreThere(folder: string, count: number): Promise<void> {
  using watcher = Object.assign(watch(folder), { [Symbol.dispose]: () => watcher.close() });
  for (;;) {
    // The next change is awaited before the look, so that none between the two is missed.
    const changed = once(watcher, 'change');
    const names = await readdir(folder);
    if (names.filter((name) => name.startsWith('order-')).length >= count) return;
    await changed;
  }
}

test('save, killed with SIGKILL and run again, loses nothing and repeats at most what was in flight', async (t) => {
  // After the second count there are 48 requests left, so the kill comes before the end on a busy machine too.
  for (const count of [1, 12]) {
    await t.test(`killed when ${count} files are there`, async () => {
      const when = (folder: string) => filesAreThere(folder, count);
      const { left } = await killAndResume({ api, requests: REQUESTS, concurrency: 4, when, signal });
      assert.ok(left >= count && left < REQUESTS, `${left} files were there`);
    });
  }
});

test('an abort ends the runs, and is not taken for something that was lost', async () => {
  const interrupt = new AbortController();
  const when = async (folder: string) => {
    await filesAreThere(folder, 1);
    interrupt.abort();
    return Promise.withResolvers<never>().promise;
  };
  await assert.rejects(
    killAndResume({ api, requests: REQUESTS, concurrency: 4, when, signal: interrupt.signal }),
    { name: 'AbortError' },
  );
});

test('with faults among them, every request is accounted for on both sides and sockets stay bounded', async () => {
  const end = await endure({
    requests: 600,
    concurrency: 10,
    timeoutMs: 60_000,
    faults: { '500': 0.03, reset: 0.03, malformed: 0.03, short: 0.03 },
    seed: 1,
    signal,
    onProgress: () => {},
  });
  const kinds = end.failures.texts().map((text) => text.replace(/^\d+ × /, ''));
  assert.deepEqual(kinds.toSorted(), [
    'Error ECONNRESET',
    'SocketError UND_ERR_SOCKET',
    'StatusError 500',
    'SyntaxError',
  ]);
  assert.deepEqual([end.ok + end.failed, end.started, end.ended], [600, 600, 600]);
  assert.ok(end.sockets >= 1 && end.sockets <= 10, `${end.sockets} sockets`);
});
