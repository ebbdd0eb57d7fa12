import assert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import promises from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { INSTANT } from '../../src/api/conditions.ts';
import { intercept } from '../../src/api/intercept.ts';
import { ORIGIN } from '../../src/api/origin.ts';
import { Session } from '../../src/api/session.ts';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { retried, type RetryOptions } from '../../src/approaches/retry.ts';
import { settled } from '../../src/approaches/settled.ts';
import { http, HttpResponse } from 'msw';

const NOON = Date.UTC(2026, 0, 1, 12);

const unavailable = (headers: Record<string, string> = {}) =>
  Object.assign(new Error('the kitchen is full'), { status: 503, headers });
const settings: RetryOptions<unknown> = { idempotent: true, budget: 100, seed: 1 };

/** A task that fails with these errors in turn, and then succeeds; and when each try happened. */
function failing(...errors: unknown[]) {
  const times: number[] = [];
  const task = async (): Promise<string> => {
    times.push(Date.now() - NOON);
    if (times.length <= errors.length) throw errors[times.length - 1];
    return 'served';
  };
  return { task, times };
}

/** Turns a mocked clock millisecond by millisecond until what `start` returns has settled. */
async function onTheClock<Output>(t: TestContext, start: () => Promise<Output>): Promise<Output> {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
  syncBuiltinESMExports(); // or the module under test would keep the real timer that it imported
  try {
    const state = { open: true };
    const watched = start().finally(() => (state.open = false));
    watched.catch(() => {});
    while (state.open) {
      await new Promise(setImmediate);
      t.mock.timers.tick(1);
    }
    return await watched;
  } finally {
    t.mock.timers.reset();
    syncBuiltinESMExports();
  }
}

/** What a task that fails for ever waits for, without the waiting. */
async function waitsOf(t: TestContext, options: Partial<RetryOptions<unknown>>): Promise<unknown[]> {
  const timer = t.mock.method(promises, 'setTimeout', async () => {});
  syncBuiltinESMExports();
  const { task } = failing(...Array.from({ length: 20 }, () => unavailable()));
  await assert.rejects(retried(task, { ...settings, ...options })(1));
  timer.mock.restore();
  syncBuiltinESMExports();
  return timer.mock.calls.map((call) => (call.arguments as unknown[])[0]);
}

test('a failure that may pass is tried again, and the result is that of the try that worked', async (t) => {
  const errors = [
    ...[408, 425, 429, 500, 502, 503, 504].map((status) => Object.assign(new Error(), { status })),
    ...['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT'].map((code) =>
      Object.assign(new Error(), { code }),
    ),
  ];
  for (const error of errors) {
    const { task, times } = failing(error);
    assert.equal(await onTheClock(t, () => retried(task, settings)(1)), 'served');
    assert.equal(times.length, 2);
  }
});

test('what will not pass by itself is not tried again', async (t) => {
  const errors = [
    ...[400, 401, 403, 404, 409, 501].map((status) => Object.assign(new Error(), { status })),
    Object.assign(new Error(), { code: 'ENOENT' }),
    new TypeError('a mistake in the program'),
    new DOMException('', 'AbortError'),
    'a string',
    undefined,
    null,
  ];
  for (const error of errors) {
    const { task, times } = failing(error);
    const thrown = await onTheClock(t, () =>
      retried(task, settings)(1).catch((reason: unknown) => ({ reason })),
    );
    assert.deepEqual(thrown, { reason: error });
    assert.equal(times.length, 1);
  }
});

test('what is not idempotent is never repeated, not even if the server asks to come back', async (t) => {
  const isGet = (input: unknown) => input === 'GET';
  for (const [idempotent, input] of [
    [false, 'GET'],
    [isGet, 'POST'],
  ] as const) {
    const { task, times } = failing(unavailable({ 'retry-after': '0' }));
    await assert.rejects(
      onTheClock(t, () => retried(task, { ...settings, idempotent })(input)),
      { status: 503 },
    );
    assert.equal(times.length, 1);
  }
  const { task, times } = failing(unavailable());
  await onTheClock(t, () => retried(task, { ...settings, idempotent: isGet })('GET'));
  assert.equal(times.length, 2);
});

test('Retry-After in seconds is waited for to the millisecond', async (t) => {
  const { task, times } = failing(unavailable({ 'retry-after': '3' }));
  await onTheClock(t, () => retried(task, settings)(1));
  assert.deepEqual(times, [0, 3000]);
});

test('Retry-After as a date is waited for to the millisecond', async (t) => {
  const { task, times } = failing(unavailable({ 'retry-after': new Date(NOON + 2000).toUTCString() }));
  await onTheClock(t, () => retried(task, settings)(1));
  assert.deepEqual(times, [0, 2000]);
});

test('a Retry-After that is past, zero or no such thing leaves the backoff as it was', async (t) => {
  const plain = failing(unavailable());
  await onTheClock(t, () => retried(plain.task, settings)(1));
  const gap = plain.times[1]! - plain.times[0]!;
  assert.ok(gap > 0);
  for (const value of [new Date(NOON - 86_400_000).toUTCString(), '0', '-1', 'soon', '']) {
    const { task, times } = failing(unavailable({ 'retry-after': value }));
    await onTheClock(t, () => retried(task, settings)(1));
    assert.equal(times[1]! - times[0]!, gap, value);
  }
});

test('a Retry-After beyond the longest wait means giving up, not asking earlier', async (t) => {
  const { task, times } = failing(unavailable({ 'retry-after': '31' }));
  await assert.rejects(
    onTheClock(t, () => retried(task, { ...settings, maxMs: 30_000 })(1)),
    { status: 503 },
  );
  assert.deepEqual(times, [0]);
});

test('it throws the last error after so many attempts', async (t) => {
  const errors = [unavailable(), unavailable(), unavailable()];
  const { task, times } = failing(...errors);
  const thrown = await onTheClock(t, () =>
    retried(task, { ...settings, attempts: 3 })(1).catch((error: unknown) => error),
  );
  assert.equal(thrown, errors[2]);
  assert.equal(times.length, 3);
});

test('the budget holds for all inputs together, also when they fail at the same time', async (t) => {
  let tries = 0;
  const task = async () => {
    tries++;
    throw unavailable();
  };
  const patient = settled(retried(task, { ...settings, budget: 7 }));
  const outcomes = await onTheClock(t, () => boundedPool(Array(50).keys(), patient, { concurrency: 10 }));
  assert.equal(tries, 50 + 7);
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
});

test('each wait is below its ceiling, the ceiling doubles up to the longest, and waits differ', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 2, max: 8 }), async (seed, attempts) => {
      const waits = (await waitsOf(t, { seed, attempts, baseMs: 100, maxMs: 1000 })) as number[];
      assert.equal(waits.length, attempts - 1);
      for (const [index, wait] of waits.entries()) {
        assert.ok(wait >= 0 && wait < Math.min(1000, 100 * 2 ** index), `wait ${index}: ${wait}`);
      }
    }),
    { numRuns: 50 },
  );
  const [waits, fractions] = [new Set<unknown>(), new Set<number>()];
  for (let seed = 0; seed < 100; seed++) {
    const [first, second] = (await waitsOf(t, { seed, attempts: 3, baseMs: 100 })) as [number, number];
    waits.add(second);
    fractions.add(second / 200 - first / 100);
  }
  assert.equal(waits.size, 100, 'each seed waits its own time');
  assert.equal(fractions.size, 100, 'each attempt draws anew');
  assert.ok(Math.max(...(waits as Set<number>)) > 150, 'the second ceiling is higher than the first');
});

test('the same seed gives the same waits, another seed others', async (t) => {
  const one = await waitsOf(t, { seed: 7, attempts: 5 });
  const again = await waitsOf(t, { seed: 7, attempts: 5 });
  const other = await waitsOf(t, { seed: 8, attempts: 5 });
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
});

test('without a seed, wrappers that fail together do not wait alike', async (t) => {
  const unseeded = { idempotent: true, budget: 100, seed: undefined } as never;
  assert.notDeepEqual(await waitsOf(t, unseeded), await waitsOf(t, unseeded));
});

test('inputs that fail together do not come back together', async (t) => {
  const times = new Map<number, number[]>();
  const task = async (input: number) => {
    const tries = times.get(input) ?? times.set(input, []).get(input)!;
    if (tries.push(Date.now()) === 1) throw unavailable();
  };
  await onTheClock(t, () => boundedPool([1, 2, 3, 4], retried(task, settings), { concurrency: 4 }));
  assert.equal(new Set([...times.values()].map(([first]) => first)).size, 1);
  assert.equal(new Set([...times.values()].map(([, second]) => second)).size, 4);
});

test('an abort ends the wait at once with its reason, and nothing is tried after it', async () => {
  const client = new AbortController();
  const { task, times } = failing(unavailable({ 'retry-after': '30' }), unavailable());
  const promise = retried(task, settings)(1, client.signal);
  await new Promise(setImmediate);
  const reason = new Error('the guest has left');
  client.abort(reason);
  await assert.rejects(promise, reason);
  await new Promise(setImmediate);
  assert.equal(times.length, 1);
});

test('numbers that are none or negative are refused, naming the option', () => {
  for (const option of ['budget', 'attempts', 'baseMs', 'maxMs']) {
    for (const value of [-1, NaN]) {
      assert.throws(() => retried(() => 1, { ...settings, [option]: value }), {
        name: 'TypeError',
        message: `${option}: expected a number from 0 up, got ${value}`,
      });
    }
  }
});

test('a session that got 429 hands on Retry-After', async (t) => {
  using api = intercept({ conditions: INSTANT });
  const asked: number[] = [];
  api.use(
    http.get(`${ORIGIN}/orders/1`, () =>
      asked.push(Date.now()) === 1
        ? new HttpResponse(null, { status: 429, headers: { 'Retry-After': '5' } })
        : HttpResponse.json({ id: 1 }),
    ),
  );
  await using session = new Session({ origin: ORIGIN, connections: 1 });
  const get = retried((path: string, signal?: AbortSignal) => session.getJson(path, signal), settings);
  const { body } = await onTheClock(t, () => get('/orders/1'));
  assert.deepEqual([body, asked.length], [{ id: 1 }, 2]);
  assert.ok(asked[1]! - asked[0]! >= 5000);
});
