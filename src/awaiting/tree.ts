// From the graph to trees: roots first, equal subtrees once, and what the graph proves to be wrong. All pure.
import type { AwaitGraph, Combinator } from './graph.ts';
import { leafOf, type Leaf } from './leaf.ts';
import type { NodeIndex, Place, Snapshot } from './snapshot.ts';

export type Branch = FunctionBranch | PromiseBranch | LeafBranch | CycleBranch;

export interface FunctionBranch {
  readonly kind: 'function';
  readonly name: string;
  readonly count: number;
  /** Where the await stands; undefined where it was not looked up. */
  readonly at: string | undefined;
  readonly defined: string;
  readonly locals?: readonly string[];
  /** The numbers by which the inspector knows the functions that this branch stands for. */
  readonly ids: readonly number[];
  /** At how many of them `at` was seen; what all of those agree on is taken for the others of the same kind. */
  readonly lookedUp: number;
  /** How old the oldest of them is; undefined where nobody knows. */
  readonly ageMs?: number;
  readonly below: readonly Branch[];
}

export interface PromiseBranch {
  readonly kind: 'promise';
  readonly how: Combinator | 'settled by';
  readonly handler: string;
  readonly count: number;
  readonly below: readonly Branch[];
}

export interface LeafBranch {
  readonly kind: 'leaf';
  readonly waitsFor: string;
  readonly count: number;
}

/** A function that this branch already stands below of: it waits for itself. */
export interface CycleBranch {
  readonly kind: 'cycle';
  readonly name: string;
  readonly count: number;
}

export interface AwaitTree {
  readonly findings: readonly Finding[];
  readonly roots: readonly Branch[];
  /** All suspended functions that wait, hidden ones included. */
  readonly waiting: number;
  /** Functions of `node:` and of node_modules that no own function waits for; shown with `--all`. */
  readonly hidden: number;
}

export type Finding =
  | { readonly kind: 'deadlock'; readonly path: readonly string[] }
  | {
      readonly kind: 'never awaited';
      readonly name: string;
      readonly count: number;
      readonly defined: string;
    };

export interface TreeOptions {
  readonly all: boolean;
  /** The URL of a script, or '' where it is unknown. */
  readonly scriptOf: (scriptId: string) => string;
  /** Where a suspended function stands, and its locals, as far as they were looked up. */
  readonly placeOf: (node: NodeIndex) => PlaceOfAwait | undefined;
  readonly show: (place: Place) => string;
  readonly timerOf: (node: NodeIndex) => string | undefined;
  /** How old a suspended function is at least. */
  readonly ageMs?: (node: NodeIndex) => number | undefined;
}

export interface PlaceOfAwait {
  readonly at: Place;
  /** False where it is that of others of the same kind. */
  readonly isLookedUp: boolean;
  readonly locals?: readonly string[];
}

/** Names of the functions that we put into the target to see whether its V8 is as we know it. */
export const PROBE = /^awaitingProbe/;

export function awaitTree(heap: Snapshot, graph: AwaitGraph, options: TreeOptions): AwaitTree {
  const { all, scriptOf, placeOf, show, timerOf } = options;
  const leaves = new Map<NodeIndex, ReturnType<typeof leafOf>>();
  const functions = [...graph.functions.values()].filter(({ name }) => !PROBE.test(name));
  const isOwn = (node: NodeIndex) => {
    const url = scriptOf(graph.functions.get(node)?.definition?.scriptId ?? '');
    return !/^node:|\/node_modules\//.test(url) && url !== '';
  };

  const waitedFor = new Set<NodeIndex>();
  for (const { awaits, node } of functions) if (awaits !== undefined) markBelow(awaits, new Set([node]));
  const isRoot = ({ node }: { node: NodeIndex }) => !waitedFor.has(node);
  const cycles = findCycles();
  const inCycle = new Set(cycles.flat());
  const roots = [
    ...cycles.map(([first]) => first!),
    ...functions.filter((each) => isRoot(each) && !inCycle.has(each.node)).map(({ node }) => node),
  ];
  const shown = all ? roots : roots.flatMap((root) => ownRoots(root, new Set()));
  const unique = [...new Set(shown)];
  return {
    findings: [...cycles.map(deadlock), ...neverAwaited()],
    roots: fold(unique.map((node) => functionBranch(node, new Set()))),
    waiting: functions.length,
    hidden: all ? 0 : functions.filter(({ node }) => !isOwn(node)).length,
  };

  function below(promise: NodeIndex): { functions: readonly NodeIndex[]; promises: readonly NodeIndex[] } {
    const known = graph.promises.get(promise);
    if (known?.producer !== undefined) return { functions: [known.producer], promises: [] };
    if (known?.how) return { functions: [], promises: known.sources };
    const { through } = leafFor(promise);
    if (through?.kind === 'function') return { functions: [through.node], promises: [] };
    return { functions: [], promises: through ? [through.node] : [] };
  }

  function leafFor(promise: NodeIndex) {
    const known = leaves.get(promise) ?? leafOf(heap, graph, promise);
    leaves.set(promise, known);
    return known;
  }

  function markBelow(promise: NodeIndex, seen: Set<NodeIndex>): void {
    if (seen.has(promise)) return;
    seen.add(promise);
    const { functions, promises } = below(promise);
    for (const each of functions) waitedFor.add(each);
    for (const each of promises) markBelow(each, seen);
  }

  /** The functions that a function waits for, whatever promises lie between. */
  function next(node: NodeIndex): NodeIndex[] {
    const found: NodeIndex[] = [];
    const seen = new Set<NodeIndex>();
    const visit = (promise: NodeIndex) => {
      if (seen.has(promise)) return;
      seen.add(promise);
      const known = graph.promises.get(promise);
      // Only edges that a promise itself carries prove a deadlock; who holds a resolver may never call it.
      if (known?.producer !== undefined) found.push(known.producer);
      // Of any and race one member is enough: a cycle through them can still end.
      else if (known?.how && !(['any', 'race'].includes(known.how) && known.sources.length > 1)) {
        for (const source of known.sources) visit(source);
      }
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
    return found;
  }

  function deadlock(cycle: readonly NodeIndex[]): Finding {
    const names = cycle.map((node) => nameOf(node));
    return { kind: 'deadlock', path: [...names, names[0]!] };
  }

  /** Nothing but the function itself holds its promise: nobody can await it any more. */
  function neverAwaited(): Finding[] {
    const counts = new Map<string, { name: string; count: number; defined: string }>();
    for (const { node, results, isModule, isGenerator, definition } of functions) {
      if (isModule || isGenerator || !isOwn(node)) continue;
      const isLost = results.every((result) => !graph.hasWaiter(result) && isHeldOnlyBy(result, node));
      if (!isLost || results.length === 0) continue;
      const defined = definition ? show(definition) : '?';
      const key = `${nameOf(node)} ${defined}`;
      const entry = counts.get(key) ?? { name: nameOf(node), count: 0, defined };
      counts.set(key, { ...entry, count: entry.count + 1 });
    }
    return [...counts.values()].map((entry) => ({ kind: 'never awaited', ...entry }));
  }

  function isHeldOnlyBy(promise: NodeIndex, generator: NodeIndex): boolean {
    for (const { from } of heap.holders(promise)) if (from !== generator) return false;
    return true;
  }

  /** Where a root belongs to Node or to a library, the first own functions below it are what the reader looks for. */
  function ownRoots(node: NodeIndex, seen: Set<NodeIndex>): NodeIndex[] {
    if (seen.has(node)) return [];
    seen.add(node);
    return isOwn(node) ? [node] : next(node).flatMap((each) => ownRoots(each, seen));
  }

  function nameOf(node: NodeIndex): string {
    const suspended = graph.functions.get(node);
    if (!suspended) return '?';
    return suspended.isModule ? '(top level)' : suspended.name || '(anonymous)';
  }

  function functionBranch(node: NodeIndex, path: ReadonlySet<NodeIndex>): Branch {
    const suspended = graph.functions.get(node)!;
    if (path.has(node)) return { kind: 'cycle', name: nameOf(node), count: 1 };
    const place = placeOf(node);
    const inside = new Set([...path, node]);
    const found = suspended.awaits === undefined ? [unknown] : promiseBranches(suspended.awaits, inside);
    const ageMs = options.ageMs?.(node);
    const branch: FunctionBranch = {
      kind: 'function',
      name: nameOf(node),
      count: 1,
      at: place ? show(place.at) : undefined,
      defined: suspended.definition ? show(suspended.definition) : '?',
      ...(place?.locals ? { locals: place.locals } : {}),
      ids: [suspended.id],
      lookedUp: place?.isLookedUp ? 1 : 0,
      ...(ageMs === undefined ? {} : { ageMs }),
      below: found,
    };
    return branch;
  }

  function promiseBranches(promise: NodeIndex, path: ReadonlySet<NodeIndex>): Branch[] {
    if (path.has(promise)) return [{ kind: 'cycle', name: 'a promise', count: 1 }];
    const inside = new Set([...path, promise]);
    const known = graph.promises.get(promise);
    if (known?.producer !== undefined) {
      // What Node and libraries do inside is theirs: without --all one sees what it ends in.
      if (!all && !isOwn(known.producer) && !path.has(known.producer))
        return libraryBranches(known.producer, inside);
      return [functionBranch(known.producer, inside)];
    }
    if (known?.how) {
      const below = fold(known.sources.flatMap((source) => promiseBranches(source, inside)));
      // That one promise took over another, or was settled by it, is no step that a reader took.
      if (known.how === 'adopts' || (known.how === 'race' && known.sources.length === 1)) return below;
      return [{ kind: 'promise', how: known.how, handler: known.handler, count: 1, below }];
    }
    const { leaf, through } = leafFor(promise);
    if (through?.kind === 'promise') return promiseBranches(through.node, inside);
    if (through) {
      if (!all && !isOwn(through.node) && !path.has(through.node))
        return libraryBranches(through.node, inside);
      return [
        {
          kind: 'promise',
          how: 'settled by',
          handler: '',
          count: 1,
          below: [functionBranch(through.node, inside)],
        },
      ];
    }
    return [{ kind: 'leaf', waitsFor: leafWords(leaf!, timerOf), count: 1 }];
  }

  function libraryBranches(node: NodeIndex, path: ReadonlySet<NodeIndex>): Branch[] {
    const awaits = graph.functions.get(node)?.awaits;
    if (awaits === undefined) return [{ kind: 'leaf', waitsFor: `? inside ${nameOf(node)}`, count: 1 }];
    const found = promiseBranches(awaits, new Set([...path, node]));
    // The name of the library's function says more than "?".
    return found.map((branch) =>
      branch.kind === 'leaf' && branch.waitsFor.startsWith('?')
        ? {
            ...branch,
            waitsFor: `? inside ${nameOf(node)} (${show(graph.functions.get(node)!.definition!)})`,
          }
        : branch,
    );
  }
}

const unknown: LeafBranch = { kind: 'leaf', waitsFor: '?', count: 1 };

function leafWords(leaf: Leaf, timerOf: (node: NodeIndex) => string | undefined): string {
  switch (leaf.kind) {
    case 'timer': {
      const left = timerOf(leaf.node);
      return left === undefined ? 'a timer' : `a timer (${left})`;
    }
    case 'immediate':
      return 'setImmediate';
    case 'file':
      return 'a file operation';
    case 'shared memory':
      return 'Atomics.waitAsync';
    case 'stream':
      return 'a chunk of a ReadableStream';
    case 'event':
      return `event '${leaf.event}' of ${EMITTERS[leaf.emitter] ?? leaf.emitter}`;
    case 'stream end':
      return `the end of a stream (${leaf.streams.join(', ')})`;
    case 'target':
      return TARGETS[leaf.target] ?? `an event of ${leaf.target}`;
    case 'request':
      return `an HTTP response: ${leaf.what}`;
    case 'native':
      return `a native operation (${leaf.what})`;
    case 'unknown':
      return leaf.heldBy === undefined ? '?' : `? (who could settle it is held in ${leaf.heldBy})`;
    default:
      return leaf satisfies never;
  }
}

const TARGETS: Readonly<Record<string, string>> = {
  AbortSignal: 'an abort signal',
  MessagePort: 'a message port',
};

const EMITTERS: Readonly<Record<string, string>> = {
  ChildProcess: 'a child process',
  Worker: 'a worker thread',
  Socket: 'a socket',
  MessagePort: 'a message port',
};

/** Equal branches become one with their number. Which functions they stand for, and their ages, tell none apart. */
export function fold(branches: readonly Branch[]): Branch[] {
  const byShape = new Map<string, Branch>();
  for (const branch of branches) {
    const shape = JSON.stringify({ ...branch, count: 0 }, (key, value: unknown) =>
      key === 'ids' || key === 'lookedUp' || key === 'ageMs' ? undefined : value,
    );
    const same = byShape.get(shape);
    byShape.set(shape, same ? merged(same, branch) : branch);
  }
  return [...byShape.values()];
}

/** Two branches of the same shape. */
function merged(one: Branch, other: Branch): Branch {
  const count = one.count + other.count;
  if (one.kind === 'function' && other.kind === 'function') {
    const ages = [one.ageMs, other.ageMs].filter((ms) => ms !== undefined);
    return {
      ...one,
      count,
      ids: [...one.ids, ...other.ids],
      lookedUp: one.lookedUp + other.lookedUp,
      ...(ages.length > 0 ? { ageMs: Math.max(...ages) } : {}),
      below: mergedAll(one.below, other.below),
    };
  }
  if (one.kind === 'promise' && other.kind === 'promise') {
    return { ...one, count, below: mergedAll(one.below, other.below) };
  }
  return { ...one, count };
}

/** What lies below keeps its count, which says how many there are for each of the branches. */
function mergedAll(ones: readonly Branch[], others: readonly Branch[]): Branch[] {
  return ones.map((one, index) => ({ ...merged(one, others[index]!), count: one.count }));
}
