// Workers that are kept at work: which of them is replaced, and that none is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import { livingChildren } from '../../src/child.ts';
import { startEmbedded } from '../../src/queue/embedded.ts';
import { QueueFailure } from '../../src/queue/failure.ts';
import { keepWorkers } from '../../src/queue/keep-workers.ts';

test('a worker that is killed is replaced, one that cannot use the database is not, and none is left', async () => {
  await using embedded = await startEmbedded();
  const before = new Set(livingChildren());
  const trouble = Promise.withResolvers<string>();
  const failure = Promise.withResolvers<unknown>();
  const kept = await keepWorkers(1, {
    settings: { database: { kind: 'server', url: embedded.url }, queue: 'orders', concurrency: 2 },
    signal: new AbortController().signal,
    onTrouble: trouble.resolve,
    onFailure: failure.resolve,
  });
  const workers = () => [...livingChildren()].filter((pid) => !before.has(pid));
  const [first] = workers();
  process.kill(first!, 'SIGKILL');
  assert.equal(
    await trouble.promise,
    'a worker has ended (the process was ended by SIGKILL); another one takes its place',
  );
  const client = new Client(embedded.url);
  await client.connect();
  await client.query('alter table async_workbench.job_common rename to gone');
  await client.end();
  const reason = await failure.promise;
  assert.ok(reason instanceof QueueFailure, String(reason));
  assert.match(reason.message, /^the database postgres:.* (says|is not|has no|does not)/);
  await kept[Symbol.asyncDispose]();
  assert.deepEqual(workers(), []);
});
