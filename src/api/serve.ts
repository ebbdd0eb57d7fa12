// The door for everyone: the same handlers behind a real port. Written by hand, because the well-kept adapters
// (srvx, @hono/node-server) answer 500 where HttpResponse.error() must be a real connection reset.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getResponse, type RequestHandler } from 'msw';
import { ordersApi, type ApiOptions } from './handlers.ts';
import { ORIGIN } from './origin.ts';

export interface Server extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
}

/** Connections that wait to be accepted. Node's 511 drops some of a thousand at once, and each costs 1 s. */
const BACKLOG = 4096;

/**
 * Serves the mocked API on 127.0.0.1, in this process; port 0 takes a free one.
 * @throws the error of `listen`, for instance EADDRINUSE
 */
export async function serve(options: ApiOptions & { readonly port?: number }): Promise<Server> {
  const handlers = ordersApi(options);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(handlers, request, response).catch(() => request.socket.resetAndDestroy());
  });
  server.listen({ host: '127.0.0.1', port: options.port ?? 0, backlog: BACKLOG });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(handlers: RequestHandler[], incoming: IncomingMessage, outgoing: ServerResponse) {
  // No handler reads a body, and one that nobody reads would keep its connection from the next request.
  incoming.resume();
  const refusal = refusalOf(incoming);
  if (refusal) {
    const { status, error } = refusal;
    outgoing.writeHead(status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ error }));
    return;
  }
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const response = await getResponse(handlers, requestOf(incoming, gone.signal)).catch(
    (error: unknown) => new Response(JSON.stringify({ error: String(error) }), { status: 500 }),
  );
  if (!response || response.type === 'error') {
    incoming.socket.resetAndDestroy();
    return;
  }
  const headers = Object.fromEntries(response.headers);
  if (response.headers.has('transfer-encoding')) {
    outgoing.writeHead(response.status, headers);
    // Not pipeline(): it would close the connection politely where a body that fails must reset it.
    for await (const chunk of response.body ?? []) {
      if (!outgoing.write(chunk)) await once(outgoing, 'drain', { signal: gone.signal });
      gone.signal.throwIfAborted();
    }
    outgoing.end();
    return;
  }
  // Buffered unless the handler streams: a known length keeps the connection open for the next request.
  const body = Buffer.from(await response.arrayBuffer());
  const length = Number(response.headers.get('content-length') ?? body.length);
  outgoing.writeHead(response.status, { ...headers, 'content-length': length });
  outgoing.end(body, () => {
    if (length !== body.length) incoming.socket.destroySoon();
  });
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', headers, url } = incoming;
  const request = new Request(ORIGIN + url, { method, headers: headers as Record<string, string> });
  // Not as an option: a Request follows that signal through a weak reference, and after a collection of garbage a
  // handler that waits for nothing else would never hear that its client has gone.
  return Object.defineProperty(request, 'signal', { value: signal });
}

/** What is wrong with a request before any handler sees it; undefined for a good one. */
function refusalOf({ method, headers, url }: IncomingMessage): { status: number; error: string } | undefined {
  // A page of the web that resolves its own name to 127.0.0.1 must not reach a server of this machine.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '')) {
    return { status: 400, error: 'expected the Host 127.0.0.1 or localhost' };
  }
  if (!url?.startsWith('/')) return { status: 400, error: 'expected a path that starts with /' };
  // No Request can be made of it.
  return method === 'TRACE' ? { status: 405, error: 'no TRACE here; try GET /orders/1' } : undefined;
}
