// The door for everyone: the same handlers behind a real port. Written by hand, because the well-kept adapters
// (srvx, @hono/node-server) answer 500 where HttpResponse.error() must be a real connection reset.
import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'msw';
import { getResponse } from 'msw/utils/get-response';
import { refusal, TextAnswer } from './answers.ts';
import type { Conditions } from './conditions.ts';
import { ordersApi, type ApiOptions } from './handlers.ts';
import { incomingRequest } from './incoming-request.ts';
import { laneOf, NO_ANSWER, type LaneWatch } from './lanes.ts';
import { ORIGIN } from './origin.ts';
import { targetOf } from './target.ts';

export interface Server extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  /**
   * From now on new requests meet other conditions. Those in flight end as they began.
   * @throws {RangeError} if the conditions make no sense
   */
  behave(conditions: Conditions): void;
}

export interface ServeOptions extends ApiOptions {
  /** Without it, any free one. */
  readonly port?: number;
  /** Is told of every request that has a lane. */
  readonly watch?: LaneWatch;
}

/** Connections that wait to be accepted. Node's 511 drops some of a thousand at once, and each costs 1 s. */
const BACKLOG = 4096;

/** The methods that the server as a whole knows. */
const ALLOW = 'GET, HEAD, DELETE, OPTIONS';

/**
 * Serves the mocked API on 127.0.0.1, in this process; port 0 takes a free one.
 * @throws the error of `listen`, for instance EADDRINUSE; a RangeError if the conditions make no sense
 */
export async function serve(options: ServeOptions): Promise<Server> {
  /** Change with the conditions. */
  let handlers = ordersApi(options);
  const lastAnswers = new WeakMap<Duplex, ServerResponse>();
  // Node would refuse a request without Host itself, but with an empty answer.
  const server = createServer({ keepAliveTimeout: 60_000, requireHostHeader: false }, (request, response) => {
    lastAnswers.set(request.socket, response);
    if (options.watch) tellLane(options.watch, request, response);
    answer(handlers, request, response).catch(() => request.socket.resetAndDestroy());
  });
  server.on('clientError', (error, socket) => refuseUnreadable(error, socket, lastAnswers.get(socket)));
  server.on('connect', (_request, socket) =>
    end(socket, 405, 'no CONNECT here; try GET /', { allow: ALLOW }),
  );
  server.listen({ host: '127.0.0.1', port: options.port ?? 0, backlog: BACKLOG });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    behave(conditions) {
      handlers = ordersApi({ ...options, conditions });
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A request is in flight from its arrival until it is answered in full. The client sees it the same way. */
function tellLane(watch: LaneWatch, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const target = targetOf(incoming);
  const asked = 'path' in target ? laneOf(target.path) : undefined;
  if (!asked) return;
  const end = watch(asked.lane, asked.id);
  outgoing.once('close', () => end(outgoing.writableFinished ? outgoing.statusCode : NO_ANSWER));
}

async function answer(handlers: RequestHandler[], incoming: IncomingMessage, outgoing: ServerResponse) {
  // No handler reads a body, and one that nobody reads would keep its connection from the next request.
  incoming.resume();
  const target = targetOf(incoming);
  if ('refused' in target) {
    sendText(refusal(400, target.refused), outgoing);
    return;
  }
  if (target.path === '*') {
    outgoing.writeHead(204, { allow: ALLOW }).end();
    return;
  }
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const { method = 'GET', headers } = incoming;
  const request = incomingRequest(method, ORIGIN + target.path, headers, gone.signal);
  const response = await getResponse(handlers, request).catch((error: unknown) =>
    refusal(500, String(error)),
  );
  if (!response || response.type === 'error') incoming.socket.resetAndDestroy();
  else if (response instanceof TextAnswer) sendText(response, outgoing);
  else await sendPieces(response, outgoing, gone.signal);
}

function sendText({ status, fields, content }: TextAnswer, outgoing: ServerResponse): void {
  outgoing.writeHead(status, fields);
  outgoing.end(content, () => {
    // A client that was promised more would wait for the rest.
    const isShort = Number(fields['content-length']) > Buffer.byteLength(content);
    if (isShort) outgoing.req.socket.destroySoon();
  });
}

/** A body in pieces, or none. */
async function sendPieces(response: Response, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  const fields = Object.fromEntries(response.headers);
  // HTTP/1.0 has no chunks: there the end of the connection is the end of the body.
  if (outgoing.req.httpVersion === '1.0') delete fields['transfer-encoding'];
  outgoing.writeHead(response.status, fields);
  // Not pipeline(): it would close the connection politely where a body that fails must reset it.
  for await (const piece of response.body ?? []) {
    if (!outgoing.write(piece)) await once(outgoing, 'drain', { signal: gone });
    gone.throwIfAborted();
  }
  outgoing.end();
}

/** Answers what Node's parser could not read, and closes the connection: nobody knows where the next request starts. */
function refuseUnreadable(
  error: NodeJS.ErrnoException & { rawPacket?: Buffer },
  socket: Duplex,
  lastAnswer: ServerResponse | undefined,
): void {
  // A client that is still sending must be read to its end, or closing resets the connection and the answer is lost.
  socket.removeAllListeners('data').on('data', () => {});
  // More after a request that was to be the last. Its answer closes the connection.
  if (error.code === 'HPE_CLOSED_CONNECTION') return;
  const refuse = () => end(socket, ...whyUnreadable(error));
  if (lastAnswer && !lastAnswer.closed) lastAnswer.once('close', refuse);
  else refuse();
}

function whyUnreadable({
  code,
  rawPacket,
}: {
  code?: string | undefined;
  rawPacket?: Buffer;
}): [number, string] {
  if (code === 'HPE_HEADER_OVERFLOW') {
    // Node counts the first line as a part of the header.
    const firstLine =
      rawPacket?.subarray(0, rawPacket.indexOf('\n') + 1 || undefined).toString('latin1') ?? '';
    return /^[A-Z]+ \S{8000}/.test(firstLine)
      ? [414, 'expected a path of at most 8000 characters']
      : [431, 'expected a header of at most 16 KiB'];
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return [413, 'expected chunks without long extensions'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'expected a whole request in time'];
  return [400, 'expected a request of HTTP/1.1'];
}

/** Writes a last answer without a ServerResponse, since Node makes none for what it could not read. */
function end(socket: Duplex, status: number, error: string, fields: Record<string, string> = {}): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error });
  const head = Object.entries({
    ...fields,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`);
}
