// As much of a Request as handlers read, made from what Node's server read. To build a real Request, and the copy that
// msw makes of every one, would cost more than the handler's own work.

/** Has no body: no handler reads one. Methods of Request that are not here would throw. */
class IncomingRequest {
  readonly method: string;
  readonly url: string;
  /**
   * Aborts when the client goes away. A real Request would follow this signal through a weak reference, and after a
   * garbage collection a handler that waits for nothing else would never hear of it.
   */
  readonly signal: AbortSignal;
  readonly #fields: Record<string, string>;
  #headers: Headers | undefined;

  constructor(method: string, url: string, fields: Record<string, string>, signal: AbortSignal) {
    this.method = method;
    this.url = url;
    this.signal = signal;
    this.#fields = fields;
  }

  get headers(): Headers {
    this.#headers ??= new Headers(this.#fields);
    return this.#headers;
  }

  get credentials(): Request['credentials'] {
    return 'same-origin';
  }

  /** Nothing in it can change or be used up, so the copy may be the same object. */
  clone(): this {
    return this;
  }
}
Object.setPrototypeOf(IncomingRequest.prototype, Request.prototype);

/** A request with `fields` in its header, whose client has gone away once `signal` aborts. */
export function incomingRequest(
  method: string,
  url: string,
  fields: NodeJS.Dict<string | string[]>,
  signal: AbortSignal,
): Request {
  return new IncomingRequest(method, url, fields as Record<string, string>, signal) as unknown as Request;
}
