// The door inside this thread: msw answers requests of undici, fetch and node:http before they reach a socket.
// Good for lessons, pitfalls and tests; a benchmark that used it would measure msw on the client's own CPU.
import { HttpRequestInterceptor } from '@mswjs/interceptors/http';
import { defineNetwork, InterceptorSource } from 'msw/experimental';
import { AsyncHandlersController } from 'msw/node';
import { ordersApi, type ApiOptions } from './handlers.ts';
import { enableInside } from './no-way-out.ts';
import type { RequestHandler } from 'msw';

export interface Interception extends Disposable {
  /** Puts handlers in front of the API's own, until the enclosing `boundary` or the interception ends. */
  use(...handlers: RequestHandler[]): void;
  /** Runs `body` so that the handlers it `use`s are its own, even beside tests that run at the same time. */
  boundary<Result>(body: () => Result): Result;
}

/**
 * Answers every request of this thread from the mocked API, and refuses those to any other host. A worker
 * thread or a child process has to call this itself.
 * @example using api = intercept({ conditions: INSTANT });
 */
export function intercept(options: ApiOptions): Interception {
  const controller = new AsyncHandlersController(ordersApi(options));
  // setupServer would do for fetch and node:http, but the undici package opens its own sockets past it.
  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
    handlers: controller,
    onUnhandledFrame: 'error',
    context: { quiet: true },
  });
  const enabled = enableInside(network);
  return {
    use: (...handlers) => network.use(...handlers),
    boundary: (body) => controller.boundary(body)(),
    [Symbol.dispose]: () => enabled[Symbol.dispose](),
  };
}
