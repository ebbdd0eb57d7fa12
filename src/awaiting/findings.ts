// What is wrong in the process. The graph proves every finding, and none is a guess.
import type { AwaitGraph, SuspendedFunction } from './graph.ts';
import type { NodeIndex, Place, Snapshot } from './snapshot.ts';

export type Finding =
  /** Each function of the path waits for the next. `at` is where the first is defined. With `unlessFails` another member of a Promise.all could end it by failing. */
  | {
      readonly kind: 'deadlock';
      readonly path: readonly string[];
      readonly at: string;
      readonly unlessFails?: true;
    }
  /** Nothing holds its promise: nobody can await it any more. */
  | FunctionFinding<'never awaited'>
  /** `by` holds its promise, and awaits something else: if it fails now, nobody handles that. */
  | (FunctionFinding<'not awaited yet'> & { readonly by: string })
  /** Those who waited for it have got their answer from another, by Promise.race or by a failure in Promise.all. */
  | FunctionFinding<'abandoned'>
  /** With --keep: nothing in the program holds what could wake it. */
  | FunctionFinding<'lost'>
  /** Nothing keeps the process alive, and its top level is unsettled: Node ends it with exit code 13. */
  | { readonly kind: 'ends with 13' }
  /** More operations than threads: the others wait in libuv's queue. */
  | { readonly kind: 'thread pool full'; readonly operations: number; readonly threads: number };

interface FunctionFinding<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
  readonly count: number;
  readonly defined: string;
}

interface FindingOptions {
  readonly functions: readonly SuspendedFunction[];
  readonly isOwn: (node: NodeIndex) => boolean;
  readonly nameOf: (node: NodeIndex) => string;
  readonly show: (place: Place) => string;
  readonly threadPoolSize: number;
}

/** Objects that stand for one operation of the thread pool while it runs. */
const POOL_OPERATION =
  /^(?:FSReqCallback|FSReqPromise|FileHandleCloseReq|GetAddrInfoReqWrap|GetNameInfoReqWrap|\w+Job)$/;

export function findingsOf(
  heap: Snapshot,
  graph: AwaitGraph,
  { functions, isOwn, nameOf, show, threadPoolSize }: FindingOptions,
): { readonly findings: Finding[]; readonly cycles: readonly (readonly NodeIndex[])[] } {
  const cycles = findCycles().toSorted(([one], [other]) => (isBefore(one!, other!) ? -1 : 1));
  const held = heldByFunctions();
  return {
    cycles,
    findings: [
      ...cycles.map(deadlock),
      ...threadPool(),
      ...grouped('never awaited', isNeverAwaited),
      ...notAwaitedYet(),
      ...grouped('abandoned', ({ results }) => results.some(graph.isAbandoned)),
    ],
  };

  /** The functions that must all end before this function goes on, whatever promises lie between. */
  function next(node: NodeIndex): NodeIndex[] {
    const found: NodeIndex[] = [];
    const seen = new Set<NodeIndex>();
    const visit = (promise: NodeIndex) => {
      if (seen.has(promise)) return;
      seen.add(promise);
      const known = graph.promises.get(promise);
      // Only edges that stand in a promise itself prove a deadlock. A function that holds a resolver may never call it.
      if (known?.producer !== undefined) found.push(known.producer);
      // Of any and race one member is enough: a cycle through them can still end.
      else if (known?.how && !['any', 'race'].includes(known.how)) known.sources.forEach(visit);
    };
    const awaits = graph.functions.get(node)?.awaits;
    if (awaits !== undefined) visit(awaits);
    return found;
  }

  function findCycles(): NodeIndex[][] {
    const state = new Map<NodeIndex, 'open' | 'done'>();
    const found: NodeIndex[][] = [];
    for (const { node } of functions) {
      if (state.has(node)) continue;
      const path: { node: NodeIndex; rest: NodeIndex[] }[] = [{ node, rest: next(node) }];
      state.set(node, 'open');
      while (path.length > 0) {
        const top = path.at(-1)!;
        const to = top.rest.pop();
        if (to === undefined) {
          state.set(top.node, 'done');
          path.pop();
        } else if (state.get(to) === 'open') {
          found.push(path.slice(path.findIndex((step) => step.node === to)).map((step) => step.node));
        } else if (!state.has(to)) {
          state.set(to, 'open');
          path.push({ node: to, rest: next(to) });
        }
      }
    }
    return found.map(fromFirst);
  }

  /**
   * The order of objects in a heap means nothing. So a path begins with the function that stands first in the source.
   */
  function fromFirst(cycle: NodeIndex[]): NodeIndex[] {
    const first = cycle.reduce((best, node) => (isBefore(node, best) ? node : best));
    const start = cycle.indexOf(first);
    return [...cycle.slice(start), ...cycle.slice(0, start)];
  }

  function isBefore(one: NodeIndex, other: NodeIndex): boolean {
    const ranks = ranksOf(one);
    const otherRanks = ranksOf(other);
    const at = ranks.findIndex((rank, index) => rank !== otherRanks[index]);
    return at >= 0 && ranks[at]! < otherRanks[at]!;
  }

  /** The numbers by which functions are ordered, the most important one first. */
  function ranksOf(node: NodeIndex): readonly number[] {
    const { definition, id } = graph.functions.get(node)!;
    return [Number(definition?.scriptId ?? 0), definition?.line ?? 0, definition?.column ?? 0, id];
  }

  function deadlock(cycle: readonly NodeIndex[]): Finding {
    const names = cycle.map((node) => nameOf(node));
    const isThroughAll = cycle.some((node, index) => passesAll(node, cycle[(index + 1) % cycle.length]!));
    return {
      kind: 'deadlock',
      path: [...names, names[0]!],
      at: placeIn(graph.functions.get(cycle[0]!)!),
      ...(isThroughAll ? { unlessFails: true } : {}),
    };
  }

  /** Whether every way from one function to the next leads through a Promise.all that waits for others too. */
  function passesAll(from: NodeIndex, to: NodeIndex): boolean {
    const seen = new Set<NodeIndex>();
    const reaches = (promise: NodeIndex | undefined): boolean => {
      if (promise === undefined || seen.has(promise)) return false;
      seen.add(promise);
      const known = graph.promises.get(promise);
      if (known?.producer !== undefined) return known.producer === to;
      if (!known?.how || (known.how === 'all' && known.sources.length > 1)) return false;
      return known.sources.some(reaches);
    };
    return !reaches(graph.functions.get(from)?.awaits);
  }

  function isNeverAwaited({ node, results, isModule, isGenerator }: SuspendedFunction): boolean {
    if (isModule || isGenerator || results.length === 0) return false;
    return results.every((result) => !graph.hasWaiter(result) && isHeldOnlyBy(result, node));
  }

  function isHeldOnlyBy(promise: NodeIndex, generator: NodeIndex): boolean {
    for (const { from } of heap.holders(promise)) if (from !== generator) return false;
    return true;
  }

  /** For each promise that lies among the local variables of a suspended function, or in an array there: that function. */
  function heldByFunctions(): Map<NodeIndex, NodeIndex> {
    const holders = new Map<NodeIndex, NodeIndex>();
    for (const { node } of functions) {
      if (!isOwn(node)) continue;
      const registers = heap.follow(node, 'internal', 'parameters_and_registers');
      if (registers === undefined) continue;
      for (const { type, to } of heap.edges(registers)) {
        if (type !== 'internal') continue;
        holders.set(to, node);
        if (heap.name(to) !== 'Array') continue;
        for (const element of heap.edges(to)) if (element.type === 'element') holders.set(element.to, node);
      }
    }
    return holders;
  }

  function notAwaitedYet(): Finding[] {
    const byOf = ({ results, node }: SuspendedFunction) => {
      const holders = results.map((result) => held.get(result));
      const holder = holders.find((each) => each !== undefined && each !== node);
      return results.some(graph.hasWaiter) ? undefined : holder;
    };
    const found = functions.filter((each) => isOwn(each.node) && byOf(each) !== undefined);
    const groups = Map.groupBy(found, (each) => `${byOf(each)} ${placeIn(each)}`);
    return [...groups.values()].map((equal) => ({
      kind: 'not awaited yet',
      ...described(equal),
      by: nameOf(byOf(equal[0]!)!),
    }));
  }

  function grouped<Kind extends 'never awaited' | 'abandoned'>(
    kind: Kind,
    isSo: (each: SuspendedFunction) => boolean,
  ): FunctionFinding<Kind>[] {
    const found = functions.filter((each) => isOwn(each.node) && isSo(each));
    const groups = Map.groupBy(found, (each) => `${nameOf(each.node)} ${placeIn(each)}`);
    return [...groups.values()].map((equal) => ({ kind, ...described(equal) }));
  }

  function described(equal: readonly SuspendedFunction[]) {
    const [first] = equal;
    return { name: nameOf(first!.node), count: equal.length, defined: placeIn(first!) };
  }

  function placeIn({ definition }: SuspendedFunction): string {
    return definition ? show(definition) : '?';
  }

  function threadPool(): Finding[] {
    let operations = 0;
    for (const node of heap.objectsNamed(POOL_OPERATION)) if (isRunning(node)) operations++;
    return operations > threadPoolSize
      ? [{ kind: 'thread pool full', operations, threads: threadPoolSize }]
      : [];
  }

  /** While the operation runs, Node itself holds its object. */
  function isRunning(node: NodeIndex): boolean {
    for (const { from } of heap.holders(node)) {
      if (heap.type(from) === 'native' || heap.type(from) === 'synthetic') return true;
    }
    return false;
  }
}
