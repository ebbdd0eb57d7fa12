// What a promise waits for that no other promise settles. Only who holds its resolving functions can settle it: we
// go up from those, through closures and the variables they see, to the first thing that calls: a timer, an event,
// a file operation. A closure may see a resolver and never call it. So two different callers are no answer: `?`.
import type { AwaitGraph } from './graph.ts';
import type { Edge, NodeIndex, Snapshot } from './snapshot.ts';

export type Leaf =
  | { readonly kind: 'timer'; readonly node: NodeIndex; readonly id: number }
  | { readonly kind: 'immediate' | 'file' | 'shared memory' | 'stream' }
  | { readonly kind: 'event'; readonly event: string; readonly emitter: string }
  /** One of these streams has to end. */
  | { readonly kind: 'stream end'; readonly streams: readonly string[] }
  /** An event of an EventTarget, such as AbortSignal; the snapshot does not tell which. */
  | { readonly kind: 'target'; readonly target: string }
  | { readonly kind: 'request'; readonly what: string }
  | { readonly kind: 'native'; readonly what: string }
  | { readonly kind: 'unknown'; readonly heldBy?: string };

/** A caller of a resolving function: an end of the way, or something that itself waits. */
type Through = { readonly kind: 'promise' | 'function'; readonly node: NodeIndex };
type Caller = Leaf | Through;

export interface LeafOf {
  readonly leaf: Leaf | undefined;
  /** The leaf is none: a handler of this promise, or this suspended function, holds the resolver. */
  readonly through: Through | undefined;
}

const MOST_STEPS = 10;
const MOST_NODES = 300;
const RESOLVER = /^\(PromiseCapabilityDefault(?:Resolve|Reject) /;
const GENERIC = /^(?:Object|Array|Map|Set|system \/ .*|\(.*\)|Promise|)$/;
const EMITTER_KEYS = new Set(['_events']);

export function leafOf(heap: Snapshot, graph: AwaitGraph, promise: NodeIndex): LeafOf {
  const resolvers: NodeIndex[] = [];
  for (const { type, from } of heap.holders(promise)) {
    const holder = heap.name(from);
    if (/^(?:FSReqPromise|FileHandleCloseReq|Node \/ FSReqPromise)/.test(holder))
      return leaf({ kind: 'file' });
    if (holder === 'system / Context' && type === 'hidden') resolvers.push(...resolversOf(from));
    for (const up of heap.type(from) === 'array' ? heap.holders(from) : []) {
      if (up.name === 'atomics_waitasync_promises') return leaf({ kind: 'shared memory' });
    }
  }
  const found = callersOf(resolvers);
  const ends = streamEnds(found.callers);
  if (ends) return leaf(ends);
  const callers = likeliest(dropCompanions(found.callers));
  if (callers.length === 1) {
    const [caller] = callers as [Caller];
    return isThrough(caller) ? { leaf: undefined, through: caller } : leaf(caller);
  }
  return leaf(
    found.heldBy === undefined || callers.length > 1
      ? { kind: 'unknown' }
      : { kind: 'unknown', heldBy: found.heldBy },
  );

  /** A function that holds the resolver among its variables may hand it on: anything else that calls tells more. */
  function likeliest(callers: readonly Caller[]): readonly Caller[] {
    const others = callers.filter((caller) => caller.kind !== 'function');
    if (others.length > 0) return others;
    // Functions that await one another pass it along: the one that all others are below of stands for them.
    const nodes = callers.flatMap((caller) => (caller.kind === 'function' ? [caller.node] : []));
    const top = callers.find((caller) => {
      if (caller.kind !== 'function') return false;
      const reached = functionsBelow(caller.node);
      return nodes.every((node) => reached.has(node));
    });
    return top ? [top] : callers;
  }

  function functionsBelow(start: NodeIndex): Set<NodeIndex> {
    const reached = new Set([start]);
    const seen = new Set<NodeIndex>();
    const rest = [graph.functions.get(start)?.awaits];
    while (rest.length > 0) {
      const at = rest.pop();
      if (at === undefined || seen.has(at)) continue;
      seen.add(at);
      const known = graph.promises.get(at);
      rest.push(...(known?.sources ?? []));
      if (known?.producer === undefined) continue;
      reached.add(known.producer);
      rest.push(graph.functions.get(known.producer)?.awaits);
    }
    return reached;
  }

  function resolversOf(context: NodeIndex): NodeIndex[] {
    const list: NodeIndex[] = [];
    for (const { name, from } of heap.holders(context)) {
      if (name !== 'context' || heap.type(from) !== 'closure') continue;
      const code = heap.follow(from, 'internal', 'code');
      if (code !== undefined && RESOLVER.test(heap.name(code))) list.push(from);
    }
    return list;
  }

  function callersOf(start: readonly NodeIndex[]): { callers: Caller[]; heldBy: string | undefined } {
    const callers: Caller[] = [];
    let heldBy: string | undefined;
    const seen = new Set<NodeIndex>([promise, ...start]);
    let ring = [...start];
    for (let step = 0; step < MOST_STEPS && ring.length > 0 && seen.size < MOST_NODES; step++) {
      const next: NodeIndex[] = [];
      for (const node of ring) {
        for (const edge of heap.holders(node)) {
          if (seen.has(edge.from)) continue;
          const caller = callerAt(edge);
          if (caller) {
            callers.push(caller);
            continue;
          }
          if (!leadsOn(edge)) continue;
          seen.add(edge.from);
          if (heldBy === undefined && edge.type === 'property' && !GENERIC.test(heap.name(edge.from))) {
            heldBy = `${heap.name(edge.from)}.${edge.name}`;
          }
          next.push(edge.from);
        }
      }
      ring = next;
    }
    return { callers, heldBy };
  }

  function callerAt({ name, type, from }: Edge & { readonly from: NodeIndex }): Caller | undefined {
    const holder = heap.name(from);
    if (holder === 'system / PromiseReaction') return reactionCaller(from);
    if (type === 'property') {
      if (holder === 'Timeout' && name === '_onTimeout')
        return { kind: 'timer', node: from, id: heap.id(from) };
      if (holder === 'Immediate' && name === '_onImmediate') return { kind: 'immediate' };
      if (/^(?:FSReq|ReadFileJob)/.test(holder)) return { kind: 'file' };
      if (holder === 'Listener') return listenerCaller(from);
      if (name === 'oncomplete' || name === 'ondone') return { kind: 'native', what: holder };
      if (holder === 'DefaultReadRequest' || holder === 'ReadIntoRequest') return { kind: 'stream' };
      const event = eventAt(from, name);
      if (event) return event;
      const request = requestAt(from);
      if (request) return request;
    }
    if (type === 'internal' && heap.type(from) === 'array') return registersCaller(from);
    if (type === 'internal' && name === 'elements') {
      for (const up of heap.holders(from)) {
        const event = up.type === 'property' ? eventAt(up.from, up.name) : undefined;
        if (event) return event;
      }
    }
    if (type === 'element' && holder === 'Array') {
      for (const up of heap.holders(from)) {
        const event = up.type === 'property' ? eventAt(up.from, up.name) : undefined;
        if (event) return event;
      }
    }
    return undefined;
  }

  /** `from` is the table of an emitter's listeners, and `name` the event. */
  function eventAt(from: NodeIndex, name: string): Leaf | undefined {
    for (const up of heap.holders(from)) {
      if (up.type === 'property' && EMITTER_KEYS.has(up.name)) {
        return { kind: 'event', event: name, emitter: heap.name(up.from) };
      }
    }
    return undefined;
  }

  /** An EventTarget keeps its listeners in chains of Listener objects, one chain an event, in a table of its own. */
  function listenerCaller(listener: NodeIndex): Leaf | undefined {
    const seen = new Set([listener]);
    let ring = [listener];
    for (let step = 0; step < 8 && ring.length > 0; step++) {
      const next: NodeIndex[] = [];
      for (const node of ring) {
        for (const { name, from } of heap.holders(node)) {
          if (name === '<symbol kEvents>' || name === '<symbol events>')
            return { kind: 'target', target: heap.name(from) };
          const isTable = ['next', 'previous', 'table'].includes(name) || heap.type(from) === 'array';
          if (seen.has(from) || !isTable) continue;
          seen.add(from);
          next.push(from);
        }
      }
      ring = next;
    }
    return undefined;
  }

  /** undici, the package and the one inside Node, keeps what it sends as a Request with `method`, `origin`, `path`. */
  function requestAt(node: NodeIndex): Leaf | undefined {
    if (heap.name(node) !== 'Request') return undefined;
    const parts = ['method', 'origin', 'path'].map((part) => heap.follow(node, 'property', part));
    if (parts.some((part) => part === undefined)) return undefined;
    const [method, origin, path] = parts.map((part) => heap.name(part!));
    return { kind: 'request', what: `${method} ${origin}${path}` };
  }

  function reactionCaller(reaction: NodeIndex): Caller | undefined {
    let at = reaction;
    for (let step = 0; step < 100; step++) {
      let up: NodeIndex | undefined;
      for (const holder of heap.holders(at)) {
        if (holder.name === 'reactions_or_result') {
          return holder.from === promise ? undefined : { kind: 'promise', node: holder.from };
        }
        if (heap.name(holder.from) === 'system / PromiseReaction') up = holder.from;
      }
      if (up === undefined) return undefined;
      at = up;
    }
    return undefined;
  }

  function registersCaller(array: NodeIndex): Caller | undefined {
    for (const { name, from } of heap.holders(array)) {
      if (name !== 'parameters_and_registers') continue;
      const suspended = graph.functions.get(from);
      if (suspended && suspended.awaits !== promise) return { kind: 'function', node: from };
    }
    return undefined;
  }

  function leadsOn({ type, name, from }: Edge & { readonly from: NodeIndex }): boolean {
    const holder = heap.name(from);
    const kind = heap.type(from);
    if (graph.functions.has(from) || graph.promises.has(from) || kind === 'synthetic') return false;
    // A variable of a module is seen by every function of it: who of them calls, nobody can say.
    if (holder === 'system / Context') {
      const sees = type === 'context' || type === 'hidden' || name === 'previous';
      return sees && heap.follow(from, 'internal', 'extension') === undefined;
    }
    if (kind === 'closure') return name === 'context' || name.startsWith('bound') || name === 'bindings';
    if (kind === 'array') return name !== 'properties';
    if (/^(?:global|Generator)\b/.test(holder)) return false;
    return kind === 'object' && (type === 'property' || type === 'element' || name === 'elements');
  }
}

/** What ends a stream; `finished` and `pipeline` listen for all of them. */
const ENDINGS = new Set([
  'close',
  'error',
  'finish',
  'prefinish',
  'end',
  'aborted',
  'complete',
  'request',
  'abort',
]);

/**
 * `once(emitter, 'ready')` listens for 'error' and for an abort too, a reader of a stream for its end: those would
 * end the wait, and it is for neither.
 */
function dropCompanions(callers: readonly Caller[]): Caller[] {
  const unique = [...new Map(callers.map((caller) => [JSON.stringify(caller), caller])).values()];
  const isAbort = (caller: Caller) => caller.kind === 'target' && caller.target === 'AbortSignal';
  const isMain = (caller: Caller) => caller.kind === 'event' && !ENDINGS.has(caller.event);
  const withoutEnds = unique.some(isMain)
    ? unique.filter((caller) => caller.kind !== 'event' || isMain(caller))
    : unique;
  const events = withoutEnds.filter((caller) => caller.kind === 'event' && caller.event !== 'error');
  const withoutErrors =
    events.length > 0
      ? withoutEnds.filter((caller) => caller.kind !== 'event' || caller.event !== 'error')
      : withoutEnds;
  const others = withoutErrors.filter((caller) => !isAbort(caller));
  return others.length > 0 ? others : withoutErrors;
}

function streamEnds(callers: readonly Caller[]): Leaf | undefined {
  const events = callers.filter((caller) => caller.kind === 'event');
  const names = new Set(events.map(({ event }) => event));
  const isStream =
    names.size > 1 &&
    (names.has('finish') || names.has('end')) &&
    [...names].every((name) => ENDINGS.has(name));
  if (!isStream || callers.some(({ kind }) => kind !== 'event' && kind !== 'function' && kind !== 'promise'))
    return undefined;
  return { kind: 'stream end', streams: [...new Set(events.map(({ emitter }) => emitter))].toSorted() };
}

function leaf(leaf: Leaf): LeafOf {
  return { leaf, through: undefined };
}

function isThrough(caller: Caller): caller is Through {
  return caller.kind === 'promise' || caller.kind === 'function';
}
