// The API's process answers questions over its message channel, so that no answer depends on a free port or socket.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { INSTANT } from '../../src/api/conditions.ts';
import type { LaneEvent } from '../../src/api/lanes.ts';
import { Session } from '../../src/api/session.ts';
import { startApi, type ApiProcess } from '../../src/api/start.ts';
import { ChildError } from '../../src/child.ts';

describe('an API in a process of its own', () => {
  let api: ApiProcess;
  const events: LaneEvent[] = [];
  /** How many sockets it had seen after some questions, and before any client. */
  let socketsBefore: number;
  before(async () => {
    api = await startApi(INSTANT, { onLanes: (batch) => events.push(...batch.events) });
    await api.reset();
    socketsBefore = (await api.stats()).sockets;
  });
  after(() => api[Symbol.asyncDispose]());
  beforeEach(async () => {
    await api.behave(INSTANT);
    events.length = 0;
  });

  test('questions open no connection, and the answer counts the requests and sockets of clients alone', async () => {
    assert.equal(socketsBefore, 0);
    const known = await api.reset();
    await using session = new Session({ origin: api.origin, connections: 2 });
    await Promise.all([1, 2, 3, 4].map((id) => session.getJson(`/orders/${id}`)));
    const { started, completed, inFlight, sockets, cpuMs } = await api.stats();
    assert.deepEqual({ started, completed, inFlight }, { started: 4, completed: 4, inFlight: 0 });
    assert.equal(sockets, known.sockets + 2);
    assert.ok(cpuMs > 0);
  });

  test('a reset counts requests anew, and says so in its own answer even if others ask at the same time', async () => {
    await using session = new Session({ origin: api.origin, connections: 1 });
    await session.getJson('/orders/1');
    const answers = await Promise.all([api.stats(), api.reset(), api.stats()]);
    assert.deepEqual(
      answers.map(({ started }) => started),
      [1, 0, 0],
    );
    assert.equal(new Set(answers.map(({ sockets }) => sockets)).size, 1);
  });

  test('tells what happened in the lanes before it answers a question', async () => {
    await using session = new Session({ origin: `${api.origin}/me`, connections: 1 });
    for (const id of [1, 2, 3]) await session.getJson(`/orders/${id}`);
    const { started } = await api.stats();
    assert.equal(started, 3);
    assert.deepEqual(
      events.map((event) => ('lane' in event ? event.id : event.status)),
      [1, 200, 2, 200, 3, 200],
    );
  });

  test('changes its conditions and keeps its port', async () => {
    await using session = new Session({ origin: api.origin, connections: 1 });
    await session.getJson('/orders/1');
    const { started } = await api.behave({ ...INSTANT, faults: { '503': 1 } });
    assert.equal(started, 0);
    await assert.rejects(session.getJson('/orders/1'), /503/);
  });

  test('a port that is taken is an error of the process, and names the port', async () => {
    const port = Number(new URL(api.origin).port);
    await assert.rejects(startApi(INSTANT, { port }), new RegExp(`EADDRINUSE.*${port}`));
  });
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
