// Both doors lead to the same API: one table of requests, asked through each.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { request as requestByNode, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { http, HttpResponse } from 'msw';
import { request } from 'undici';
import { Gate, INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import type { ApiOptions } from '../../src/api/handlers.ts';
import { intercept } from '../../src/api/intercept.ts';
import { orderOf } from '../../src/api/orders.ts';
import { ORIGIN } from '../../src/api/origin.ts';
import { serve } from '../../src/api/serve.ts';
import { Session, StatusError } from '../../src/api/session.ts';
import { until } from '../turns.ts';

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
        { started: 1, completed: 1, aborted: 0, inFlight: 0, peakInFlight: 1 },
      ]);
      assert.deepEqual(await get('/stats', 'DELETE'), [204, '']);
      assert.deepEqual(await get('/orders/1', 'POST'), [
        404,
        { error: 'nothing at POST /orders/1; try GET /orders/1' },
      ]);
      assert.deepEqual(await get('/menu'), [404, { error: 'nothing at GET /menu; try GET /orders/1' }]);
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
      });
    });

    test('a path that names something of every object is a page of no site', async () => {
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
      });
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

describe('serve', () => {
  /** What comes back for bytes sent over a bare socket. */
  async function exchange(port: number, text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.end(text.replaceAll('\n', '\r\n'));
    let answer = '';
    socket.on('data', (part: string) => (answer += part));
    await once(socket, 'close');
    return answer;
  }

  for (const [title, text] of [
    ['a foreign Host', 'GET /orders/1 HTTP/1.1\nHost: evil.test\nConnection: close\n\n'],
    [
      'a Host that only starts well',
      'GET /orders/1 HTTP/1.1\nHost: 127.0.0.1.evil.test\nConnection: close\n\n',
    ],
    ['no Host at all', 'GET /orders/1 HTTP/1.0\n\n'],
    [
      'a whole URL in place of a path',
      'GET http://evil.test/x HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n',
    ],
  ] as const) {
    test(`refuses ${title} with 400, and no handler sees it`, async () => {
      const counters = new Counters();
      await using server = await serve({ conditions: INSTANT, counters });
      assert.match(
        await exchange(server.port, text),
        /^HTTP\/1\.1 400 Bad Request\r\n[^]*\{"error":"expected /,
      );
      assert.equal(counters.read().started, 0);
    });
  }

  test('survives paths and bytes that no Request can be made of', async () => {
    await using server = await serve({ conditions: INSTANT });
    for (const line of ['GET //evil.test/%zz HTTP/1.1', 'CONNECT evil.test:80 HTTP/1.1', 'nonsense']) {
      // A reset is an answer too.
      await exchange(server.port, `${line}\nHost: localhost\nConnection: close\n\n`).catch(() => 'reset');
    }
    const { statusCode, body } = await request(`${server.origin}/health`);
    await body.dump();
    assert.equal(statusCode, 200);
  });

  test('keeps a connection for the next request, with a content-length on every answer', async () => {
    await using server = await serve({ conditions: INSTANT });
    const ask = 'GET /orders/1 HTTP/1.1\nHost: localhost\n';
    const answers = await exchange(server.port, `${ask}\n${ask}Connection: close\n\n`);
    assert.equal(answers.match(/^content-length: \d+/gim)?.length, 2);
  });

  test('keeps a connection whose request has a body that nobody reads', async () => {
    await using server = await serve({ conditions: INSTANT });
    // More than sockets and streams buffer by themselves.
    const order = 'x'.repeat(1_000_000);
    const refused = `POST /orders/1 HTTP/1.1\nHost: localhost\nContent-Length: ${order.length}\n\n${order}`;
    const foreign = refused.replace('localhost', 'evil.test');
    const last = 'GET /orders/1 HTTP/1.1\nHost: localhost\nConnection: close\n\n';
    const answers = await exchange(server.port, refused + foreign + last);
    assert.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 404', 'HTTP/1.1 400', 'HTTP/1.1 200']);
  });

  test('answers TRACE with 405, and keeps its connection too', async () => {
    await using server = await serve({ conditions: INSTANT });
    const trace = 'TRACE /orders/1 HTTP/1.1\nHost: localhost\n';
    const answers = await exchange(server.port, `${trace}\n${trace}Connection: close\n\n`);
    assert.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 405', 'HTTP/1.1 405']);
    assert.match(answers, /\{"error":"no TRACE here; try GET \/orders\/1"\}/);
  });

  test('resets the connection where a handler answers with HttpResponse.error()', async () => {
    // The handler of orders does so when the wait for the kitchen fails.
    const gate = new Gate();
    gate.pass = () => Promise.reject(new Error('the kitchen is closed'));
    await using server = await serve({ conditions: INSTANT, gate });
    await assert.rejects(request(`${server.origin}/orders/1`), { code: 'ECONNRESET' });
  });

  test('refuses a port in use with EADDRINUSE, and can be closed twice', async () => {
    const server = await serve({ conditions: INSTANT });
    await assert.rejects(serve({ conditions: INSTANT, port: server.port }), { code: 'EADDRINUSE' });
    await server[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
});
