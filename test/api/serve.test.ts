// The server answers whatever a client may send: HTTP as its standards say, and one line of JSON for anything else.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { request } from 'undici';
import { INSTANT } from '../../src/api/conditions.ts';
import { Counters } from '../../src/api/counters.ts';
import { Gate } from '../../src/api/gate.ts';
import { orderOf } from '../../src/api/orders.ts';
import { serve } from '../../src/api/serve.ts';

describe('serve', () => {
  /** What comes back for bytes sent over a bare socket, until the server closes it. */
  async function exchange(port: number, text: string, { halfClose = true } = {}): Promise<string> {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write(text.replaceAll('\n', '\r\n'));
    // Node's server takes the end of a client's side for its leaving, so an answer in pieces must not see it.
    if (halfClose) socket.end();
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
    ['no Host at all', 'GET /orders/1 HTTP/1.1\nConnection: close\n\n'],
    ['an empty Host', 'GET /orders/1 HTTP/1.1\nHost:\nConnection: close\n\n'],
    ['two Hosts', 'GET /orders/1 HTTP/1.1\nHost: localhost\nHost: evil.test\nConnection: close\n\n'],
    ['a port that is none', 'GET /orders/1 HTTP/1.1\nHost: localhost:65536\nConnection: close\n\n'],
    ['a foreign Host of HTTP/1.0', 'GET /orders/1 HTTP/1.0\nHost: evil.test\n\n'],
    ['another scheme', 'GET https://localhost/orders/1 HTTP/1.1\nHost: localhost\nConnection: close\n\n'],
    ['a star for anything but OPTIONS', 'GET * HTTP/1.1\nHost: localhost\nConnection: close\n\n'],
    ['a line that is no request', 'nonsense\n\n'],
    ['a version that does not exist', 'GET /orders/1 HTTP/9.9\nHost: localhost\n\n'],
    ['a name of a field with a blank in it', 'GET /orders/1 HTTP/1.1\nHost: localhost\nA b: c\n\n'],
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

  const status = (answers: string) => answers.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(-3));

  for (const host of [
    'LOCALHOST',
    'localhost.',
    'Localhost:80',
    '127.0.0.1',
    '127.0.0.1:65535',
    '[::1]:4000',
    'localhost:',
  ]) {
    test(`takes the Host ${host} for its own`, async () => {
      await using server = await serve({ conditions: INSTANT });
      const answers = await exchange(
        server.port,
        `GET /health HTTP/1.1\nHost: ${host}\nConnection: close\n\n`,
      );
      assert.deepEqual(status(answers), ['200']);
    });
  }

  for (const [title, request, expected] of [
    [
      'a whole URL that names this server',
      'GET http://LOCALHOST:4000/health HTTP/1.1\nHost: localhost',
      '200',
    ],
    ['a whole URL without a path', 'GET http://127.0.0.1?x HTTP/1.1\nHost: localhost', '200'],
    ['OPTIONS for the server as a whole', 'OPTIONS * HTTP/1.1\nHost: localhost', '204'],
    ['CONNECT', 'CONNECT evil.test:80 HTTP/1.1\nHost: localhost', '405'],
    [
      'an Upgrade that it does not know, by going on as before',
      'GET /health HTTP/1.1\nHost: localhost\nUpgrade: websocket\nConnection: Upgrade',
      '200',
    ],
    ['an Expect that it cannot meet', 'GET /health HTTP/1.1\nHost: localhost\nExpect: a miracle', '417'],
    [
      'a header that is too large',
      `GET /health HTTP/1.1\nHost: localhost\nX-Large: ${'x'.repeat(20_000)}`,
      '431',
    ],
    ['a path beyond what Node reads', `GET /${'x'.repeat(20_000)} HTTP/1.1\nHost: localhost`, '414'],
    ['a path beyond what a packet holds', `GET /${'x'.repeat(200_000)} HTTP/1.1\nHost: localhost`, '414'],
  ] as const) {
    test(`answers ${title}`, async () => {
      await using server = await serve({ conditions: INSTANT });
      const answers = await exchange(server.port, `${request}\n\n`);
      assert.equal(status(answers)?.[0], expected, answers.slice(0, 300));
    });
  }

  test('goes on after Expect: 100-continue', async () => {
    await using server = await serve({ conditions: INSTANT });
    const put =
      'PUT /health HTTP/1.1\nHost: localhost\nExpect: 100-continue\nContent-Length: 2\nConnection: close\n\nhi';
    assert.deepEqual(status(await exchange(server.port, put)), ['100', '405']);
  });

  test('sends HTTP/1.0 what it has: no chunks, no Host needed, and a connection that closes unless asked to stay', async () => {
    await using server = await serve({ conditions: { ...INSTANT, faults: { drip: 1 } } });
    const dripped = await exchange(server.port, 'GET /orders/1 HTTP/1.0\n\n', { halfClose: false });
    const [head = '', body = ''] = dripped.split('\r\n\r\n');
    assert.doesNotMatch(head, /transfer-encoding/i);
    assert.deepEqual(JSON.parse(body), orderOf(1));
    const stays = 'GET /health HTTP/1.0\nConnection: keep-alive\n\n';
    assert.deepEqual(status(await exchange(server.port, `${stays}${stays}GET /health HTTP/1.0\n\n`)), [
      '200',
      '200',
      '200',
    ]);
    assert.deepEqual(status(await exchange(server.port, `GET /health HTTP/1.0\n\n${stays}`)), ['200']);
  });

  test('answers what came before the bytes that it cannot read, then refuses these', async () => {
    await using server = await serve({ conditions: { ...INSTANT, latencyMs: 5 } });
    const order = 'GET /orders/1 HTTP/1.1\nHost: localhost\n\n';
    const answers = await exchange(server.port, `${order}nonsense\n\n`, { halfClose: false });
    assert.deepEqual(status(answers), ['200', '400']);
  });

  test('keeps the connection after HEAD, 204 and 405, whose bodies nobody has to guess', async () => {
    await using server = await serve({ conditions: INSTANT });
    const asked = ['HEAD /orders/1', 'OPTIONS /orders/1', 'DELETE /stats', 'POST /orders/1', 'GET /orders/1'];
    const answers = await exchange(
      server.port,
      asked
        .map(
          (line, index) => `${line} HTTP/1.1\nHost: localhost\n${index === 4 ? 'Connection: close\n' : ''}\n`,
        )
        .join(''),
    );
    assert.deepEqual(status(answers), ['200', '204', '204', '405', '200']);
    for (const empty of answers.split('HTTP/1.1 ').filter((part) => part.startsWith('204'))) {
      assert.doesNotMatch(empty, /content-length|transfer-encoding/i);
    }
  });

  test('refuses conditions that make no sense, in one line', async () => {
    for (const [conditions, message] of [
      [{ ...INSTANT, latencyMs: NaN }, 'Expected latencyMs to be milliseconds from 0 up, got NaN.'],
      [{ ...INSTANT, jitterMs: -1 }, 'Expected jitterMs to be milliseconds from 0 up, got -1.'],
      [{ ...INSTANT, latencyMs: Infinity }, 'Expected latencyMs to be milliseconds from 0 up, got Infinity.'],
      [{ ...INSTANT, seed: 1.5 }, 'Expected seed to be a whole number, got 1.5.'],
    ] as const) {
      await assert.rejects(serve({ conditions }), { name: 'RangeError', message });
    }
  });

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
    assert.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 405', 'HTTP/1.1 400', 'HTTP/1.1 200']);
  });

  test('answers TRACE with 405, and keeps its connection too', async () => {
    await using server = await serve({ conditions: INSTANT });
    const trace = 'TRACE /orders/1 HTTP/1.1\nHost: localhost\n';
    const answers = await exchange(server.port, `${trace}\n${trace}Connection: close\n\n`);
    assert.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 405', 'HTTP/1.1 405']);
    assert.match(answers, /\{"error":"TRACE is not allowed at \/orders\/:id; allowed: GET, HEAD, OPTIONS"\}/);
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
