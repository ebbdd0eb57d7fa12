// One GET, with every limit that a stranger's server calls for: on time, on bytes, on where an answer may lead.
import { Agent } from 'undici';
import { StatusError } from '../../src/api/session.ts';

export type Answer =
  | { readonly kind: 'text'; readonly text: string; readonly isWhole: boolean }
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
   * At most `maxBytes` of the text at `url`, if its type starts with `type`.
   * @throws {StatusError} for 4xx and 5xx; a TimeoutError; what undici throws; the signal's reason
   */
  async get(url: URL, type: string, maxBytes: number, signal?: AbortSignal): Promise<Answer> {
    const { timeoutMs, userAgent } = this.#options;
    const late = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([signal, late]) : late;
    const { statusCode, headers, body } = await this.#agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      // Packed bodies could unpack to any size.
      headers: { accept: type || '*/*', 'accept-encoding': 'identity', 'user-agent': userAgent },
      signal: either,
    });
    // A body that is not wanted ends with its connection: to read it to the end could take for ever.
    const leave = () => body.on('error', () => {}).destroy();
    const { location, 'content-type': contentType, 'content-encoding': encoding } = headers;
    if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
      leave();
      return { kind: 'redirect', to: location };
    }
    if (statusCode < 200 || statusCode > 299) {
      leave();
      throw new StatusError(`GET ${url.href}`, statusCode, headers);
    }
    const isPacked = encoding !== undefined && encoding !== 'identity';
    if (isPacked || !String(contentType).startsWith(type)) {
      leave();
      return { kind: 'other', why: isPacked ? 'packed although not asked for' : `not ${type}` };
    }
    const chunks: Uint8Array[] = [];
    let [bytes, isWhole] = [0, true];
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      bytes += chunk.length;
      isWhole = bytes <= maxBytes;
      if (!isWhole) break;
    }
    return { kind: 'text', text: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'), isWhole };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}
