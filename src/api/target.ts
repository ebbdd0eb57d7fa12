// What a request is for, by its first line and its Host field, before any handler sees it. HTTP has four forms of it.
import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from './loopback-host.ts';

/** Path and query that start with `/`, or `*`: the server as a whole, which only OPTIONS may ask about. */
export type Target = { readonly path: string } | { readonly refused: string };

/** Reads the target of a request, or says why it is refused with status 400. */
export function targetOf(incoming: IncomingMessage): Target {
  const { method, url = '' } = incoming;
  const hosts = hostsOf(incoming);
  // HTTP/1.0 has no Host. Browsers, which the rule is there for, always send one.
  const mayHaveNone = incoming.httpVersion === '1.0' && hosts.length === 0;
  if (!mayHaveNone && (hosts.length !== 1 || !isLoopbackHost(hosts[0]!))) {
    return { refused: 'expected one Host, 127.0.0.1 or localhost' };
  }
  if (url.startsWith('/')) return { path: url };
  if (url === '*' && method === 'OPTIONS') return { path: url };
  // The form that clients send to a proxy. Servers must take it too, if it names them.
  const whole = /^http:\/\/([^/?#]*)(.*)$/i.exec(url);
  if (!whole) return { refused: 'expected a path that starts with /' };
  const [, host = '', path = ''] = whole;
  if (!isLoopbackHost(host)) return { refused: 'expected a URL at 127.0.0.1 or localhost' };
  return { path: path.startsWith('/') ? path : `/${path}` };
}

/** Node's own `headers.host` keeps the first and drops the others. */
function hostsOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'host');
}
