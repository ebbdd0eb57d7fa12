// With --keep the map of keep.cjs holds every pending promise. This reads that map, and finds the functions that only
// the map holds: nothing in the program can wake them any more.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Finding } from './findings.ts';
import type { AwaitGraph } from './graph.ts';
import type { NodeIndex, Place, Snapshot } from './snapshot.ts';

export const KEEP_FILE = fileURLToPath(new URL('keep.cjs', import.meta.url));
const PRICE_FILE = fileURLToPath(new URL('keep-price.cjs', import.meta.url));

/** What keep.cjs tells of itself. */
export interface KeptCounts {
  readonly made: number;
  readonly pending: number;
  readonly nowMs: number;
}

export const KEPT_SOURCE = `globalThis[Symbol.for('async-workbench.kept')]?.()`;

/**
 * When each kept promise was made, on the target's clock. After this call the map does not count as a holder any more.
 */
export function readKept(heap: Snapshot): ReadonlyMap<NodeIndex, number> {
  const births = new Map<NodeIndex, number>();
  for (const map of heap.objectsNamed(/^AwaitingKept$/)) {
    const table = heap.follow(map, 'internal', 'table');
    if (table === undefined) continue;
    heap.forget(table);
    const slots = new Map([...heap.edges(table)].map(({ name, to }) => [Number(name), to]));
    for (const [slot, promise] of slots) {
      const tick = slots.get(slot + 1);
      if (tick !== undefined && /^\d+$/.test(heap.name(tick))) births.set(promise, Number(heap.name(tick)));
    }
  }
  return births;
}

/** How long ago each function was called: its promise was made then. */
export function callAges(
  { functions }: AwaitGraph,
  births: ReadonlyMap<NodeIndex, number>,
  nowMs: number,
): Map<NodeIndex, number> {
  const ages = new Map<NodeIndex, number>();
  for (const { node, results } of functions.values()) {
    const made = results.flatMap((result) => births.get(result) ?? []);
    if (made.length > 0) ages.set(node, Math.max(0, nowMs - Math.min(...made)));
  }
  return ages;
}

/** Functions that would be garbage without --keep. */
export function lostFindings(
  heap: Snapshot,
  { functions }: AwaitGraph,
  show: (place: Place) => string,
  isOwn: (scriptId: string) => boolean,
): Finding[] {
  const isReachable = heap.reachable();
  const lost = [...functions.values()].filter(
    ({ node, definition }) => definition && isOwn(definition.scriptId) && !isReachable(node),
  );
  const groups = Map.groupBy(lost, ({ name, definition }) => `${name} ${show(definition!)}`);
  return [...groups.values()].map((equal) => ({
    kind: 'lost',
    name: equal[0]!.name || '(anonymous)',
    count: equal.length,
    defined: show(equal[0]!.definition!),
  }));
}

export interface KeepPrice {
  /** CPU time of one awaited call. */
  readonly withoutUs: number;
  readonly withUs: number;
  /** Of the map, for each promise that is pending. */
  readonly bytes: number;
}

export async function measureKeep(signal: AbortSignal): Promise<KeepPrice> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PRICE_FILE], { signal });
  return JSON.parse(stdout) as KeepPrice;
}
