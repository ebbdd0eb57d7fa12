// The client's side of the API: one undici Agent with its limit of connections, as a resource that closes
// itself. It is what aiohttp calls a ClientSession.
import { Agent } from 'undici';

export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

export interface SessionOptions {
  /** Scheme, host and port, for instance `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** The most sockets at once. Without a limit undici opens up to two for each request in flight. */
  readonly connections: number;
}

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

  constructor({ origin, connections }: SessionOptions) {
    this.#origin = origin;
    this.#agent = new Agent({ connections, maxResponseSize: MAX_RESPONSE_BYTES });
  }

  /**
   * GET `path` and parse its JSON.
   * @throws {StatusError} for an answer other than 2xx; whatever undici or JSON.parse throw; the signal's reason
   */
  async getJson(path: string, signal?: AbortSignal): Promise<Answer> {
    const { url, status, body } = await this.#request('GET', path, signal);
    return { url, status, body: await body.json() };
  }

  /** DELETE `path`. @throws as `getJson` does */
  async delete(path: string): Promise<void> {
    const { body } = await this.#request('DELETE', path);
    await body.dump();
  }

  async #request(method: 'GET' | 'DELETE', path: string, signal?: AbortSignal) {
    const url = this.#origin + path;
    const {
      statusCode: status,
      headers,
      body,
    } = await this.#agent.request({
      origin: this.#origin,
      path,
      method,
      ...(signal && { signal }),
    });
    if (status >= 200 && status <= 299) return { url, status, body };
    // Read or dump, always: a body that nobody consumes keeps its connection from being used again.
    await body.dump();
    throw new StatusError(`${method} ${url}`, status, headers);
  }

  /** Ends at once, also what is still in flight: whoever leaves the block by an error must not wait for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}
