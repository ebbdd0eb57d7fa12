// Lets a program in another language or another runtime send requests, or compute. All such programs get the same settings and
// give the same answers. All are checked in the same way: a program that does less work than the others has failed.
import { INSTANT } from '../../src/api/conditions.ts';
import { orderOf } from '../../src/api/orders.ts';
import { expectedChecksum } from '../../src/jobs/price-order.ts';
import { count } from '../../src/report/units.ts';
import type { Context } from '../suite.ts';
import { expectSeen, quickApi } from '../trial.ts';
import { ask, type Program } from './foreign.ts';
import type { Computed, Sent } from './language.ts';
import { CONDITIONS } from './waiting.ts';

/** What a program that sends requests is told. It asks for `/orders/1` to `/orders/N`, and reads each body to its end. */
export interface SendSettings {
  readonly origin: string;
  readonly requests: number;
  /**
   * Requests before the clock starts, so that connections are open and code is compiled. The program sends them as it sends the
   * timed ones, in runs of at most as many. Then it says that it is ready, and waits for the start.
   */
  readonly warmup: number;
  /** The most in flight; null where nothing limits them. */
  readonly atOnce: number | null;
}

/** The program measures its time and its CPU time, from the end of the warm-up until the last body is read. */
export interface SendAnswer {
  readonly timeMs: number;
  readonly cpuMs: number;
  /** The length of all bodies of the timed run. */
  readonly bytes: number;
}

export interface SendAsk {
  readonly requests: number;
  readonly warmup: number;
  readonly atOnce: number | 'all';
  /** Settings for this program alone. */
  readonly more?: object;
}

export async function sendBy(program: Program, size: SendAsk, context: Context): Promise<Sent> {
  const { requests, warmup } = size;
  const api = await quickApi(context);
  const settings: SendSettings = {
    ...size.more,
    origin: api.origin,
    requests,
    warmup,
    atOnce: size.atOnce === 'all' ? null : size.atOnce,
  };
  let baselineMiB: number | undefined;
  await api.behave(INSTANT);
  const { answer, peakMiB } = await ask<SendAnswer>(program, settings, context.signal, async (ready) => {
    baselineMiB = ready.baselineMiB;
    expectSeen(warmup, (await api.stats()).completed);
    // A case past its deadline leaves the API alone. The next case may have told it already to answer at once.
    context.signal.throwIfAborted();
    await api.behave(CONDITIONS);
  });
  const { completed, peakInFlight } = await api.stats();
  expectSeen(requests, completed);
  const bytes = bytesOf(requests);
  if (answer.bytes !== bytes) throw new Error(`expected ${bytes} bytes in all bodies, got ${answer.bytes}`);
  return { timesMs: [answer.timeMs], cpuMs: answer.cpuMs, peakMiB, baselineMiB, peakInFlight };
}

/** The length of the bodies of orders 1 to `requests` together. */
export function bytesOf(requests: number): number {
  let bytes = 0;
  for (let id = 1; id <= requests; id++) bytes += Buffer.byteLength(JSON.stringify(orderOf(id)));
  return bytes;
}

/** What a program that computes is told. It prices orders 1 to N, as src/jobs/price-order.ts does. */
export interface ComputeSettings {
  readonly tasks: number;
  readonly rounds: number;
  /** Threads or processes. */
  readonly workers: number;
  /** Tasks before the clock starts. Where it is absent, the program itself knows how many it takes. */
  readonly warmup?: number;
}

export interface ComputeAnswer {
  readonly timeMs: number;
  /** CPU time of all workers together. */
  readonly cpuMs: number;
  /** One for each task: proof that the work was done. */
  readonly checksums: readonly number[];
}

export async function computeBy(
  program: Program,
  settings: ComputeSettings,
  { signal }: Context,
): Promise<Computed> {
  const { answer, peakMiB } = await ask<ComputeAnswer>(program, settings, signal);
  const { tasks, rounds } = settings;
  const expected = Array.from({ length: tasks }, (_, index) => expectedChecksum(index + 1, rounds));
  if (!expected.every((checksum, index) => checksum === answer.checksums[index])) {
    throw new Error(`expected the checksums of ${count(tasks, 'task')} of ${rounds} rounds, got others`);
  }
  return { timesMs: [answer.timeMs], cpuMs: answer.cpuMs, peakMiB };
}
