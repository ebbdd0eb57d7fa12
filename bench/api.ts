// The API for a suite: one process for each set of conditions, asked before and after every trial.
import type { Conditions } from '../src/api/conditions.ts';
import type { Stats } from '../src/api/counters.ts';
import { startChild } from '../src/child.ts';

export interface ApiLoad extends Stats {
  /** Connections accepted since the process began. */
  readonly sockets: number;
  /** CPU time of the API's process since the last reset. */
  readonly cpuMs: number;
}

export interface WatchedApi extends AsyncDisposable {
  readonly origin: string;
  read(): Promise<ApiLoad>;
  /** Counts requests and CPU time anew, and says what it counts now. */
  reset(): Promise<ApiLoad>;
}

export async function watchApi(conditions: Conditions, signal: AbortSignal): Promise<WatchedApi> {
  await using resources = new AsyncDisposableStack();
  const child = resources.use(
    startChild(new URL('./api-process.ts', import.meta.url), conditions, { signal }),
  );
  const { origin } = await child.receive<{ origin: string }>();
  const owned = resources.move();
  const ask = (what: 'read' | 'reset') => {
    child.send({ ask: what });
    return child.receive<ApiLoad>();
  };
  return {
    origin,
    read: () => ask('read'),
    reset: () => ask('reset'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
