// The API's process answers questions over its message channel, so that no answer depends on a free port or socket.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTANT } from '../../src/api/conditions.ts';
import { Session } from '../../src/api/session.ts';
import { startApi } from '../../src/api/start.ts';
import { ChildError } from '../../src/child.ts';

test('questions open no connection, and the answer counts the requests and sockets of clients alone', async () => {
  await using api = await startApi(INSTANT);
  await api.reset();
  assert.equal((await api.stats()).sockets, 0);
  await using session = new Session({ origin: api.origin, connections: 2 });
  await Promise.all([1, 2, 3, 4].map((id) => session.getJson(`/orders/${id}`)));
  const { started, completed, inFlight, sockets, cpuMs } = await api.stats();
  assert.deepEqual(
    { started, completed, inFlight, sockets },
    { started: 4, completed: 4, inFlight: 0, sockets: 2 },
  );
  assert.ok(cpuMs > 0);
});

test('a reset counts requests anew, and says so in its own answer even if others ask at the same time', async () => {
  await using api = await startApi(INSTANT);
  await using session = new Session({ origin: api.origin, connections: 1 });
  await session.getJson('/orders/1');
  const answers = await Promise.all([api.stats(), api.reset(), api.stats()]);
  assert.deepEqual(
    answers.map(({ started, sockets }) => ({ started, sockets })),
    [
      { started: 1, sockets: 1 },
      { started: 0, sockets: 1 },
      { started: 0, sockets: 1 },
    ],
  );
});

test('a process that cannot start says that it was the API', async () => {
  await assert.rejects(startApi(INSTANT, { execArgv: ['--no-such-flag'] }), (error) => {
    assert.ok(error instanceof ChildError);
    assert.match(error.message, /^the API: the process ended with exit code 9/);
    return true;
  });
});

test('an abort ends the process, and every question is rejected with its reason', async () => {
  const stop = new AbortController();
  await using api = await startApi(INSTANT, { signal: stop.signal });
  const left = new Error('the guests have left');
  stop.abort(left);
  await assert.rejects(api.stats(), left);
  await assert.rejects(api.reset(), left);
});
