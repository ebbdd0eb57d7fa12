// The price of durability: what a job costs more when it goes through a queue on a database than when the same work is done
// in memory, with as much at once.
import { isMeasured, type Comparison, type Durability, type Row } from './comparison.ts';
import { apart } from './statistics.ts';

/**
 * What a job costs more through the queue. Undefined unless the two times leave no doubt that it costs more, and where
 * nothing in memory was measured that has as much at once.
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

/** The approach that does in memory what the queue does: lanes for work that waits, threads for work that computes. */
function inMemory(comparison: Comparison): Row['approach'] | undefined {
  const { threads, workers } = comparison;
  const nature = comparison.kind === 'own' ? comparison.nature : NATURES[comparison.kind];
  if (nature === 'waits') return 'bounded-pool';
  return nature === 'computes' && threads === workers ? 'worker-threads' : undefined;
}

const NATURES = { io: 'waits', cpu: 'computes' } as const;
