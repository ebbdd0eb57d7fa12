// A first look at the reader's own work, in a process of its own: what it has to do, and whether a task waits or computes.
import { startChild, ChildError } from '../child.ts';
import type { OwnJobSettings } from '../jobs/job.ts';
import { OwnWorkError } from '../jobs/own-work.ts';
import { trialEnvironment } from './compile-cache.ts';
import { DeadlineError, inTime } from './deadline.ts';
import type { Probe } from './nature.ts';

export interface ProbeSettings {
  readonly job: OwnJobSettings;
  /** The most tasks to run. */
  readonly tasks: number;
  /** Whether inputs and results will go through a queue, which carries only JSON. */
  readonly isForQueue?: boolean;
}

/** What is known before the first task is called. */
export interface Found {
  /** Inputs that were drawn, as many as were asked for at most. */
  readonly inputs: number;
  /** How many inputs there are in all; undefined if that is not known. */
  readonly inAll?: number | undefined;
  /** Why the inputs cannot be sent to a thread, if so. */
  readonly notForThreads?: string;
  /** Why they cannot go through a queue, if so. */
  readonly notForQueues?: string;
}

/** What the process says, message by message. */
export type ProbeMessage =
  | { readonly doing: string }
  | { readonly found: Found }
  | { readonly failure: string }
  /** A result cannot go through a queue. */
  | { readonly unfit: string }
  | { readonly probe: Probe }
  | { readonly error: string };

/** A module that has been looked at and waits. */
export interface StartedProbe extends AsyncDisposable {
  readonly found: Found;
  /** Runs a few tasks. @throws {OwnWorkError} if the module ends its process, hangs, or nothing of it succeeds */
  run(): Promise<Tried>;
}

/** What a few tasks told. */
export interface Tried {
  readonly probe: Probe;
  /** Why what they returned cannot go through a queue, if so. */
  readonly unfitForQueues?: string;
}

/** Tasks that are run one at a time to see what they spend their time on. */
export const PROBE_TASKS = 10;

/**
 * How long we wait after the time limit of a task, in milliseconds. A task has a second to stop at its signal, and a busy
 * machine gets some more.
 */
const SLACK_MS = 5000;

/** @throws {OwnWorkError} if the module cannot be loaded or does not keep the contract; the signal's reason */
export async function startProbe(
  settings: ProbeSettings,
  signal?: AbortSignal,
  slackMs = SLACK_MS,
): Promise<StartedProbe> {
  const { job } = settings;
  const child = startChild(new URL('./probe-process.ts', import.meta.url), settings, {
    signal,
    env: trialEnvironment(),
  });
  let doing = 'while it was loaded';
  const failures: string[] = [];
  let unfit: string | undefined;

  /** The next message that is an answer. */
  async function answer(): Promise<Extract<ProbeMessage, { found: Found } | { probe: Probe }>> {
    while (true) {
      const message = await next();
      if ('doing' in message) doing = message.doing;
      else if ('failure' in message) failures.push(message.failure);
      else if ('unfit' in message) unfit ??= message.unfit;
      else if ('error' in message) throw new OwnWorkError(message.error);
      else return message;
    }
  }

  async function next(): Promise<ProbeMessage> {
    const ms = job.timeoutMs + slackMs;
    try {
      return await inTime({ ms, expectedMs: job.timeoutMs, signal }, () => child.receive<ProbeMessage>());
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof DeadlineError) {
        throw new OwnWorkError(`did not come back ${doing}, not within ${job.timeoutMs} ms (--timeout)`);
      }
      if (error instanceof ChildError) {
        const hint = /exit code \d+$/.test(error.message) ? '; does it call process.exit?' : '';
        throw new OwnWorkError(`${doing} ${error.message}${hint}`, { cause: error });
      }
      throw error;
    }
  }

  try {
    const first = await answer();
    if (!('found' in first)) throw new TypeError('probe: expected what was found before any task was run');
    return {
      found: first.found,
      async run() {
        child.send({});
        const last = await answer();
        if (!('probe' in last)) throw new TypeError('probe: expected what the tasks told');
        if (failures.length === last.probe.tasks) {
          throw new OwnWorkError(`every one of the first ${failures.length} tasks failed: ${failures[0]}`);
        }
        return { probe: last.probe, ...(unfit !== undefined && { unfitForQueues: unfit }) };
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }

  async function end(): Promise<void> {
    await child[Symbol.asyncDispose]();
  }
}
