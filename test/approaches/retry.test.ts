import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import promises from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import { inspect, promisify } from 'node:util';
import * as fc from 'fast-check';
import { INSTANT } from '../../src/api/conditions.ts';
import { intercept } from '../../src/api/intercept.ts';
import { ORIGIN } from '../../src/api/origin.ts';
import { chance } from '../../src/api/random.ts';
import { Session } from '../../src/api/session.ts';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { retried, type RetryOptions } from '../../src/approaches/retry.ts';
import { settled } from '../../src/approaches/settled.ts';
import { http, HttpResponse } from 'msw';

const NOON = Date.UTC(2026, 0, 1, 12);

const unavailable = (headers: Record<string, string> = {}) =>
  Object.assign(new Error('the kitchen is full'), { status: 503, headers });

/** A random number generator that draws the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let draws = 0;
  return () => chance(seed, draws++);
}
const settings: RetryOptions<unknown> = { idempotent: true, budget: 100, random: () => 0.5 };

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

test('a random that gives no number never makes it ask earlier than Retry-After allows', async (t) => {
  for (const random of [() => NaN, () => -1, () => undefined as unknown as number]) {
    const { task, times } = failing(unavailable({ 'retry-after': '2' }));
    await onTheClock(t, () => retried(task, { ...settings, random })(1));
    assert.deepEqual(times, [0, 2000]);
  }
});

test('retry-after-ms is more exact than Retry-After, and counts instead of it', async (t) => {
  const { task, times } = failing(unavailable({ 'retry-after': '3', 'retry-after-ms': '1250' }));
  await onTheClock(t, () => retried(task, settings)(1));
  assert.deepEqual(times, [0, 1250]);
});

test('a retry-after-ms that is no number is passed over', async (t) => {
  const { task, times } = failing(unavailable({ 'retry-after': '3', 'retry-after-ms': 'soon' }));
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
      const options = { random: seeded(seed), attempts, baseMs: 100, maxMs: 1000 };
      const waits = (await waitsOf(t, options)) as number[];
      assert.equal(waits.length, attempts - 1);
      for (const [index, wait] of waits.entries()) {
        assert.ok(wait >= 0 && wait < Math.min(1000, 100 * 2 ** index), `wait ${index}: ${wait}`);
      }
    }),
    { numRuns: 50 },
  );
  const [waits, fractions] = [new Set<unknown>(), new Set<number>()];
  for (let seed = 0; seed < 100; seed++) {
    const options = { random: seeded(seed), attempts: 3, baseMs: 100 };
    const [first, second] = (await waitsOf(t, options)) as [number, number];
    waits.add(second);
    fractions.add(second / 200 - first / 100);
  }
  assert.equal(waits.size, 100, 'each seed waits its own time');
  assert.equal(fractions.size, 100, 'each attempt draws anew');
  assert.ok(Math.max(...(waits as Set<number>)) > 150, 'the second ceiling is higher than the first');
});

test('the waits are drawn by the given random alone, once for each repeat', async (t) => {
  const drawn = [0, 0.25, 0.75, 0.999];
  const waits = await waitsOf(t, { random: () => drawn.shift()!, attempts: 5, baseMs: 100, maxMs: 300 });
  assert.deepEqual(waits, [0, 50, 225, 299.7]);
  assert.deepEqual(drawn, []);
});

test('without a random, wrappers that fail together do not wait alike', async (t) => {
  const plain = { random: undefined } as never;
  assert.notDeepEqual(await waitsOf(t, plain), await waitsOf(t, plain));
});

test('inputs that fail together do not come back together', async (t) => {
  const times = new Map<number, number[]>();
  const task = async (input: number) => {
    const tries = times.get(input) ?? times.set(input, []).get(input)!;
    if (tries.push(Date.now()) === 1) throw unavailable();
  };
  const patient = retried(task, { ...settings, random: seeded(1) });
  await onTheClock(t, () => boundedPool([1, 2, 3, 4], patient, { concurrency: 4 }));
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

test('a signal that has aborted before ends it at once: the task is not called, and nothing is spent', async () => {
  const { task, times } = failing();
  let granted = 0;
  const patient = retried(task, { ...settings, budget: () => granted++ < 5 });
  const reason = new Error('the guest has left');
  await assert.rejects(patient(1, AbortSignal.abort(reason)), reason);
  const client = new AbortController();
  const leaving = retried(
    async () => {
      client.abort(reason);
      throw unavailable();
    },
    { ...settings, budget: () => granted++ < 5 },
  );
  await assert.rejects(leaving(1, client.signal), reason);
  assert.deepEqual([times, granted], [[], 0]);
});

test('numbers out of their range are refused with what was expected and what came', () => {
  const fine = {
    budget: [0, Infinity],
    attempts: [1, Infinity],
    baseMs: [0, 0.5],
    maxMs: [0, 0.5, Infinity],
  };
  const expected = {
    budget: 'an integer from 0 up',
    attempts: 'a positive integer',
    baseMs: 'a finite number from 0 up',
    maxMs: 'a number from 0 up',
  };
  const wrong: Record<keyof typeof fine, unknown[]> = {
    budget: [-1, NaN, 1.5, '3', null],
    attempts: [-1, 0, NaN, 1.5, '3', null, 4n],
    baseMs: [-1, NaN, Infinity, '3', null],
    maxMs: [-1, NaN, '3', null],
  };
  for (const option of Object.keys(fine) as Array<keyof typeof fine>) {
    for (const value of fine[option]) retried(() => 1, { ...settings, [option]: value });
    for (const value of wrong[option]) {
      assert.throws(
        () => retried(() => 1, { ...settings, [option]: value }),
        new TypeError(`${option}: expected ${expected[option]}, got ${inspect(value)}`),
      );
    }
  }
});

describe('what happened is found wherever a client puts it', () => {
  const withCode = (code: string) => Object.assign(new Error(code), { code });
  const wrapped = (cause: unknown) => new TypeError('fetch failed', { cause });
  const loop = new Error('its own cause');
  loop.cause = loop;

  const repeated: Record<string, unknown> = {
    'a broken connection as global fetch tells it': wrapped(withCode('ECONNRESET')),
    'a cause of a cause': wrapped(wrapped(withCode('UND_ERR_SOCKET'))),
    'the addresses of one host, all tried in vain': wrapped(
      new AggregateError([withCode('ENETUNREACH'), withCode('ECONNREFUSED')]),
    ),
    'one of several errors that may pass': new AggregateError([new Error('no IPv6'), withCode('ETIMEDOUT')]),
    'one of several answers that may pass': new AggregateError([{ status: 404 }, { status: 503 }]),
    'a timeout': new DOMException('', 'TimeoutError'),
    'a statusCode': Object.assign(new Error(), { statusCode: 503 }),
    'a status in the response': Object.assign(new Error(), { response: { status: 429 } }),
    'a connection that broke in the middle of an answer': Object.assign(wrapped(withCode('UND_ERR_SOCKET')), {
      response: { status: 200 },
    }),
    'a status as the code': Object.assign(new Error(), { code: '503' }),
    'no Error at all': Object.assign(Object.create(null), { code: 'EPIPE' }),
  };
  const codes = `ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT ENETUNREACH ENETDOWN ENETRESET EHOSTUNREACH
    EHOSTDOWN ENOTFOUND EAI_AGAIN UND_ERR_CONNECT_TIMEOUT UND_ERR_BODY_TIMEOUT`;
  for (const code of codes.split(/\s+/)) {
    repeated[code] = withCode(code);
  }
  for (const [name, error] of Object.entries(repeated)) {
    test(`${name} is repeated`, async (t) => {
      const { task, times } = failing(error);
      assert.equal(await onTheClock(t, () => retried(task, settings)(1)), 'served');
      assert.equal(times.length, 2);
    });
  }

  const hostile = new Proxy(new Error('hostile'), {
    get() {
      throw new Error('do not look at me');
    },
  });
  const final: Record<string, unknown> = {
    'an answer that will not change, whatever caused it': Object.assign(wrapped(withCode('ECONNRESET')), {
      status: 404,
    }),
    'an error that is its own cause': loop,
    'nothing but an object': Object.create(null),
    'an object of odd properties': { status: Object.create(null), code: Symbol('odd'), headers: 3 },
    'an error that throws when it is looked at': hostile,
    'a body of an answer that is no JSON': Object.assign(new SyntaxError(), { status: 200 }),
    'an exit code': Object.assign(new Error(), { code: 1 }),
    'a symbol': Symbol('odd'),
  };
  for (const [name, error] of Object.entries(final)) {
    test(`${name} is not repeated, and arrives as it is`, async (t) => {
      const { task, times } = failing(error);
      const outcome = await onTheClock(t, () =>
        retried(
          task,
          settings,
        )(1).then(
          () => 'served',
          (thrown: unknown) => [thrown === error],
        ),
      );
      assert.deepEqual([outcome, times.length], [[true], 1]);
    });
  }

  test('a socket that the server destroys under global fetch', async (t) => {
    let asked = 0;
    const server = createServer((request, response) => {
      if (++asked === 1) request.socket.destroy();
      else response.end('served');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const get = retried((url: string) => fetch(url), { ...settings, baseMs: 1 });
    const answer = await get(`http://127.0.0.1:${port}/`);
    assert.equal(await answer.text(), 'served');
    assert.equal(asked, 2);
  });
});

describe('Retry-After is found in whatever shape the headers have', () => {
  const inTwoSeconds = {
    'a Headers object': new Headers({ 'Retry-After': '2' }),
    'a Headers object with two values': new Headers([
      ['Retry-After', '1'],
      ['Retry-After', '2'],
    ]),
    'other letters': { 'Retry-After': '2' },
    'capital letters': { 'RETRY-AFTER': '2' },
    'a repeated header, as undici hands it out': { 'retry-after': ['1', '2'] },
    'a number': { 'retry-after': 2 },
    'blanks around it': { 'retry-after': ' 2 ' },
    pairs: [['Retry-After', '2']],
    'a Map': new Map([['Retry-After', '2']]),
    'raw headers': ['Content-Type', 'text/plain', 'Retry-After', '2'],
    bytes: [Buffer.from('Retry-After'), Buffer.from('2')],
    'no prototype': Object.assign(Object.create(null), { 'retry-after': '2' }),
    'a date of today': { 'retry-after': 'Thu, 01 Jan 2026 12:00:02 GMT' },
    'a date of RFC 850': { 'retry-after': 'Thursday, 01-Jan-26 12:00:02 GMT' },
    'a date of asctime, which is UTC': { 'retry-after': 'Thu Jan  1 12:00:02 2026' },
    'two dates in one': { 'retry-after': 'Thu, 01 Jan 2026 12:00:01 GMT, Thu, 01 Jan 2026 12:00:02 GMT' },
  } as const;
  for (const [shape, headers] of Object.entries(inTwoSeconds)) {
    test(shape, async (t) => {
      const { task, times } = failing(Object.assign(new Error(), { status: 503, headers }));
      await onTheClock(t, () => retried(task, settings)(1));
      assert.deepEqual(times, [0, 2000]);
    });
  }

  test('of the error, of its response, or of its cause', async (t) => {
    const headers = { 'retry-after': '2' };
    const errors = [
      Object.assign(new Error(), { response: { status: 503, headers } }),
      Object.assign(new Error('', { cause: { headers } }), { status: 503 }),
    ];
    for (const error of errors) {
      const { task, times } = failing(error);
      await onTheClock(t, () => retried(task, settings)(1));
      assert.deepEqual(times, [0, 2000]);
    }
  });

  test('in a zone west of Greenwich, too, a date of asctime is UTC', async () => {
    const program = `
      import { retried } from ${JSON.stringify(new URL('../../src/approaches/retry.ts', import.meta.url))};
      const date = new Date(Date.now() + 3_600_000).toUTCString(); // Thu, 01 Jan 2026 12:00:00 GMT
      const [, day, month, year, time] = date.split(' ');
      const headers = { 'retry-after': [date.slice(0, 3), month, day.padStart(2), time, year].join(' ') };
      const task = () => { throw Object.assign(new Error(), { status: 503, headers }) };
      for (const maxMs of [1_800_000, 7_200_000]) {
        const tried = retried(task, { idempotent: true, budget: 1, maxMs })(1, AbortSignal.timeout(100));
        console.log(await tried.catch(({ name }) => name));
      }`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { env: { ...process.env, TZ: 'America/Los_Angeles' } },
    );
    assert.equal(stdout, 'Error\nTimeoutError\n', 'given up, or waited for');
  });

  test('headers that cannot be read leave the backoff, and the failure, as they were', async (t) => {
    const broken = {
      *[Symbol.iterator]() {
        yield 1;
        throw new Error('do not look at me');
      },
    };
    for (const headers of [broken, null, 'Retry-After: 2', 5, [], ['Retry-After'], new Map()]) {
      const { task, times } = failing(Object.assign(new Error(), { status: 503, headers }));
      await onTheClock(t, () => retried(task, settings)(1));
      assert.deepEqual(times, [0, 100]);
    }
  });
});

test('a wait that is longer than a timer can run is not cut short', async (t) => {
  const timer = t.mock.method(promises, 'setTimeout', async () => {});
  syncBuiltinESMExports();
  const { task } = failing(unavailable({ 'retry-after': '2592000' }));
  await retried(task, { ...settings, maxMs: Infinity })(1);
  timer.mock.restore();
  syncBuiltinESMExports();
  const waits = timer.mock.calls.map((call) => (call.arguments as unknown[])[0] as number);
  assert.deepEqual(waits, [2 ** 31 - 1, 2_592_000_000 - (2 ** 31 - 1)]);
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
