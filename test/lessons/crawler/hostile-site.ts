// A site that means harm, on a real port: what it sends is made while it is sent, and it counts what it got rid of.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface HostileSite extends AsyncDisposable {
  readonly origin: string;
  /** Paths in the order they were asked for. */
  readonly asked: string[];
  /** Bytes of body that went out, by path. */
  readonly sent: Map<string, number>;
}

export const html =
  (...body: string[]): Answer =>
  (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(body.join('\n'));

export const links = (...hrefs: string[]) => html(...hrefs.map((href) => `<a href="${href}">x</a>`));

export const redirect =
  (to: string): Answer =>
  (response) =>
    response.writeHead(302, { location: to }).end();

/** So many mebibytes of `line`, at the pace the client reads. */
export const flood =
  (type: string, mebibytes: number, line: string): Answer =>
  async (response) => {
    response.writeHead(200, { 'content-type': type });
    const chunk = line.repeat(Math.ceil(2 ** 16 / line.length));
    const chunks = Array.from({ length: mebibytes * 16 }, () => chunk);
    await pipeline(Readable.from(chunks), response).catch(() => {}); // the crawler has left
  };

export const bomb: Answer = (response) =>
  response
    .writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' })
    .end(gzipSync(Buffer.alloc(2 ** 24)));

/** Answers by path, with and without its query; 404 where there is none. */
export async function hostileSite(answers: Record<string, Answer>): Promise<HostileSite> {
  const [asked, sent]: [string[], Map<string, number>] = [[], new Map()];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    response.on('error', () => {});
    const write = response.write.bind(response);
    response.write = ((chunk: string) => {
      sent.set(path, (sent.get(path) ?? 0) + chunk.length);
      return write(chunk);
    }) as typeof response.write;
    const key = Object.keys(answers).find(
      (key) => key === path || (key.endsWith('*') && path.startsWith(key.slice(0, -1))),
    );
    if (key) answers[key]!(response, request);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    sent,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
