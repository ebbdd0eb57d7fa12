// Both doors lead to the same API: one table of requests, asked through each.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { connect, type Socket } from 'node:net';
import { request as requestByNode, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { http, HttpResponse } from 'msw';
import { request } from 'undici';
import { INSTANT } from '../../src/api/conditions.ts';
import { Gate } from '../../src/api/gate.ts';
import { Counters } from '../../src/api/counters.ts';
import type { ApiOptions } from '../../src/api/handlers.ts';
import { intercept } from '../../src/api/intercept.ts';
import { orderOf } from '../../src/api/orders.ts';
import { ORIGIN } from '../../src/api/origin.ts';
import { serve } from '../../src/api/serve.ts';
import { Session, StatusError } from '../../src/api/session.ts';
import { turn, until } from '../turns.ts';

const NO_QUEUE = { refused: 0, queued: 0, longestQueue: 0, queueMs: 0 };

type Door = (options: ApiOptions) => Promise<{ readonly origin: string } & AsyncDisposable>;

const doors: Record<string, Door> = {
  async intercept(options) {
    const interception = intercept(options);
    return { origin: ORIGIN, [Symbol.asyncDispose]: async () => interception[Symbol.dispose]() };
  },
  serve,
};

for (const [name, open] of Object.entries(doors)) {
  describe(name, () => {
    test('answers orders, health and stats, and refuses what it does not know', async () => {
      await using api = await open({ conditions: INSTANT });
      const get = async (path: string, method = 'GET') => {
        const { statusCode, body } = await request(api.origin + path, { method: method as 'GET' });
        const text = await body.text();
        return [statusCode, text && (JSON.parse(text) as unknown)];
      };
      assert.deepEqual(await get('/orders/7'), [200, orderOf(7)]);
      assert.deepEqual(await get('/health'), [200, { status: 'ok' }]);
      assert.deepEqual(await get('/stats'), [
        200,
        { started: 1, completed: 1, aborted: 0, inFlight: 0, peakInFlight: 1, ...NO_QUEUE },
      ]);
      assert.deepEqual(await get('/stats', 'DELETE'), [204, '']);
      assert.deepEqual(await get('/menu'), [
        404,
        { error: 'nothing at /menu; try /orders/1, or / for all there is' },
      ]);
      for (const id of ['0', '-1', '1.5', '1.json', '01', 'seven', '1234567890123456', '..%2f..%2fetc']) {
        const [status, answer] = await get(`/orders/${id}`);
        assert.equal(status, 404, id);
        assert.match((answer as { error: string }).error, /^expected an order id from 1 up, got "/);
      }
      assert.deepEqual((await get('/stats'))[1], {
        started: 0,
        completed: 0,
        aborted: 0,
        inFlight: 0,
        peakInFlight: 0,
        ...NO_QUEUE,
      });
    });

    const PATHS = ['/', '/orders/7', '/health', '/stats', '/robots.txt', '/site/', '/site/menu'];

    test('HEAD gets what GET gets, without the body', async () => {
      await using api = await open({ conditions: INSTANT });
      const ask = async (method: 'GET' | 'HEAD', path: string) => {
        const { statusCode, headers, body } = await request(api.origin + path, { method });
        const own = new Set(['content-length', 'content-type', 'location', 'vary']);
        const fields = Object.fromEntries(Object.entries(headers).filter(([name]) => own.has(name)));
        return { statusCode, fields, text: await body.text() };
      };
      for (const path of [...PATHS, '/menu', '/orders/0', '/site/old-menu', '/site/nothing']) {
        // The counters are the one thing that changes from one request to the next.
        if (path === '/stats') continue;
        const get = await ask('GET', path);
        assert.deepEqual(await ask('HEAD', path), { ...get, text: '' }, path);
        assert.equal(get.fields['content-length'], String(Buffer.byteLength(get.text)), path);
      }
      assert.equal((await ask('HEAD', '/stats')).statusCode, 200);
    });

    test('HEAD is counted as any request is, also where a fault would spoil the body', async () => {
      for (const fault of ['drip', 'malformed', 'short', 'endless', 'reset-body']) {
        const counters = new Counters();
        await using api = await open({ conditions: { ...INSTANT, faults: { [fault]: 1 } }, counters });
        const { statusCode, body } = await request(`${api.origin}/orders/1`, { method: 'HEAD' });
        assert.deepEqual([statusCode, await body.text()], [200, ''], fault);
        const { started, completed, inFlight } = counters.read();
        assert.deepEqual([started, completed, inFlight], [1, 1, 0], fault);
      }
    });

    test('OPTIONS says what a path allows, and 405 says the same to any other method', async () => {
      await using api = await open({ conditions: INSTANT });
      for (const path of PATHS) {
        const allowed = path === '/stats' ? 'GET, HEAD, DELETE, OPTIONS' : 'GET, HEAD, OPTIONS';
        for (const [method, status] of [
          ['OPTIONS', 204],
          ['POST', 405],
          ['PUT', 405],
          ['PATCH', 405],
          ['DELETE', path === '/stats' ? 204 : 405],
        ] as const) {
          const { statusCode, headers, body } = await request(api.origin + path, { method });
          const text = await body.text();
          assert.equal(statusCode, status, `${method} ${path}`);
          if (method !== 'DELETE' || status === 405)
            assert.equal(headers['allow'], allowed, `${method} ${path}`);
          if (status === 405) {
            assert.match(
              (JSON.parse(text) as { error: string }).error,
              new RegExp(`^${method} is not allowed at `),
            );
          }
        }
      }
      const { statusCode, headers, body } = await request(`${api.origin}/menu`, { method: 'POST' });
      await body.dump();
      assert.deepEqual([statusCode, headers['allow']], [404, undefined]);
    });

    test('the front page lists every path with a line to copy: HTML for a browser, JSON for a program', async () => {
      await using api = await open({
        conditions: { latencyMs: 30, jitterMs: 5, seed: 1, faults: { '503': 0.1 } },
      });
      const ask = async (accept?: string) => {
        const { headers, body } = await request(`${api.origin}/`, { ...(accept && { headers: { accept } }) });
        return { type: String(headers['content-type']), text: await body.text() };
      };
      const curl = `curl ${api.origin}/orders/7`;
      for (const accept of ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html']) {
        const { type, text } = await ask(accept);
        assert.match(type, /^text\/html/);
        assert.ok(
          text.includes(curl) && text.includes('30 ms, and up to 5 ms more') && text.includes('503 for 10 %'),
        );
      }
      const forProgram = await ask();
      assert.equal(forProgram.type, 'application/json');
      for (const accept of ['*/*', 'application/json', 'text/html;q=0.5, application/json']) {
        assert.deepEqual(await ask(accept), forProgram, accept);
      }
      const { paths } = JSON.parse(forProgram.text) as {
        paths: Array<{ path: string; methods: string; try: string }>;
      };
      assert.deepEqual(
        paths.map(({ path }) => path),
        ['/', '/orders/:id', '/health', '/stats', '/robots.txt', '/site/*', '/:lane/orders/:id'],
      );
      assert.equal(paths[1]!.try, curl);
      for (const line of paths) {
        const { statusCode, body } = await request(line.try.replace('curl ', ''));
        await body.dump();
        assert.equal(statusCode, 200, line.try);
      }
    });

    test('a path that is too long, or is no right URL, is the mistake of the client and not of the API', async () => {
      await using api = await open({ conditions: INSTANT });
      for (const [path, status] of [
        [`/${'a'.repeat(9_000)}`, 414],
        [`/orders/${'1'.repeat(9_000)}`, 414],
        [`/orders/1?${'a'.repeat(9_000)}`, 414],
        [`/orders/1?${'a'.repeat(7_000)}`, 200],
        [`/orders/${'1'.repeat(7_000)}`, 404],
        ['/orders/%zz', 404],
        ['/%zz', 404],
        ['/site/%', 404],
        ['//orders/1', 404],
        ['/orders//1', 404],
      ] as const) {
        const { statusCode, body } = await request(api.origin + path);
        const text = await body.text();
        assert.equal(statusCode, status, path.slice(0, 40));
        assert.ok(text.length < 300, 'an answer does not repeat all that it was sent');
      }
    });

    test('a path such as constructor, which every object has, is no page of the site', async () => {
      await using api = await open({ conditions: INSTANT });
      for (const path of ['toString', '__proto__', 'constructor', 'hasOwnProperty']) {
        const { statusCode, body } = await request(`${api.origin}/site/${path}`);
        await body.dump();
        assert.equal(statusCode, 404, path);
      }
    });

    test('an order that is redirected leads to itself, at the same origin', async () => {
      await using api = await open({ conditions: { ...INSTANT, faults: { redirect: 1 } } });
      const { statusCode, headers, body } = await request(`${api.origin}/orders/1?table=2`);
      await body.dump();
      assert.deepEqual([statusCode, headers['location']], [302, '/orders/1?table=2']);
    });

    test('counts what is in flight, and a client that goes away as aborted', async () => {
      const [counters, gate] = [new Counters(), new Gate()];
      await using api = await open({ conditions: INSTANT, counters, gate });
      await using session = new Session({ origin: api.origin, connections: 3 });
      const client = new AbortController();
      const left = new Error('the guests have left');
      const answers = [1, 2].map((id) => session.getJson(`/orders/${id}`));
      const gone = assert.rejects(session.getJson('/orders/3', client.signal), left);
      await gate.waitFor(3);
      assert.deepEqual(counters.read(), {
        started: 3,
        completed: 0,
        aborted: 0,
        inFlight: 3,
        peakInFlight: 3,
        ...NO_QUEUE,
      });
      client.abort(left);
      await gone;
      await until(() => counters.read().aborted === 1);
      gate.letGo();
      assert.deepEqual(
        (await Promise.all(answers)).map(({ body }) => body),
        [orderOf(1), orderOf(2)],
      );
      assert.deepEqual(counters.read(), {
        started: 3,
        completed: 2,
        aborted: 1,
        inFlight: 0,
        peakInFlight: 3,
        ...NO_QUEUE,
      });
    });

    test('an API of two stoves and a queue of three refuses the sixth, serves the others, and counts all of it', async () => {
      const [counters, gate] = [new Counters(), new Gate()];
      const conditions = { ...INSTANT, stoves: { count: 2, queue: 3 } };
      await using api = await open({ conditions, counters, gate });
      await using session = new Session({ origin: api.origin, connections: 5 });
      const answers = [1, 2, 3, 4, 5].map((id) => session.getJson(`/orders/${id}`));
      await until(() => counters.read().started === 5);
      const { statusCode, headers, body } = await request(`${api.origin}/orders/6`);
      assert.deepEqual([statusCode, headers['retry-after'], headers['retry-after-ms']], [503, '1', '1']);
      assert.match(await body.text(), /queue for the stoves is full/);
      assert.equal(gate.held, 2);
      for (let served = 0; served < 5; served++) {
        await gate.waitFor(1);
        gate.letGo(1);
        await until(() => counters.read().completed === served + 2);
      }
      assert.deepEqual(
        (await Promise.all(answers)).map((answer) => answer.body),
        [1, 2, 3, 4, 5].map(orderOf),
      );
      const { started, completed, refused, queued, longestQueue } = counters.read();
      assert.deepEqual(
        { started, completed, refused, queued, longestQueue },
        { started: 6, completed: 6, refused: 1, queued: 3, longestQueue: 3 },
      );
    });

    test('an API with a rate refuses what comes too early with 429, and says after how many seconds to try', async () => {
      const conditions = { ...INSTANT, rate: { perSecond: 0.001, burst: 2 } };
      await using api = await open({ conditions });
      const ask = async () => {
        const { statusCode, headers, body } = await request(`${api.origin}/orders/1`);
        await body.dump();
        return [statusCode, headers['retry-after']];
      };
      assert.deepEqual(
        [await ask(), await ask()],
        [
          [200, undefined],
          [200, undefined],
        ],
      );
      const [status, retryAfter] = await ask();
      assert.equal(status, 429);
      assert.ok(Number(retryAfter) > 900 && Number(retryAfter) <= 1000, String(retryAfter));
      const { body } = await request(`${api.origin}/stats`);
      assert.equal(((await body.json()) as { refused: number }).refused, 1);
    });

    test('a session says which request was answered with what status, and can be used again', async () => {
      await using api = await open({ conditions: INSTANT });
      await using session = new Session({ origin: api.origin, connections: 1 });
      await assert.rejects(session.getJson('/menu'), (error) => {
        assert.ok(error instanceof StatusError);
        assert.equal(error.status, 404);
        assert.equal(error.message, `GET ${api.origin}/menu answered 404, expected 2xx`);
        return true;
      });
      assert.deepEqual(await session.getJson('/orders/2'), {
        url: `${api.origin}/orders/2`,
        status: 200,
        body: orderOf(2),
      });
    });
  });
}

describe('intercept', () => {
  test('lets nothing through to the network: no other host, and no path that looks like a file', async () => {
    using _ = intercept({ conditions: INSTANT });
    // If these left the process, they would end in ENOTFOUND or in an answer.
    for (const url of [
      'http://elsewhere.test/orders/1',
      'http://elsewhere.test/logo.png',
      'http://127.0.0.1:9/x.json',
    ]) {
      await assert.rejects(request(url), (error: Error & { code?: string }) => {
        assert.equal(error.message, 'Network error');
        assert.equal(error.code, undefined);
        return true;
      });
    }
    const { statusCode, body } = await request(`${ORIGIN}/orders/1.json`);
    await body.dump();
    assert.equal(statusCode, 404);
  });

  test('answers undici, fetch and node:http, and none of them any more once it is closed', async () => {
    const byFetch = async () => (await fetch(`${ORIGIN}/health`)).status;
    const byUndici = async () => {
      const { statusCode, body } = await request(`${ORIGIN}/health`);
      await body.dump();
      return statusCode;
    };
    const byNode = async () => {
      const asked = requestByNode(`${ORIGIN}/health`).end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      answer.resume();
      return answer.statusCode;
    };
    {
      using _ = intercept({ conditions: INSTANT });
      assert.deepEqual(await Promise.all([byFetch(), byUndici(), byNode()]), [200, 200, 200]);
    }
    // Another interception in its place, so that the test needs no network to see that the first one is gone.
    const counters = new Counters();
    using _ = intercept({ conditions: INSTANT, counters });
    await (await fetch(`${ORIGIN}/orders/1`)).json();
    assert.equal(counters.read().started, 1);
  });

  test('answers the request after an aborted one, and opens no connection that writes nothing', async (t) => {
    const asked = t.mock.method(dns, 'lookup');
    const byFetch = async (signal?: AbortSignal) => {
      const response = await fetch(`${ORIGIN}/orders/1`, { signal: signal ?? null });
      return response.json();
    };
    const byUndici = async (signal?: AbortSignal) => {
      const { body } = await request(`${ORIGIN}/orders/1`, { ...(signal && { signal }) });
      return body.json();
    };
    for (const ask of [byFetch, byUndici]) {
      // undici connects anew for an aborted request, some turns of the loop later. Each turn is tried.
      for (let turns = 0; turns < 8; turns += 1) {
        const gate = new Gate();
        using _ = intercept({ conditions: INSTANT, gate });
        const abort = new AbortController();
        const aborted = assert.rejects(ask(abort.signal), { name: 'AbortError' });
        await gate.waitFor(1);
        abort.abort();
        await aborted;
        for (let i = 0; i < turns; i += 1) await turn();
        const next = ask();
        await gate.waitFor(1);
        gate.letGo();
        assert.deepEqual(await next, orderOf(1), `${ask.name} after ${turns} turns`);
      }
    }
    assert.equal(asked.mock.callCount(), 0, 'a host was asked for outside of the process');
  });

  test('ends what is not HTTP, and lets a client that is silent speak later', async () => {
    using _ = intercept({ conditions: INSTANT });
    const other = connect(9, 'elsewhere.test', () => other.write('\u0001\u0002 no method of HTTP\r\n\r\n'));
    const [error] = (await once(other, 'error')) as [Error];
    assert.equal(error.message, 'only HTTP is intercepted, and nothing else may leave');

    const silent = connect(80, new URL(ORIGIN).hostname);
    const answer = once(silent.setEncoding('utf8'), 'data');
    for (let i = 0; i < 8; i += 1) await turn();
    silent.write('GET /health HTTP/1.1\r\nhost: orders.test\r\n\r\n');
    assert.match(String(await answer), /^HTTP\/1\.1 200 OK\r\n/);
    silent.destroy();
  });

  test('refuses a connection that is begun as it ends, and asks no name server for the invented host', async () => {
    const { hostname } = new URL(ORIGIN);
    let late: Socket;
    {
      using _ = intercept({ conditions: INSTANT });
      late = connect(80, hostname);
    }
    const [refused] = (await once(late, 'error')) as [Error];
    assert.equal(refused.message, 'the interception ended before this connection was made');
    const [unknown] = (await once(connect(80, hostname), 'error')) as [Error & { code: string }];
    assert.equal(unknown.message, 'orders.test exists only where it is intercepted');
    assert.equal(unknown.code, 'ENOTFOUND');
  });

  test('answers again when one begins just as another ends', async () => {
    for (let round = 0; round < 3; round += 1) {
      intercept({ conditions: INSTANT })[Symbol.dispose]();
      using _ = intercept({ conditions: INSTANT });
      // node:http writes before it is connected, so its bytes come at the earliest moment there is.
      const asked = requestByNode(`${ORIGIN}/health`).end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      assert.equal(answer.resume().statusCode, 200);
    }
  });

  test('handlers used within a boundary are seen there only, also by tests that run at the same time', async () => {
    using api = intercept({ conditions: INSTANT });
    const ask = async () => (await (await fetch(`${ORIGIN}/health`)).json()) as { status: string };
    const gate = Promise.withResolvers<void>();
    const insideOf = (status: string) =>
      api.boundary(async () => {
        api.use(http.get(`${ORIGIN}/health`, () => HttpResponse.json({ status })));
        await gate.promise;
        return (await ask()).status;
      });
    const both = Promise.all([insideOf('busy'), insideOf('closed')]);
    gate.resolve();
    assert.deepEqual(await both, ['busy', 'closed']);
    assert.deepEqual(await ask(), { status: 'ok' });
  });
});
