// The price of durability: the additional time of a job that goes through a queue on a database. It is compared with the same
// work in memory, with the same number of tasks at once.
import { isMeasured, type Comparison, type Durability, type Row } from './comparison.ts';
import { apart } from './statistics.ts';

/**
 * The additional time of a job through the queue. Undefined if the two times leave a doubt. Also undefined if no approach in
 * memory was measured with the same number of tasks at once.
 */
export function durabilityOf(comparison: Comparison): Durability | undefined {
  const { rows, requests } = comparison;
  const sound = rows.filter(isMeasured).filter(({ failed }) => failed === 0);
  const queue = sound.find((row) => row.queue);
  const beside = inMemory(comparison);
  const peer = sound.find(({ approach }) => approach === beside);
  if (!queue || !peer || !apart(queue.timeMs, peer.timeMs)) return undefined;
  const more = queue.timeMs.median - peer.timeMs.median;
  if (more <= 0) return undefined;
  return {
    beside: peer.approach,
    perJobMs: more / requests,
    madMs: (queue.timeMs.mad + peer.timeMs.mad) / requests,
  };
}

/** The approach that does the same in memory: lanes for work that waits, threads for work that computes. */
function inMemory(comparison: Comparison): Row['approach'] | undefined {
  const { threads, workers } = comparison;
  const nature = comparison.kind === 'own' ? comparison.nature : NATURES[comparison.kind];
  if (nature === 'waits') return 'bounded-pool';
  return nature === 'computes' && threads === workers ? 'worker-threads' : undefined;
}

const NATURES = { io: 'waits', cpu: 'computes' } as const;
