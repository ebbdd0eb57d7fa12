// Sends very many requests, some of which fail. Does memory grow? Do sockets pile up? Is every request accounted for?
import { startApi } from '../../src/api/start.ts';
import type { Faults } from '../../src/api/faults.ts';
import { Session } from '../../src/api/session.ts';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { collectGarbage } from '../../src/measure/garbage.ts';
import { FailureCounts } from '../../src/running/failures.ts';
import { recorded } from '../../src/running/recorded.ts';

const MIB = 2 ** 20;
/** After this part of the requests, code is compiled and buffers have their size. Growth counts from here. */
const WARM_UP = 0.2;
const SAMPLES = 20;

export interface EnduranceOptions {
  readonly requests: number;
  readonly concurrency: number;
  /** The patience with one request. */
  readonly timeoutMs: number;
  readonly faults: Faults;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

export interface Endurance {
  readonly ok: number;
  readonly failed: number;
  readonly failures: FailureCounts;
  /** What the API says: requests that arrived, and those that ended, whole or not. */
  readonly started: number;
  readonly ended: number;
  /** Heap and buffers after a collection, growth since the warm-up, in MiB. */
  readonly grownMiB: number;
  readonly grownResidentMiB: number;
  /** The most sockets this process held, at any of the samples after the warm-up. */
  readonly sockets: number;
}

export async function endure(options: EnduranceOptions): Promise<Endurance> {
  const { requests, concurrency, timeoutMs, faults, seed, signal, onProgress } = options;
  await using api = await startApi({ latencyMs: 1, jitterMs: 4, seed, faults }, { signal });
  await using session = new Session({ origin: api.origin, connections: concurrency, timeoutMs });
  const failures = new FailureCounts();
  let ok = 0;
  let failed = 0;
  let done = 0;
  /** The most that were open at any sample after the warm-up. */
  let sockets = 0;
  let warm: Memory | undefined;
  const fetchOrder = recorded((id, inner) => session.getJson(`/orders/${id}`, inner));
  const sampleEvery = Math.max(1, Math.floor(requests / SAMPLES));
  await boundedPool(
    ids(requests),
    async (id, inner) => {
      const { span } = await fetchOrder(id, inner);
      inner?.throwIfAborted();
      failures.add(span);
      if (span.error === undefined) ok++;
      else failed++;
      if (++done % sampleEvery !== 0) return;
      onProgress(done);
      if (done < requests * WARM_UP) return;
      warm ??= memory();
      sockets = Math.max(sockets, openSockets());
    },
    { concurrency, signal },
  );
  const before = warm ?? memory();
  const after = memory();
  const stats = await api.stats();
  return {
    ok,
    failed,
    failures,
    started: stats.started,
    ended: stats.completed + stats.aborted,
    grownMiB: after.heapMiB - before.heapMiB,
    grownResidentMiB: after.residentMiB - before.residentMiB,
    sockets,
  };
}

type Memory = ReturnType<typeof memory>;

function memory() {
  // Without it, growth would only show garbage.
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapMiB: (heapUsed + external) / MIB, residentMiB: rss / MIB };
}

const openSockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

function* ids(last: number): Generator<number> {
  for (let id = 1; id <= last; id++) yield id;
}
