// `save`: the article's program for real. It fetches orders into a folder through a bounded pool. You may kill it at any
// moment: started again, it goes on where it stopped.
import { access, constants } from 'node:fs/promises';
import { startApi } from '../api/start.ts';
import { boundedPool } from '../approaches/bounded-pool.ts';
import { outputIsNotAll, type Result } from '../command-line.ts';
import { openJob } from '../jobs/open.ts';
import { FailureCounts } from '../running/failures.ts';
import { recorded, type Span } from '../running/recorded.ts';
import type { SavedOrder } from '../jobs/save-order.ts';
import { progressLine } from '../progress.ts';
import { count } from '../report/units.ts';
import { makeFolder } from '../files/make-folder.ts';
import { typedPath } from '../files/typed-path.ts';
import { removeUnfinished } from '../files/whole-file.ts';
import { print } from '../output.ts';
import { oneLine } from '../printable.ts';
import { UsageError } from '../usage-error.ts';
import { conditionsOf, type ConditionFlags } from './condition-flags.ts';

export interface SaveFlags extends ConditionFlags {
  readonly folder: string;
  readonly origin?: string;
  readonly requests: number;
  readonly concurrency: number;
  readonly timeout: number;
  readonly retries: number;
}

export async function runSave(signal: AbortSignal, flags: SaveFlags): Promise<Result> {
  // What it prints is an extra: the orders are in their files.
  outputIsNotAll();
  const { requests, concurrency } = flags;
  const folder = typedPath(flags.folder);
  await makeReady(folder, flags.folder);
  const conditions = conditionsOf(flags);
  await using resources = new AsyncDisposableStack();
  const origin = flags.origin ?? resources.use(await startApi(conditions, { signal })).origin;
  const retries = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(flags.retries);
  const job = resources.use(
    await openJob({
      kind: 'io',
      job: 'save-order',
      network: 'loopback',
      origin,
      connections: concurrency,
      conditions,
      folder,
      resume: true,
      timeoutMs: flags.timeout,
      ...(flags.retries > 0 && { retries: retries.buffer }),
    }),
  );
  using progress = progressLine();
  const startMs = performance.now();
  const tally = { saved: 0, kept: 0, failed: 0 };
  const failures = new FailureCounts();
  const save = recorded(job.task);
  const summary = () => summaryOf(tally, flags.folder);
  const saving = boundedPool(
    orderIds(requests),
    async (id, inner) => {
      const { span, value } = await save(id, inner);
      inner?.throwIfAborted();
      failures.add(span);
      tally[kindOf(span, value as SavedOrder)]++;
      const done = tally.saved + tally.kept + tally.failed;
      const leftMs = ((performance.now() - startMs) / done) * (requests - done);
      if (done < requests) progress.show({ doing: `order ${id}`, done, total: requests, leftMs });
    },
    { concurrency, signal },
  );
  try {
    await saving;
  } catch (error) {
    progress.clear();
    // No saved order is lost. Whoever pressed Ctrl-C wants to know how to go on.
    if (signal.aborted)
      process.stderr.write(`interrupted: ${summary()}; the same command goes on from there\n`);
    throw error;
  }
  progress.clear();
  print([summary(), ...failures.texts().map((text) => `  ${oneLine(text)}`)]);
  return tally.failed === 0 ? 'done' : 'failed';
}

/** What became of the orders. `folder` is as it was typed. */
export const summaryOf = (
  { saved, kept, failed }: { readonly saved: number; readonly kept: number; readonly failed: number },
  folder: string,
): string => `${count(saved, 'order')} saved to ${oneLine(folder)}, ${kept} kept, ${failed} failed`;

function kindOf({ error }: Span, saved: SavedOrder): 'saved' | 'kept' | 'failed' {
  if (error !== undefined) return 'failed';
  return saved.status === 'kept' ? 'kept' : 'saved';
}

/** Makes the folder if it is missing, and removes what is half-written. Its parent must be there already. */
export async function makeReady(folder: string, typed: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
    await removeUnfinished(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--folder: expected a folder that can be written to, inside a folder that exists, got ${typed} (${code})`,
    );
  }
}

export function* orderIds(last: number): Generator<number> {
  for (let id = 1; id <= last; id++) yield id;
}
