// `api`: the mocked API for curl, or for a client in any language.
import { once } from 'node:events';
import { Counters } from '../api/counters.ts';
import { serve } from '../api/serve.ts';
import type { Result } from '../command-line.ts';
import { UsageError } from '../usage-error.ts';
import { conditionsOf, type ConditionFlags } from './condition-flags.ts';

export interface ApiFlags extends ConditionFlags {
  readonly port: number;
}

export async function runApi(signal: AbortSignal, flags: ApiFlags): Promise<Result> {
  const { port, latency, stoves, rate } = flags;
  const counters = new Counters();
  await using server = await serve({ conditions: conditionsOf(flags), counters, port }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
      throw new UsageError(
        `port ${port} cannot be used (${error.code}); choose another, or 0 for any free one`,
      );
    },
  );
  process.stdout.write(
    `orders on ${server.origin}, ${latency} ms each; try curl ${server.origin}/orders/7\n`,
  );
  if (!signal.aborted) await once(signal, 'abort');
  const { completed, aborted, refused } = counters.read();
  const limits = stoves || rate ? `, refused ${refused}` : '';
  process.stderr.write(`served ${completed - refused}, aborted ${aborted}${limits}\n`);
  return 'done';
}
