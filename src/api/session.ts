// The client's side of the API: one undici Agent with its limit of connections, as a resource that closes
// itself. It is what aiohttp calls a ClientSession.
import { addAbortListener } from 'node:events';
import { Agent, type Dispatcher } from 'undici';
import { timerLength } from './clock.ts';

export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

/** An answer whose body is kept as it came: a number that JSON.parse would round is still whole in it. */
export interface RawAnswer {
  readonly url: string;
  readonly status: number;
  readonly bytes: Uint8Array;
}

export interface SessionOptions {
  /** Scheme, host and port, for instance `http://127.0.0.1:4000`; `/NAME` behind it is a lane of the API. */
  readonly origin: string;
  /** The most sockets at once. Without a limit undici opens up to two for each request in flight. */
  readonly connections: number;
  /** A request that has not ended after so long, body included, is given up. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;

/** A body larger than this, in bytes, is refused rather than collected. */
const MAX_RESPONSE_BYTES = 2 ** 20;

/** The API answered, but not with a 2xx. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;
  /** Names in lower case, for instance `retry-after`. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  constructor(request: string, status: number, headers: StatusError['headers'] = {}) {
    super(`${request} answered ${status}, expected 2xx`);
    this.status = status;
    this.headers = headers;
  }
}

export class Session implements AsyncDisposable {
  readonly #agent: Agent;
  readonly #origin: string;
  /** Stands before every path: that of the lane, or nothing. */
  readonly #base: string;
  readonly #timeoutMs: number;

  /** @throws {RangeError} if `timeoutMs` is not above 0; undici's own errors for the rest */
  constructor({ origin, connections, timeoutMs = TIMEOUT_MS }: SessionOptions) {
    if (!(timeoutMs > 0)) {
      throw new RangeError(`Expected timeoutMs to be milliseconds above 0, got ${String(timeoutMs)}.`);
    }
    const [, host, base = ''] = /^([a-z]+:\/\/[^/]*)(\/.*?)?\/?$/i.exec(origin) ?? [];
    // What is no URL is left to undici, which says so.
    this.#origin = host ?? origin;
    this.#base = base;
    this.#timeoutMs = timeoutMs;
    // undici's own timeouts are coarse, by up to a second; ours is exact and covers the body too.
    this.#agent = new Agent({
      connections,
      maxResponseSize: MAX_RESPONSE_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * GET `path` and parse its JSON.
   * @throws {StatusError} for an answer other than 2xx; a TimeoutError; the signal's reason; what undici or
   * JSON.parse throw
   */
  getJson(path: string, signal?: AbortSignal): Promise<Answer> {
    return this.#get(path, signal, async (answer, body) => ({ ...answer, body: await body.json() }));
  }

  /** GET `path` and keep its body as it came. @throws as `getJson` does, but for JSON.parse */
  getBytes(path: string, signal?: AbortSignal): Promise<RawAnswer> {
    return this.#get(path, signal, async (answer, body) => ({
      ...answer,
      bytes: new Uint8Array(await body.arrayBuffer()),
    }));
  }

  async #get<Output>(
    path: string,
    signal: AbortSignal | undefined,
    read: (answer: { url: string; status: number }, body: Dispatcher.ResponseData['body']) => Promise<Output>,
  ): Promise<Output> {
    signal?.throwIfAborted();
    const url = this.#origin + this.#base + path;
    // Not AbortSignal.timeout and any: their timers and followers would pile up, one of each for every request.
    const stop = new AbortController();
    using _ = signal && addAbortListener(signal, () => stop.abort(signal.reason));
    const timer = setTimeout(() => {
      stop.abort(new DOMException(`GET ${url} took over ${this.#timeoutMs} ms`, 'TimeoutError'));
    }, timerLength(this.#timeoutMs));
    try {
      const response = await this.#agent.request({
        origin: this.#origin,
        path: this.#base + path,
        method: 'GET',
        signal: stop.signal,
      });
      const { statusCode: status, headers, body } = response;
      if (status >= 200 && status <= 299) return await read({ url, status }, body);
      // Read or dump, always: a body that nobody consumes keeps its connection from being used again.
      await body.dump();
      throw new StatusError(`GET ${url}`, status, headers);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends at once, also what is still in flight: whoever leaves the block by an error must not wait for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}
