// `api`: the mocked API for curl, or for a client in any language.
import { once } from 'node:events';
import { Counters } from '../api/counters.ts';
import type { Conditions } from '../api/conditions.ts';
import type { Faults } from '../api/faults.ts';
import type { Rate, Stoves } from '../api/limits.ts';
import { serve } from '../api/serve.ts';
import type { Result } from '../command-line.ts';
import { UsageError } from '../usage-error.ts';

export interface ApiFlags {
  readonly port: number;
  readonly latency: number;
  readonly jitter: number;
  readonly seed: number;
  readonly faults?: Faults;
  readonly stoves?: Stoves;
  readonly rate?: Rate;
}

export async function runApi(
  signal: AbortSignal,
  { port, latency, jitter, seed, faults, stoves, rate }: ApiFlags,
): Promise<Result> {
  const counters = new Counters();
  const conditions: Conditions = {
    latencyMs: latency,
    jitterMs: jitter,
    seed,
    ...(faults && { faults }),
    ...(stoves && { stoves }),
    ...(rate && { rate }),
  };
  await using server = await serve({ conditions, counters, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    throw new UsageError(
      `port ${port} cannot be used (${error.code}); choose another, or 0 for any free one`,
    );
  });
  process.stdout.write(
    `orders on ${server.origin}, ${latency} ms each; try curl ${server.origin}/orders/7\n`,
  );
  if (!signal.aborted) await once(signal, 'abort');
  const { completed, aborted, refused } = counters.read();
  const limits = stoves || rate ? `, refused ${refused}` : '';
  process.stderr.write(`served ${completed - refused}, aborted ${aborted}${limits}\n`);
  return 'done';
}
