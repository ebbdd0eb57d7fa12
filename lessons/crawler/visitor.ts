// One GET of a stranger's server, with limits on its time, on its bytes, and on where its answer may lead.
import { MIMEType } from 'node:util';
import { Agent } from 'undici';
import { StatusError } from '../../src/api/session.ts';
import { decodePage, decodeRobots, wholeLines, type DecodedText } from './charset.ts';

export type Answer =
  | ({ readonly kind: 'text'; readonly isWhole: boolean } & DecodedText)
  /** Never followed here: where it leads is a link like any other. */
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'other'; readonly why: string };

export interface VisitorOptions {
  /** The most sockets at once. */
  readonly connections: number;
  /** Of a whole visit, body included. */
  readonly timeoutMs: number;
  readonly userAgent: string;
}

export class Visitor implements AsyncDisposable {
  readonly #agent: Agent;
  readonly #options: VisitorOptions;

  constructor(options: VisitorOptions) {
    this.#options = options;
    this.#agent = new Agent({ connections: options.connections });
  }

  /**
   * At most `maxBytes` of the page or the robots.txt at `url`. If a robots.txt is longer, its last line is left out, because
   * half a rule is another rule. A robots.txt may have any type, a page must say that it is HTML.
   * @throws {StatusError} for 4xx and 5xx; a TimeoutError; what undici throws; the signal's reason
   */
  async get(
    url: URL,
    type: 'text/html' | 'robots.txt',
    maxBytes: number,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const { timeoutMs, userAgent } = this.#options;
    const late = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([signal, late]) : late;
    const isPage = type === 'text/html';
    const { statusCode, headers, body } = await this.#agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      // We ask for no compression: a small compressed body can become one of any size.
      headers: { accept: isPage ? type : '*/*', 'accept-encoding': 'identity', 'user-agent': userAgent },
      signal: either,
    });
    // We close the connection of a body that we do not want. To read it to its end could take for ever.
    const leave = () => body.on('error', () => {}).destroy();
    const { location, 'content-encoding': encoding } = headers;
    if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
      leave();
      return { kind: 'redirect', to: bytesInPercents(location) };
    }
    if (statusCode < 200 || statusCode > 299) {
      leave();
      throw new StatusError(`GET ${url.href}`, statusCode, headers);
    }
    const isPacked = encoding !== undefined && String(encoding).toLowerCase() !== 'identity';
    const contentType = mimeTypeOf(headers['content-type']);
    if (isPacked || (isPage && contentType?.essence !== type)) {
      leave();
      return { kind: 'other', why: isPacked ? 'packed although not asked for' : `not ${type}` };
    }

    const chunks: Uint8Array[] = [];
    let bytesRead = 0;
    let isWhole = true;
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      bytesRead += chunk.length;
      isWhole = bytesRead <= maxBytes;
      if (!isWhole) break;
    }
    const bytes = Buffer.concat(chunks).subarray(0, maxBytes);
    const charset = contentType?.params.get('charset') ?? undefined;
    if (isPage) return { kind: 'text', isWhole, ...decodePage(bytes, charset) };
    return { kind: 'text', isWhole, ...decodeRobots(isWhole ? bytes : wholeLines(bytes), charset) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}

/** Types and the names of their parameters are case-insensitive: `Text/HTML; Charset=UTF-8`. */
function mimeTypeOf(header: string | string[] | undefined): MIMEType | undefined {
  const last = Array.isArray(header) ? header.at(-1) : header;
  try {
    return last === undefined ? undefined : new MIMEType(last);
  } catch {
    return undefined;
  }
}

/**
 * undici reads each byte of a header as one character. In an address, a byte beyond ASCII stands for itself, whatever
 * encoding its sender had in mind, so it is asked for as the byte that it is.
 */
function bytesInPercents(location: string): string {
  return location.replaceAll(
    /[\u0080-\u00ff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
