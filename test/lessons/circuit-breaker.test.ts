// The breaker of lesson 23 as one would copy it: what each kind of outcome does in each state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CircuitBreaker, CircuitOpenError } from '../../lessons/23-circuit-breaker.ts';

const ILL = new Error('503');
const REFUSED = new Error('404');
const LEFT = new Error('the caller has left');

/** A breaker that opens after two failures in a row for 10 ms of a clock that the test moves. */
function kitchen() {
  let clock = 0;
  const breaker = new CircuitBreaker({
    failures: 2,
    openMs: 10,
    healthOf: (error) => (error === ILL ? 'ill' : error === REFUSED ? 'well' : undefined),
    now: () => clock,
  });
  let sent = 0;
  /** Sends a request that the test ends, and says how its run ended. */
  function send() {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const outcome = breaker
      .run(() => {
        sent++;
        return promise;
      })
      .catch((error: unknown) => error);
    const end = async (error?: Error) => {
      if (error) reject(error);
      else resolve('soup');
      return outcome;
    };
    return { outcome, end };
  }
  const isOpen = async () => {
    const before = sent;
    const outcome = await Promise.race([send().outcome, Promise.resolve().then(() => undefined)]);
    return sent === before && outcome instanceof CircuitOpenError;
  };
  return {
    send,
    isOpen,
    pass: (ms: number) => {
      clock += ms;
    },
    get sent() {
      return sent;
    },
  };
}

test('closed, it gives what the work gives, and throws what it throws', async () => {
  const { send } = kitchen();
  assert.equal(await send().end(), 'soup');
  assert.equal(await send().end(ILL), ILL);
});

test('failures open it only in a row: a success, and a refusal by a service that is well, begin a new row', async () => {
  for (const between of [undefined, REFUSED]) {
    const { send, isOpen } = kitchen();
    for (let round = 0; round < 3; round++) {
      await send().end(ILL);
      await send().end(between);
    }
    assert.equal(await isOpen(), false);
  }
});

test('a caller who leaves says nothing: the row of failures goes on', async () => {
  const { send, isOpen } = kitchen();
  await send().end(ILL);
  await send().end(LEFT);
  await send().end(ILL);
  assert.equal(await isOpen(), true);
});

/** Opened by two failures. */
async function opened() {
  const open = kitchen();
  await open.send().end(ILL);
  await open.send().end(ILL);
  return open;
}

test('open, nothing is sent until the time for a probe has come; then one request is', async () => {
  const open = await opened();
  open.pass(9);
  assert.equal(await open.isOpen(), true);
  assert.equal(open.sent, 2);
  open.pass(1);
  open.send();
  assert.equal(open.sent, 3);
  assert.equal(await open.isOpen(), true, 'a second one while the probe is on its way');
});

test('a probe that succeeds, or that a service which is well refuses, closes it', async () => {
  for (const answer of [undefined, REFUSED]) {
    const open = await opened();
    open.pass(10);
    await open.send().end(answer);
    assert.equal(await open.isOpen(), false);
  }
  // Closed means closed: it takes two failures again.
  const open = await opened();
  open.pass(10);
  await open.send().end();
  await open.send().end(ILL);
  assert.equal(await open.isOpen(), false);
});

test('a probe that fails opens it anew, for the whole time from then on', async () => {
  const open = await opened();
  open.pass(10);
  const probe = open.send();
  open.pass(7);
  await probe.end(ILL);
  open.pass(9);
  assert.equal(await open.isOpen(), true);
  open.pass(1);
  assert.equal(await open.isOpen(), false);
});

test('a probe whose caller leaves decides nothing, and the next request is a probe', async () => {
  const open = await opened();
  open.pass(10);
  await open.send().end(LEFT);
  const probe = open.send();
  assert.equal(open.sent, 4);
  assert.equal(await open.isOpen(), true);
  await probe.end();
  assert.equal(await open.isOpen(), false);
});

test('what was sent before a change decides nothing after it', async () => {
  const open = kitchen();
  const [first, second, early, late] = [open.send(), open.send(), open.send(), open.send()];
  await first.end(ILL);
  await second.end(ILL);
  // A success from before it opened is no probe, and a failure does not put the probe off.
  await early.end();
  assert.equal(await open.isOpen(), true);
  open.pass(5);
  await late.end(ILL);
  open.pass(5);
  const probe = open.send();
  assert.equal(open.sent, 5);
  await probe.end();
  assert.equal(await open.isOpen(), false);
});

test('work that throws at once is a failure like any other', async () => {
  const breaker = new CircuitBreaker({ failures: 1, openMs: 10, healthOf: () => 'ill', now: () => 0 });
  const thrown = breaker.run(() => {
    throw ILL;
  });
  await assert.rejects(thrown, (error) => error === ILL);
  await assert.rejects(
    breaker.run(async () => 'soup'),
    CircuitOpenError,
  );
});
