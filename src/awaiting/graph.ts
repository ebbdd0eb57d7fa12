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
  readonly closure: NodeIndex;
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
  /** The function given to `.then`. */
  readonly handler: NodeIndex | undefined;
}

export interface AwaitGraph {
  readonly functions: ReadonlyMap<NodeIndex, SuspendedFunction>;
  readonly promises: ReadonlyMap<NodeIndex, PendingPromise>;
  /** Whether a reaction hangs on the promise: somebody waits for it, and handles its rejection or passes it on. */
  readonly hasWaiter: (promise: NodeIndex) => boolean;
  /** All functions and promises that wait for the promise, through whatever lies between. */
  readonly allWaiting: (promise: NodeIndex) => ReadonlySet<NodeIndex>;
  /**
   * Whether everything that waited for the promise has been settled without it, for instance by the winner of a
   * Promise.race. The heap shows that only if the answer is an object, such as an error.
   */
  readonly isAbandoned: (promise: NodeIndex) => boolean;
}

/** Thousands may wait for one promise, for instance in a cache. Then the nearest are enough. */
const MOST_WAITING = 500;

const AWAIT_HANDLER = /^\((?:AsyncFunction|AsyncGenerator|Await)\w*(?:Resolve|Reject)Closure /;
const AWAIT_REJECTED = /^\((?:AsyncFunction|AsyncGenerator|Await)\w*RejectClosure /;
const ELEMENT_HANDLER = /^\(Promise(AllSettled|All|Any)(?:Resolve|Reject)ElementClosure /;
const CAPABILITY_HANDLER = /^\(PromiseCapabilityDefault(Resolve|Reject) /;
const MODULE_HANDLER = /^\(CallAsyncModule(?:Fulfilled|Rejected) /;
const FINALLY_HANDLER = /^\(Promise(?:Then|Catch)Finally/;
const COMBINATORS = { All: 'all', AllSettled: 'allSettled', Any: 'any' } as const;

interface Wait {
  readonly how: Combinator;
  readonly sources: Set<NodeIndex>;
  readonly handler: NodeIndex | undefined;
}

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

  const awaited = new Map<NodeIndex, NodeIndex[]>();
  const waits = new Map<NodeIndex, Wait>();
  /** What waits for a promise: another promise, a promise that is settled and gone, or something else. */
  const waiters = new Map<NodeIndex, (NodeIndex | 'answered' | 'other')[]>();
  let rejectSlot: number | undefined;
  let awaitedBy: ReadonlyMap<NodeIndex, readonly NodeIndex[]> | undefined;
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
      handler: wait?.handler,
    });
  }
  return {
    functions,
    promises,
    hasWaiter: (promise) => reactionsOf.has(promise),
    allWaiting,
    isAbandoned(promise) {
      const all = waiters.get(promise) ?? [];
      return all.length > 0 && all.every((waiter) => waiter === 'answered' || isSettled(waiter));
    },
  };

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
    // V8 numbers only the slots that hold an object. The first of them holds the next reaction, if there is one.
    const shift = next === undefined ? 0 : 1;
    const numbered = handlers.map(({ closure, slot }) => ({ closure, slot: slot - shift }));
    return { handlers: numbered.toSorted((a, b) => a.slot - b.slot), derived, next };
  }

  function readReaction(promise: NodeIndex, reaction: Reaction): void {
    const { target = 'other', ...wait } = waitOf(promise, reaction);
    addTo(waiters, promise, target);
    if (typeof target === 'string' || wait.how === undefined) return;
    const known = waits.get(target) ?? { how: wait.how, sources: new Set(), handler: wait.handler };
    known.sources.add(promise);
    waits.set(target, known);
  }

  /** What a reaction tells: which promise waits for this one, and how. A function that awaits it is noted apart. */
  function waitOf(
    promise: NodeIndex,
    { handlers, derived }: Reaction,
  ): {
    target?: NodeIndex | 'answered' | undefined;
    how?: Combinator;
    handler?: NodeIndex | undefined;
  } {
    const codes = handlers.map(({ closure }) => codeOf(closure));
    if (handlers.length === 2 && codes.every((code) => AWAIT_HANDLER.test(code))) {
      const [first, second] = handlers.map(({ closure }) => generatorOf(closure));
      // Both closures must resume the same function. If they do not, this is no await.
      if (first !== undefined && first === second) addTo(awaited, first, promise);
      return {};
    }
    if (codes.some((code) => MODULE_HANDLER.test(code))) return {};
    const element = codes.map((code) => ELEMENT_HANDLER.exec(code)).find((match) => match !== null);
    if (element) {
      const at = codes.findIndex((code) => ELEMENT_HANDLER.test(code));
      const how = COMBINATORS[element[1] as keyof typeof COMBINATORS];
      return { target: promiseOfElement(handlers[at]!.closure), how };
    }
    if (handlers.length === 2 && codes.every((code) => CAPABILITY_HANDLER.test(code))) {
      const [first, second] = handlers.map(({ closure }) => promiseOfResolver(closure));
      // A resolver that has been called does not hold its promise any more.
      if (first === undefined && second === undefined) return { target: 'answered' };
      // `resolve(promise)` makes no derived promise. `.then(resolve, reject)`, as Promise.race calls it, makes one.
      const how = derived === undefined ? 'adopts' : 'race';
      return first === second ? { target: first, how } : {};
    }
    if (handlers.length === 0) return { target: derived, how: 'adopts' };
    return { target: derived, how: methodOf(handlers, codes), handler: handlers.at(-1)!.closure };
  }

  /** The method that was called on the promise. `codes` are the names of the handlers' code. */
  function methodOf(handlers: Reaction['handlers'], codes: readonly string[]): Combinator {
    if (codes.some((code) => FINALLY_HANDLER.test(code))) return 'finally';
    return isCatch(handlers) ? 'catch' : 'then';
  }

  /** `.catch(f)` fills only the slot of the rejection. Slots are numbered alike in one heap: await shows which is which. */
  function isCatch(handlers: Reaction['handlers']): boolean {
    rejectSlot ??= findRejectSlot();
    return handlers.length === 1 && handlers[0]!.slot === rejectSlot;
  }

  /** The names of the functions that resume an await tell which of them is for a rejection. */
  function findRejectSlot(): number {
    for (const reactions of reactionsOf.values()) {
      for (const { handlers } of reactions) {
        const rejecting = handlers.find(({ closure }) => AWAIT_REJECTED.test(codeOf(closure)));
        if (rejecting) return rejecting.slot;
      }
    }
    return -1;
  }

  function allWaiting(promise: NodeIndex): Set<NodeIndex> {
    awaitedBy ??= inverted(awaited);
    const found = new Set<NodeIndex>();
    const rest = [promise];
    for (const at of rest) {
      for (const waiter of waiters.get(at) ?? []) if (typeof waiter === 'number') add(waiter);
      for (const node of awaitedBy.get(at) ?? []) {
        found.add(node);
        functions.get(node)?.results.forEach(add);
      }
    }
    return found;

    function add(other: NodeIndex): void {
      if (found.has(other) || rest.length > MOST_WAITING) return;
      found.add(other);
      rest.push(other);
    }
  }

  /** The answer of a settled promise stands where the reactions of a pending one do. */
  function isSettled(promise: NodeIndex | 'other'): boolean {
    if (promise === 'other') return false;
    const held = heap.follow(promise, 'internal', 'reactions_or_result');
    return held !== undefined && heap.name(held) !== 'system / PromiseReaction';
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
    // It may have ended, or stand at a `yield`. It surely still runs only if its result is awaited.
    if (!awaits && !results.some((result) => reactionsOf.has(result))) return undefined;
    const context = heap.follow(closure, 'internal', 'context');
    const extension = context === undefined ? undefined : heap.follow(context, 'internal', 'extension');
    const isModule = heap.name(closure) === '' && extension !== undefined && holdsGenerator(extension, node);
    return {
      node,
      id: heap.id(node),
      name: heap.name(closure),
      closure,
      isModule,
      isGenerator,
      definition: heap.location(closure),
      results,
      awaits: awaits?.length === 1 ? awaits[0] : undefined,
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

function inverted(awaited: ReadonlyMap<NodeIndex, readonly NodeIndex[]>): Map<NodeIndex, NodeIndex[]> {
  const map = new Map<NodeIndex, NodeIndex[]>();
  for (const [node, promises] of awaited) for (const promise of promises) addTo(map, promise, node);
  return map;
}

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
