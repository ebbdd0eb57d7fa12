// Who awaits whom, read from a heap snapshot. A pure function: the same snapshot gives the same graph.
//
// A suspended async function is a `Generator` object. It awaits the promise whose reaction resumes it: the reaction's
// handlers are two closures of V8's own, and their context points back to the generator. What a promise waits for
// stands in the reactions of others: `.then` leaves the promise it made there, Promise.all its closures, and so on.
// Each edge is read from one such structure and from nothing else. What has none of these shapes is a leaf.
import type { NodeIndex, Place, Snapshot } from './snapshot.ts';

/** How one promise comes to wait for others. */
export type Combinator = 'all' | 'allSettled' | 'any' | 'race' | 'then' | 'catch' | 'finally' | 'adopts';

export interface SuspendedFunction {
  readonly node: NodeIndex;
  /** The number by which the inspector knows it. */
  readonly id: number;
  readonly name: string;
  readonly isModule: boolean;
  readonly isGenerator: boolean;
  readonly definition: Place | undefined;
  /** The promises that its callers got: one, or for an async generator one for each unanswered `next()`. */
  readonly results: readonly NodeIndex[];
  /** The promise it awaits; undefined if the graph does not tell. */
  readonly awaits: NodeIndex | undefined;
}

export interface PendingPromise {
  readonly node: NodeIndex;
  /** The functions that settle it by ending. */
  readonly producer: NodeIndex | undefined;
  readonly how: Combinator | undefined;
  /** The promises it waits for by `how`. */
  readonly sources: readonly NodeIndex[];
  /** The name of the function given to `.then`. */
  readonly handler: string;
}

export interface AwaitGraph {
  readonly functions: ReadonlyMap<NodeIndex, SuspendedFunction>;
  readonly promises: ReadonlyMap<NodeIndex, PendingPromise>;
  /** Whether somebody waits for the promise: a reaction hangs on it. */
  readonly hasWaiter: (promise: NodeIndex) => boolean;
}

const AWAIT_HANDLER = /^\((?:AsyncFunction|AsyncGenerator|Await)\w*(?:Resolve|Reject)Closure /;
const ELEMENT_HANDLER = /^\(Promise(AllSettled|All|Any)(?:Resolve|Reject)ElementClosure /;
const CAPABILITY_HANDLER = /^\(PromiseCapabilityDefault(Resolve|Reject) /;
const MODULE_HANDLER = /^\(CallAsyncModule(?:Fulfilled|Rejected) /;
const FINALLY_HANDLER = /^\(Promise(?:Then|Catch)Finally/;
const COMBINATORS = { All: 'all', AllSettled: 'allSettled', Any: 'any' } as const;

interface Reaction {
  /** In the order of their slots: reject before fulfill. */
  readonly handlers: readonly { readonly closure: NodeIndex; readonly slot: number }[];
  readonly derived: NodeIndex | undefined;
  readonly next: NodeIndex | undefined;
}

export function awaitGraph(heap: Snapshot): AwaitGraph {
  const generators = new Set<NodeIndex>();
  for (const { from } of heap.internalEdges('parameters_and_registers')) generators.add(from);
  const reactionsOf = new Map<NodeIndex, Reaction[]>();
  for (const { from, to } of heap.internalEdges('reactions_or_result')) {
    if (heap.name(to) === 'system / PromiseReaction') reactionsOf.set(from, readReactions(to));
  }

  const awaited = new Map<NodeIndex, Set<NodeIndex>>();
  const waits = new Map<NodeIndex, { how: Combinator; sources: Set<NodeIndex>; handler: string }>();
  for (const [promise, reactions] of reactionsOf) {
    for (const reaction of reactions) readReaction(promise, reaction);
  }

  const functions = new Map<NodeIndex, SuspendedFunction>();
  const producers = new Map<NodeIndex, NodeIndex>();
  for (const node of generators) {
    const described = describeFunction(node);
    if (!described) continue;
    functions.set(node, described);
    for (const result of described.results) producers.set(result, node);
  }

  const promises = new Map<NodeIndex, PendingPromise>();
  const seen = new Set([...reactionsOf.keys(), ...waits.keys(), ...producers.keys()]);
  for (const node of seen) {
    const wait = waits.get(node);
    promises.set(node, {
      node,
      producer: producers.get(node),
      how: wait?.how,
      sources: [...(wait?.sources ?? [])],
      handler: wait?.handler ?? '',
    });
  }
  return { functions, promises, hasWaiter: (promise) => reactionsOf.has(promise) };

  function readReactions(first: NodeIndex): Reaction[] {
    const list: Reaction[] = [];
    const met = new Set<NodeIndex>();
    let at: NodeIndex | undefined = first;
    while (at !== undefined && !met.has(at)) {
      met.add(at);
      const reaction: Reaction = readOne(at);
      list.push(reaction);
      at = reaction.next;
    }
    return list;
  }

  function readOne(node: NodeIndex): Reaction {
    const handlers: { closure: NodeIndex; slot: number }[] = [];
    let derived: NodeIndex | undefined;
    let next: NodeIndex | undefined;
    for (const { type, name, to } of heap.edges(node)) {
      if (type !== 'hidden') continue;
      const target = heap.name(to);
      if (target === 'system / PromiseReaction') next = to;
      else if (heap.type(to) === 'closure') handlers.push({ closure: to, slot: Number(name) });
      else if (target === 'system / PromiseCapability') derived = promiseOfCapability(to);
      else if (isPromise(to)) derived = to;
    }
    return { handlers: handlers.toSorted((a, b) => a.slot - b.slot), derived, next };
  }

  function readReaction(promise: NodeIndex, { handlers, derived }: Reaction): void {
    const codes = handlers.map(({ closure }) => codeOf(closure));
    if (handlers.length === 2 && codes.every((code) => AWAIT_HANDLER.test(code))) {
      const [first, second] = handlers.map(({ closure }) => generatorOf(closure));
      // Two closures resume one function. Where they do not agree, this is not what we take it for.
      if (first !== undefined && first === second) addTo(awaited, first, promise);
      return;
    }
    if (codes.some((code) => MODULE_HANDLER.test(code))) return;
    const element = codes.map((code) => ELEMENT_HANDLER.exec(code)).find((match) => match !== null);
    if (element) {
      const at = codes.findIndex((code) => ELEMENT_HANDLER.test(code));
      const target = promiseOfElement(handlers[at]!.closure);
      if (target !== undefined) addWait(target, COMBINATORS[element[1] as keyof typeof COMBINATORS], promise);
      return;
    }
    if (handlers.length === 2 && codes.every((code) => CAPABILITY_HANDLER.test(code))) {
      const [first, second] = handlers.map(({ closure }) => promiseOfResolver(closure));
      if (first !== undefined && first === second) addWait(first, 'race', promise);
      return;
    }
    if (derived === undefined) return;
    if (handlers.length === 0) return addWait(derived, 'adopts', promise);
    const names = handlers.map(({ closure }) => heap.name(closure)).filter((name) => name !== '');
    const how = codes.some((code) => FINALLY_HANDLER.test(code))
      ? 'finally'
      : isCatch(handlers)
        ? 'catch'
        : 'then';
    addWait(derived, how, promise, names.at(-1) ?? '');
  }

  /** `.catch(f)` fills only the slot of the rejection. Slots are numbered alike in one heap: await shows which is which. */
  function isCatch(handlers: Reaction['handlers']): boolean {
    return handlers.length === 1 && handlers[0]!.slot === rejectSlot();
  }

  function rejectSlot(): number | undefined {
    for (const reactions of reactionsOf.values()) {
      for (const { handlers } of reactions) {
        if (handlers.length === 2) return handlers[0]!.slot;
      }
    }
    return undefined;
  }

  function addWait(target: NodeIndex, how: Combinator, source: NodeIndex, handler = ''): void {
    const wait = waits.get(target) ?? { how, sources: new Set<NodeIndex>(), handler };
    wait.sources.add(source);
    // Promise.any gives its members the resolver of race beside its own handler: the more exact name stays.
    waits.set(target, wait);
  }

  function describeFunction(node: NodeIndex): SuspendedFunction | undefined {
    const closure = heap.follow(node, 'internal', 'function');
    if (closure === undefined) return undefined;
    const results: NodeIndex[] = [];
    let request: NodeIndex | undefined;
    for (const { type, to } of heap.edges(node)) {
      if (type !== 'hidden') continue;
      if (heap.name(to) === 'system / AsyncGeneratorRequest') request = to;
      else if (isPromise(to)) results.push(to);
    }
    const isGenerator = request !== undefined;
    const met = new Set<NodeIndex>();
    while (request !== undefined && !met.has(request)) {
      met.add(request);
      let next: NodeIndex | undefined;
      for (const { type, to } of heap.edges(request)) {
        if (type !== 'hidden') continue;
        if (heap.name(to) === 'system / AsyncGeneratorRequest') next = to;
        else if (isPromise(to)) results.push(to);
      }
      request = next;
    }
    const awaits = awaited.get(node);
    // It may have ended, or stand at a `yield`: only one that is asked for something surely still runs.
    if (!awaits && !results.some((result) => reactionsOf.has(result))) return undefined;
    const context = heap.follow(closure, 'internal', 'context');
    const extension = context === undefined ? undefined : heap.follow(context, 'internal', 'extension');
    const isModule = heap.name(closure) === '' && extension !== undefined && holdsGenerator(extension, node);
    return {
      node,
      id: heap.id(node),
      name: heap.name(closure),
      isModule,
      isGenerator,
      definition: heap.location(closure),
      results,
      awaits: awaits?.size === 1 ? [...awaits][0] : undefined,
    };
  }

  function holdsGenerator(module: NodeIndex, generator: NodeIndex): boolean {
    if (heap.name(module) !== 'system / SourceTextModule') return false;
    for (const { to } of heap.edges(module)) if (to === generator) return true;
    return false;
  }

  function isPromise(node: NodeIndex): boolean {
    return (
      heap.type(node) === 'object' &&
      (heap.name(node) === 'Promise' || heap.follow(node, 'internal', 'reactions_or_result') !== undefined)
    );
  }

  function codeOf(closure: NodeIndex): string {
    const code = heap.follow(closure, 'internal', 'code');
    return code === undefined ? '' : heap.name(code);
  }

  function generatorOf(closure: NodeIndex): NodeIndex | undefined {
    const context = heap.follow(closure, 'internal', 'context');
    if (context === undefined) return undefined;
    const extension = heap.follow(context, 'internal', 'extension');
    return extension !== undefined && generators.has(extension) ? extension : undefined;
  }

  function promiseOfResolver(closure: NodeIndex): NodeIndex | undefined {
    const context = heap.follow(closure, 'internal', 'context');
    if (context === undefined) return undefined;
    for (const { type, to } of heap.edges(context)) if (type === 'hidden' && isPromise(to)) return to;
    return undefined;
  }

  function promiseOfElement(closure: NodeIndex): NodeIndex | undefined {
    const context = heap.follow(closure, 'internal', 'context');
    if (context === undefined) return undefined;
    for (const { to } of heap.edges(context)) {
      if (heap.name(to) === 'system / PromiseCapability') return promiseOfCapability(to);
    }
    return undefined;
  }

  function promiseOfCapability(capability: NodeIndex): NodeIndex | undefined {
    for (const { type, to } of heap.edges(capability)) if (type === 'hidden' && isPromise(to)) return to;
    return undefined;
  }
}

function addTo(map: Map<NodeIndex, Set<NodeIndex>>, key: NodeIndex, value: NodeIndex): void {
  const set = map.get(key) ?? new Set();
  set.add(value);
  map.set(key, set);
}
