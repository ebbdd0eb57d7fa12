// The one list of pitfalls, in reading order. The first three are the article's. The command line, README.md and the
// tests walk it. A name is the name of its file, so readers type what they open.
import type { Pitfall } from './frame/pitfall.ts';

const PITFALLS = {
  'blocking-call': () => import('./blocking-call.ts'),
  'floating-promise': () => import('./floating-promise.ts'),
  'sync-over-async': () => import('./sync-over-async.ts'),
  'for-each-async': () => import('./for-each-async.ts'),
  'await-in-loop': () => import('./await-in-loop.ts'),
  'all-keeps-running': () => import('./all-keeps-running.ts'),
  'all-hides-errors': () => import('./all-hides-errors.ts'),
  'staggered-await': () => import('./staggered-await.ts'),
  unbounded: () => import('./unbounded.ts'),
  'endless-queue': () => import('./endless-queue.ts'),
  waves: () => import('./waves.ts'),
  'stream-map-stops': () => import('./stream-map-stops.ts'),
  'lane-after-failure': () => import('./lane-after-failure.ts'),
  'thread-pool-starvation': () => import('./thread-pool-starvation.ts'),
  'microtask-starvation': () => import('./microtask-starvation.ts'),
  'lost-update': () => import('./lost-update.ts'),
  'cache-stampede': () => import('./cache-stampede.ts'),
  'nested-pool': () => import('./nested-pool.ts'),
  'transaction-held': () => import('./transaction-held.ts'),
  'worker-waits-worker': () => import('./worker-waits-worker.ts'),
  'workers-for-io': () => import('./workers-for-io.ts'),
  'clone-cost': () => import('./clone-cost.ts'),
  'return-without-await': () => import('./return-without-await.ts'),
  'abort-listeners': () => import('./abort-listeners.ts'),
  'race-timeout': () => import('./race-timeout.ts'),
  'dangling-test': () => import('./dangling-test.ts'),
  'async-predicate': () => import('./async-predicate.ts'),
  'async-executor': () => import('./async-executor.ts'),
  'async-listener': () => import('./async-listener.ts'),
  'context-lost': () => import('./context-lost.ts'),
  'mock-in-worker': () => import('./mock-in-worker.ts'),
} satisfies Record<string, () => Promise<{ readonly pitfall: Pitfall }>>;

export type PitfallName = keyof typeof PITFALLS;

export const NAMES = Object.keys(PITFALLS) as PitfallName[];

export function isPitfall(name: string): name is PitfallName {
  return Object.hasOwn(PITFALLS, name);
}

export async function load(name: PitfallName): Promise<Pitfall> {
  const { pitfall } = await PITFALLS[name]();
  return pitfall;
}
