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
  constructor(url: string, status: number) {
    super(`GET ${url} answered ${status}, expected 2xx`);
    this.status = status;
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
    const url = this.#origin + path;
    const { statusCode, body } = await this.#agent.request({
      origin: this.#origin,
      path,
      method: 'GET',
      ...(signal && { signal }),
    });
    // Read or dump, always: a body that nobody consumes keeps its connection from being used again.
    if (statusCode < 200 || statusCode > 299) {
      await body.dump();
      throw new StatusError(url, statusCode);
    }
    return { url, status: statusCode, body: await body.json() };
  }

  /** Ends at once, also what is still in flight: whoever leaves the block by an error must not wait for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}
