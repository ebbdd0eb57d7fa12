// Starts the API server in a process of its own and asks it what it saw. The questions go over the process's message
// channel and not over HTTP: with no local port left, or with every socket taken by the run, a question over HTTP
// would fail and take with it what was measured.
import { ChildError, flagsForPlainHttp, startChild, type ChildOptions } from '../child.ts';
import type { Conditions } from './conditions.ts';
import type { Stats } from './counters.ts';
import type { LaneBatch } from './lanes.ts';

/** What the API saw since the last reset, and what that cost it. */
export interface ApiStats extends Stats {
  /** Connections accepted since the process began; a reset does not change it. */
  readonly sockets: number;
  /** CPU time of the API's process since the last reset, in milliseconds. */
  readonly cpuMs: number;
}

/** What the process is told when it starts. */
export interface ApiSettings {
  readonly conditions: Conditions;
  /** Without it, any free one. */
  readonly port?: number;
  readonly tellsLanes: boolean;
}

/** What can be asked of the process. */
export type ApiQuestion =
  { readonly ask: 'stats' | 'reset' } | { readonly ask: 'behave'; readonly conditions: Conditions };

export interface ApiProcess extends AsyncDisposable {
  /** For instance `http://127.0.0.1:40123`. */
  readonly origin: string;
  hasEnded(): boolean;
  /** @throws {ChildError} if the API's process has ended; the signal's reason */
  stats(): Promise<ApiStats>;
  /** Counts requests and CPU time anew, and returns what it counts now: requests in flight stay in flight. */
  reset(): Promise<ApiStats>;
  /** From now on new requests meet other conditions. Counts anew, as `reset` does. */
  behave(conditions: Conditions): Promise<ApiStats>;
}

export interface StartOptions extends ChildOptions {
  /** Without it, any free one. */
  readonly port?: number;
  /** Is handed what happens in the lanes. All that went before an answer to a question arrives before that answer. */
  readonly onLanes?: (batch: LaneBatch) => void;
}

/**
 * Starts the API under `conditions` on 127.0.0.1. Disposing or aborting ends its process.
 * @throws {ChildError} if the process ends before it listens; the signal's reason
 */
export async function startApi(conditions: Conditions, options: StartOptions = {}): Promise<ApiProcess> {
  await using resources = new AsyncDisposableStack();
  const { port, onLanes, ...childOptions } = options;
  const settings: ApiSettings = {
    conditions,
    tellsLanes: onLanes !== undefined,
    ...(port !== undefined && { port }),
  };
  const child = resources.use(
    startChild(new URL('./serve-process.ts', import.meta.url), settings, {
      execArgv: flagsForPlainHttp(childOptions.env),
      ...childOptions,
      onMessage(message) {
        const lanes = (message as { readonly lanes?: LaneBatch }).lanes;
        if (lanes) onLanes?.(lanes);
        return lanes !== undefined;
      },
    }),
  );
  const receive = <Message>(): Promise<Message> =>
    child.receive<Message>().catch((error: unknown) => {
      throw error instanceof ChildError ? new ChildError(`the API: ${error.message}`) : error;
    });
  const { origin } = await receive<{ origin: string }>();
  // One question at a time, or two who ask at once could get each other's answers.
  let lastAnswer: Promise<unknown> = Promise.resolve();
  const ask = (question: ApiQuestion): Promise<ApiStats> => {
    const answer = lastAnswer.then(() => {
      child.send(question);
      return receive<ApiStats>();
    });
    lastAnswer = answer.catch(() => {});
    return answer;
  };
  const owned = resources.move();
  return {
    origin,
    hasEnded: () => child.hasEnded(),
    stats: () => ask({ ask: 'stats' }),
    reset: () => ask({ ask: 'reset' }),
    behave: (next) => ask({ ask: 'behave', conditions: next }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
