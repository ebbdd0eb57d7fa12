// Makes trees from the graph: roots first, equal subtrees once. All of it is pure.
import type { Branch, FunctionBranch, LeafBranch, LibraryBranch } from './branch.ts';
import type { AwaitGraph } from './graph.ts';
import { findingsOf, type Finding } from './findings.ts';
import { settlersOf, type Leaf, type Settlers, type Sources, type Intermediary } from './leaf.ts';
import type { NodeIndex, Place, Snapshot } from './snapshot.ts';
import { fold } from './fold.ts';

export interface AwaitTree {
  readonly findings: readonly Finding[];
  readonly roots: readonly Branch[];
  /** All suspended functions that wait, hidden ones included. */
  readonly waiting: number;
  /** Functions of `node:` and of node_modules that are not shown; shown with `--all`. */
  readonly hidden: number;
}

export interface TreeOptions {
  readonly all: boolean;
  /** The URL of a script, or '' where it is unknown. */
  readonly scriptOf: (scriptId: string) => string;
  /** Where a suspended function stands, and its locals, as far as they are known. */
  readonly placeOf: (node: NodeIndex) => PlaceOfAwait | undefined;
  readonly show: (place: Place) => string;
  /** The milliseconds that a timer has left. */
  readonly leftOf: (timer: NodeIndex) => number | undefined;
  /** What an emitter is at the other end: the peer of a socket, the command of a child process. */
  readonly detailOf: (emitter: NodeIndex) => string | undefined;
  /** How old a suspended function is at least. */
  readonly ageMs?: (node: NodeIndex) => number | undefined;
  readonly mentions: Sources['mentions'];
  /** The threads of libuv, for files, names and crypto. */
  readonly threadPoolSize: number;
}

export interface PlaceOfAwait {
  readonly at: Place;
  /** False if it was taken from another function of the same kind. */
  readonly isSure: boolean;
  readonly locals?: readonly string[];
}

/** Names of the functions that we put into the target to see whether its V8 is as we know it. */
export const PROBE = /^awaitingProbe/;

const NAMELESS = '(anonymous)';

/** No tree is deeper: a chain of so many awaits is a recursion, and a terminal shows no such line. */
const DEEPEST = 200;

export function isLibraryUrl(url: string): boolean {
  return /^node:|\/node_modules\//.test(url);
}

export function awaitTree(heap: Snapshot, graph: AwaitGraph, options: TreeOptions): AwaitTree {
  const { all, scriptOf, placeOf, show } = options;
  const settlers = new Map<NodeIndex, Settlers>();
  const made = new Map<NodeIndex, Branch>();
  const urlOf = (closure: NodeIndex) => scriptOf(heap.location(closure)?.scriptId ?? '');
  const functions = [...graph.functions.values()]
    .filter(({ name }) => !PROBE.test(name))
    .toSorted((one, other) => byPlace(one.node, other.node));
  const sources: Sources = {
    mentions: options.mentions,
    isNodes: (closure) => urlOf(closure).startsWith('node:'),
  };
  const isOwn = (node: NodeIndex) => {
    const known = graph.functions.get(node);
    return known !== undefined && !isLibraryUrl(urlOf(known.closure));
  };

  const waitedFor = new Set<NodeIndex>();
  const marked = new Set<NodeIndex>();
  for (const { awaits } of functions) {
    if (awaits !== undefined) forEachBelow(awaits, marked, (node) => waitedFor.add(node));
  }
  const { findings, cycles } = findingsOf(heap, graph, {
    functions,
    isOwn,
    nameOf,
    show,
    threadPoolSize: options.threadPoolSize,
  });
  const roots = [...cycles.map(([first]) => first!), ...rootsOutside(cycles.flat())];
  const shown = all ? roots : roots.flatMap((root) => ownRoots(root, new Set()));
  return {
    findings,
    roots: fold([...new Set(shown)].map((node) => functionBranch(node, new Set()))),
    waiting: functions.length,
    hidden: all ? 0 : functions.filter(({ node }) => !isOwn(node)).length,
  };

  /**
   * The functions that nobody waits for. If functions wait in a circle that may still end, one of them is a root too.
   */
  function rootsOutside(inCycles: readonly NodeIndex[]): NodeIndex[] {
    const isInCycle = new Set(inCycles);
    const found: NodeIndex[] = [];
    const reached = new Set<NodeIndex>(inCycles.flatMap((node) => functionsBelow(node)));
    const candidates = functions.map(({ node }) => node);
    const nobody = candidates.filter((node) => !waitedFor.has(node) && !isInCycle.has(node));
    for (const node of [...nobody, ...candidates]) {
      if (reached.has(node)) continue;
      found.push(node);
      for (const each of functionsBelow(node)) reached.add(each);
    }
    return found;
  }

  function functionsBelow(start: NodeIndex): NodeIndex[] {
    const met = new Set([start]);
    const seen = new Set<NodeIndex>();
    const rest = [...met];
    for (const node of rest) {
      const awaits = graph.functions.get(node)?.awaits;
      if (awaits === undefined) continue;
      forEachBelow(awaits, seen, (inner) => {
        if (met.has(inner)) return;
        met.add(inner);
        rest.push(inner);
      });
    }
    return rest;
  }

  function settlersFor(promise: NodeIndex): Settlers {
    const known = settlers.get(promise) ?? settlersOf(heap, graph, promise, sources);
    settlers.set(promise, known);
    return known;
  }

  /** Calls `meet` with each function that the promise waits for, whatever promises lie between. */
  function forEachBelow(promise: NodeIndex, seen: Set<NodeIndex>, meet: (node: NodeIndex) => void): void {
    const rest = [promise];
    for (const at of rest) {
      if (seen.has(at)) continue;
      seen.add(at);
      const known = graph.promises.get(at);
      if (known?.producer !== undefined) meet(known.producer);
      else if (known?.how) rest.push(...known.sources);
      if (known?.producer !== undefined || (known?.how !== undefined && known.how !== 'race')) continue;
      for (const { kind, node } of settlersFor(at).through) {
        if (kind === 'function') meet(node);
        else rest.push(node);
      }
    }
  }

  /** If a root belongs to Node or to a library, the reader looks for the first functions of the program below it. */
  function ownRoots(node: NodeIndex, seen: Set<NodeIndex>): NodeIndex[] {
    if (seen.has(node)) return [];
    seen.add(node);
    if (isOwn(node)) return [node];
    const awaits = graph.functions.get(node)?.awaits;
    return awaits === undefined ? [] : ownBelow(awaits, seen);
  }

  function ownBelow(promise: NodeIndex, seen: Set<NodeIndex>): NodeIndex[] {
    if (seen.has(promise)) return [];
    seen.add(promise);
    const known = graph.promises.get(promise);
    if (known?.producer !== undefined) return ownRoots(known.producer, seen);
    if (known?.how) return known.sources.flatMap((source) => ownBelow(source, seen));
    return settlersFor(promise).through.flatMap(({ kind, node }) =>
      kind === 'function' ? ownRoots(node, seen) : ownBelow(node, seen),
    );
  }

  function byPlace(one: NodeIndex, other: NodeIndex): number {
    const first = graph.functions.get(one)!;
    const second = graph.functions.get(other)!;
    return (
      urlOf(first.closure).localeCompare(urlOf(second.closure)) ||
      comparePlaces(first.definition, second.definition) ||
      comparePlaces(placeOf(one)?.at, placeOf(other)?.at) ||
      first.id - second.id
    );
  }

  function nameOf(node: NodeIndex): string {
    const suspended = graph.functions.get(node);
    if (!suspended) return '?';
    return suspended.isModule ? '(top level)' : suspended.name || '(anonymous)';
  }

  /** `path` holds all functions and promises above, so that a cycle ends. */
  function functionBranch(node: NodeIndex, path: ReadonlySet<NodeIndex>): Branch {
    if (path.has(node)) return { kind: 'cycle', name: nameOf(node), count: 1 };
    const known = made.get(node);
    if (known) return known;
    const suspended = graph.functions.get(node)!;
    const place = placeOf(node);
    const inside = new Set([...path, node]);
    const ageMs = options.ageMs?.(node);
    const branch: FunctionBranch = {
      kind: 'function',
      name: nameOf(node),
      count: 1,
      at: place ? show(place.at) : undefined,
      defined: suspended.definition ? show(suspended.definition) : '?',
      ...(place?.locals ? { locals: place.locals } : {}),
      ids: [suspended.id],
      lookedUp: place?.isSure ? 1 : 0,
      ...(ageMs === undefined ? {} : { ageMs }),
      below: suspended.awaits === undefined ? [unknown] : promiseBranches(suspended.awaits, inside),
    };
    // Many may wait for one function, so its branch is made once. But a cycle looks different from each entrance.
    if (!isCyclic(branch)) made.set(node, branch);
    return branch;
  }

  function promiseBranches(promise: NodeIndex, path: ReadonlySet<NodeIndex>): readonly Branch[] {
    const known = graph.promises.get(promise);
    if (path.has(promise)) {
      const name = known?.producer === undefined ? 'a promise' : nameOf(known.producer);
      return [{ kind: 'cycle', name, count: 1 }];
    }
    if (path.size > DEEPEST) return [{ kind: 'leaf', waitsFor: '? (too deep to show)', count: 1 }];
    const inside = new Set([...path, promise]);
    if (known?.producer !== undefined) return producerBranches(known.producer, inside);
    if (known?.how === undefined) return settlerBranches(promise, inside);
    const { how, sources } = known;
    if (how === 'race') {
      // Besides the promises of a race others may hold the resolver: `.then(resolve, reject)` and a timer.
      const { leaves, through, heldIn } = settlersFor(promise);
      const isMore = leaves.length > 0 || heldIn !== undefined || through.some((t) => t.kind === 'function');
      if (isMore || sources.length === 1) return settlerBranches(promise, inside);
    }
    const below = fold(distinct(sources).flatMap((source) => promiseBranches(source, inside)));
    // One promise took over the state of another. That is no step in the reader's code.
    if (how === 'adopts') return below;
    const handler = known.handler === undefined ? undefined : handlerOf(known.handler);
    // A function without a place and a name is V8's own: it unwraps what an iterator of promises gave.
    if (handler?.text === NAMELESS && !all) return below;
    if (handler && isLibraryUrl(handler.url) && !all) {
      return handler.url.startsWith('node:') ? below : [libraryBranch(handler.url, handler.name, below)];
    }
    return [{ kind: 'promise', how, ...(handler ? { handler: handler.text } : {}), count: 1, below }];
  }

  function producerBranches(node: NodeIndex, path: ReadonlySet<NodeIndex>): readonly Branch[] {
    if (all || isOwn(node) || path.has(node)) return [functionBranch(node, path)];
    // Without --all, the steps inside Node and libraries are hidden. Only what they end in is shown.
    const { awaits, closure } = graph.functions.get(node)!;
    const below = awaits === undefined ? [unknown] : promiseBranches(awaits, new Set([...path, node]));
    const url = urlOf(closure);
    const isPlain = url.startsWith('node:') && !below.some(isUnknown);
    return isPlain ? below : [libraryBranch(url, nameOf(node), below)];
  }

  function settlerBranches(promise: NodeIndex, path: ReadonlySet<NodeIndex>): readonly Branch[] {
    const { leaves, through, heldIn } = settlersFor(promise);
    // A function that waits for this promise cannot settle it by going on.
    const others = through.filter(({ node }) => !path.has(node)).toSorted(byKindAndPlace);
    const [only] = others;
    if (others.length === 1 && leaves.length === 0 && heldIn === undefined) {
      // A promise that only settles another is no step in the reader's code. Nor are the steps of a library.
      if (only!.kind === 'promise' || (!all && !isOwn(only!.node))) return throughBranches(only!, path);
    }
    const words = leaves
      .map((leaf) => leafBranch(leaf))
      .toSorted((one, other) => one.waitsFor.localeCompare(other.waitsFor));
    const stored = heldIn === undefined ? [] : [leafOf(`? (its resolver is in ${heldIn})`)];
    if (others.length === 0) {
      const found = [...words, ...stored];
      if (found.length === 0) return [unknown];
      return found.length === 1
        ? found
        : [{ kind: 'promise', how: 'settled by', count: 1, below: fold(found) }];
    }
    const waiting = others.flatMap((each) => throughBranches(each, path));
    // A library's own promise whose resolver lies beside this one tells nothing more.
    const known = stored.length > 0 ? waiting.filter((branch) => !isUnknown(branch)) : waiting;
    const below = fold([...known, ...words, ...stored]);
    if (below.length === 1 && known.length === 0) return below;
    return [{ kind: 'promise', how: 'settled by', count: 1, below }];
  }

  function byKindAndPlace(one: Intermediary, other: Intermediary): number {
    if (one.kind !== other.kind) return one.kind === 'function' ? -1 : 1;
    return one.kind === 'function' ? byPlace(one.node, other.node) : byProducer(one.node, other.node);
  }

  function throughBranches({ kind, node }: Intermediary, path: ReadonlySet<NodeIndex>): readonly Branch[] {
    return kind === 'function' ? producerBranches(node, path) : promiseBranches(node, path);
  }

  function libraryBranch(url: string, name: string, below: readonly Branch[]): LibraryBranch {
    const library = libraryOf(url);
    const [inner] = below;
    if (below.length === 1 && inner?.kind === 'library' && inner.name === library && inner.count === 1) {
      return { ...inner, functions: [name, ...inner.functions] };
    }
    return { kind: 'library', name: library, functions: [name], count: 1, below };
  }

  /** Each producer once: an async generator has a promise for each `next()` that it has not answered. */
  function distinct(promises: readonly NodeIndex[]): NodeIndex[] {
    const byMaker = new Map(
      promises.map((promise) => [graph.promises.get(promise)?.producer ?? promise, promise]),
    );
    return [...byMaker.values()].toSorted(byProducer);
  }

  /** What functions make comes first, by their places; then what `.then` makes, by the place of what it was given. */
  function byProducer(one: NodeIndex, other: NodeIndex): number {
    const producer = graph.promises.get(one)?.producer;
    const otherProducer = graph.promises.get(other)?.producer;
    if (producer !== undefined && otherProducer !== undefined) return byPlace(producer, otherProducer);
    if (producer !== undefined) return -1;
    if (otherProducer !== undefined) return 1;
    return comparePlaces(placeOfHandler(one), placeOfHandler(other));
  }

  /** Where the function stands that was given to `.then`. */
  function placeOfHandler(promise: NodeIndex): Place | undefined {
    const handler = graph.promises.get(promise)?.handler;
    return handler === undefined ? undefined : heap.location(innerHandler(handler));
  }

  /** The function given to `.then`; of `bind` and `.finally` the one inside. */
  function innerHandler(closure: NodeIndex): NodeIndex {
    let at = closure;
    for (let step = 0; step < 5 && heap.location(at) === undefined; step++) {
      const inner = heap.follow(at, 'internal', 'bound_function') ?? closureInContext(at);
      if (inner === undefined) break;
      at = inner;
    }
    return at;
  }

  function handlerOf(closure: NodeIndex): { name: string; url: string; text: string } {
    const at = innerHandler(closure);
    const place = heap.location(at);
    const name = heap.name(at) || NAMELESS;
    return { name, url: urlOf(at), text: place ? `${name} ${show(place)}` : name };
  }

  function closureInContext(closure: NodeIndex): NodeIndex | undefined {
    const context = heap.follow(closure, 'internal', 'context');
    if (context === undefined) return undefined;
    for (const { type, to } of heap.edges(context)) {
      if (type === 'hidden' && heap.type(to) === 'closure' && heap.location(to)) return to;
    }
    return undefined;
  }

  function leafBranch(leaf: Leaf): LeafBranch {
    const words = leafWords(leaf, options.detailOf);
    const left = leaf.kind === 'timer' ? options.leftOf(leaf.node) : undefined;
    return left === undefined ? leafOf(words) : { ...leafOf(words), leftMs: [left, left] };
  }
}

/** Places of one file, in the order of the source. */
function comparePlaces(one: Place | undefined, other: Place | undefined): number {
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

function leafOf(waitsFor: string): LeafBranch {
  return { kind: 'leaf', waitsFor, count: 1 };
}

const unknown: LeafBranch = leafOf('?');

function isUnknown(branch: Branch): boolean {
  return branch.kind === 'leaf' && branch.waitsFor.startsWith('?');
}

function isCyclic(branch: Branch): boolean {
  return branch.kind === 'cycle' || ('below' in branch && branch.below.some(isCyclic));
}

/** `node:` or the name of the package. */
function libraryOf(url: string): string {
  if (url.startsWith('node:')) return 'node:';
  const inside = url.slice(url.lastIndexOf('/node_modules/') + '/node_modules/'.length);
  const [scope, name] = inside.split('/');
  return scope!.startsWith('@') ? `${scope}/${name}` : scope!;
}

function leafWords(leaf: Leaf, detailOf: TreeOptions['detailOf']): string {
  switch (leaf.kind) {
    case 'timer':
      return 'a timer';
    case 'immediate':
      return 'setImmediate';
    case 'file':
      return 'a file operation';
    case 'shared memory':
      return 'Atomics.waitAsync';
    case 'web stream':
      return 'a chunk of a ReadableStream';
    case 'event': {
      const emitter = detailOf(leaf.node) ?? EMITTERS[leaf.emitter] ?? leaf.emitter;
      return `event '${leaf.event}' of ${emitter}`;
    }
    case 'stream end':
      return `the end of a stream (${leaf.streams.join(', ')})`;
    case 'target':
      return targetWords(leaf.target, leaf.event);
    case 'request':
      return `an HTTP response: ${leaf.what}`;
    case 'native':
      return NATIVES.find(([name]) => name.test(leaf.what))?.[1] ?? `a native operation (${leaf.what})`;
    default:
      return leaf satisfies never;
  }
}

function targetWords(target: string, event: string): string {
  if (target === 'AbortSignal') return 'an abort signal';
  const name = EMITTERS[target] ?? target;
  return event === '' ? `an event of ${name}` : `event '${event}' of ${name}`;
}

const EMITTERS: Readonly<Record<string, string>> = {
  ChildProcess: 'a child process',
  Worker: 'a worker thread',
  Socket: 'a socket',
  MessagePort: 'a message port',
  Interface: 'a readline interface',
  ClientRequest: 'an HTTP request',
  IncomingMessage: 'an HTTP message',
};

const NATIVES: readonly (readonly [RegExp, string])[] = [
  [/^GetAddrInfo|^GetNameInfo/, 'a DNS look-up'],
  [/^QueryReqWrap|^Query\w+Wrap/, 'a DNS query'],
  [/^(?:TCP|Pipe)ConnectWrap/, 'a connection'],
  [/Job$/, 'a computation in the thread pool'],
];
