// Starts the API server in a process of its own and knows what it saw.
import { startChild, type ChildOptions } from '../child.ts';
import type { Conditions } from './conditions.ts';
import type { Stats } from './counters.ts';
import { Session } from './session.ts';

export interface RunningApi extends AsyncDisposable {
  readonly origin: string;
  stats(): Promise<Stats>;
  resetStats(): Promise<void>;
}

/** The API under `conditions` on a free port of 127.0.0.1. Disposing or aborting ends its process. */
export async function startApi(conditions: Conditions, options: ChildOptions = {}): Promise<RunningApi> {
  await using resources = new AsyncDisposableStack();
  const child = resources.use(
    startChild(new URL('./serve-process.ts', import.meta.url), conditions, options),
  );
  const { origin } = await child.receive<{ origin: string }>();
  const session = resources.use(new Session({ origin, connections: 1 }));
  const owned = resources.move();
  return {
    origin,
    stats: async () => (await session.getJson('/stats')).body as Stats,
    resetStats: () => session.delete('/stats'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
