// What settles a promise that no other promise settles. Only code that calls its resolving functions can do that. So we
// go up from those to everything that holds them, until we find a caller: a timer, an event, a file operation.
//
// Two kinds of path lead up. A closure may use the variable that holds a resolver, and call it. Such a path ends at a
// caller. Or a resolver is stored in an array or in a field of an object. Any code that takes it out may call it, and
// no graph shows which code that is. Then we say where it is stored, and `?`. Only objects that we know (a request of
// undici, an operation of fs) are callers that keep their resolver in a field.
import type { AwaitGraph } from './graph.ts';
import type { Edge, NodeIndex, Snapshot } from './snapshot.ts';

export type Leaf =
  | { readonly kind: 'timer'; readonly node: NodeIndex }
  | { readonly kind: 'immediate' | 'file' | 'shared memory' | 'web stream' }
  /** `node` is the emitter. */
  | { readonly kind: 'event'; readonly event: string; readonly emitter: string; readonly node: NodeIndex }
  /** One of these streams has to end. */
  | { readonly kind: 'stream end'; readonly streams: readonly string[] }
  /** An event of an EventTarget, such as AbortSignal; '' where the snapshot does not tell which. */
  | { readonly kind: 'target'; readonly event: string; readonly target: string }
  | { readonly kind: 'request'; readonly what: string }
  | { readonly kind: 'native'; readonly what: string };

/**
 * Something that waits itself, and may call the resolver when it goes on: a handler of this promise, or the rest of
 * this function.
 */
export interface Intermediary {
  readonly kind: 'promise' | 'function';
  readonly node: NodeIndex;
}

/** Everything that may settle a promise. */
export interface Settlers {
  readonly leaves: readonly Leaf[];
  readonly through: readonly Intermediary[];
  /** Where a resolver is stored, as a path of names: `waiters[].resolve`. */
  readonly heldIn: string | undefined;
}

export interface Sources {
  /** Whether the source of a function uses a variable; true where the source is not known. */
  readonly mentions: (closure: NodeIndex, variable: string) => boolean;
  /** Whether a function is Node's own. */
  readonly isNodes: (closure: NodeIndex) => boolean;
}

type Holder = Edge & { readonly from: NodeIndex };

interface Step {
  readonly node: NodeIndex;
  /** The path leads through an array, or a field of an object. */
  readonly isStored: boolean;
  /** The names from here down to the resolver; undefined inside Node's own objects, where no name helps a reader. */
  readonly path: string | undefined;
}

const MOST_STEPS = 14;
/** The longest chain of objects that hold one another. Further up, everything holds everything. */
const MOST_OBJECTS = 6;
const MOST_NODES = 400;
const MOST_HOLDERS = 200;
/** Contexts inside the one with the variable: a module has one for each call of each of its functions. */
const MOST_CONTEXTS = 50;
const RESOLVER = /^\(PromiseCapabilityDefault(?:Resolve|Reject) /;
const FILE_REQUEST = /^(?:FSReq|FileHandleCloseReq|ReadFileJob|Node \/ FSReq|Node \/ FileHandle)/;
const WEB_STREAM_REQUEST = /^(?:DefaultReadRequest|ReadIntoRequest|R(?:eadableStream)?\w*ReadRequest)$/;
const KNOWN_OBJECTS = new Set<Leaf['kind']>(['file', 'web stream', 'native', 'request']);
/** Objects whose name says nothing: a path of names goes on above them. */
const GENERIC =
  /^(?:FixedCircularBuffer|FixedQueue|Object|Array|Map|Set|WeakMap|Generator|Promise|system \/ .*|\(.*\)|)$/;

export function settlersOf(
  heap: Snapshot,
  graph: AwaitGraph,
  promise: NodeIndex,
  { mentions, isNodes }: Sources,
): Settlers {
  const resolvers: NodeIndex[] = [];
  for (const { type, from } of heap.holders(promise)) {
    const holder = heap.name(from);
    if (FILE_REQUEST.test(holder)) return only({ kind: 'file' });
    if (holder === 'system / Context' && type === 'hidden') resolvers.push(...resolversOf(from));
    for (const up of heap.type(from) === 'array' ? heap.holders(from) : []) {
      if (up.name === 'atomics_waitasync_promises') return only({ kind: 'shared memory' });
    }
  }
  const leaves: Leaf[] = [];
  const through: Intermediary[] = [];
  /** Suspended functions that hold the resolver in a register: they may have handed it on before. */
  const registers: Intermediary[] = [];
  /** All that wait for this promise. They cannot settle it by going on. */
  const waiting = graph.allWaiting(promise);
  let heldIn: string | undefined;
  search(resolvers);
  const ends = streamEnds(leaves);
  if (ends && through.length === 0) return { leaves: [ends], through: [], heldIn: undefined };
  const main = dropCompanions(leaves);
  // Known objects keep their resolver in a field by design. They do not only store it.
  if (main.some(({ kind }) => KNOWN_OBJECTS.has(kind))) heldIn = undefined;
  // An abort could end every wait, so it is the answer only if there is nothing else.
  const isAnswered = main.some((leaf) => !isAbort(leaf)) || through.length > 0 || heldIn !== undefined;
  if (isAnswered || registers.length === 0) return { leaves: main, through: outermost(through), heldIn };
  return { leaves: [], through: outermost(registers), heldIn };

  /**
   * Functions that await one another pass a resolver along. The outermost, which waits for the others, stands for them.
   */
  function outermost(list: readonly Intermediary[]): Intermediary[] {
    const isInner = ({ node, kind }: Intermediary) => {
      if (kind === 'promise') return false;
      const { results } = graph.functions.get(node)!;
      return list.some(
        (other) => other.node !== node && results.some((each) => graph.allWaiting(each).has(other.node)),
      );
    };
    return unique(list).filter((each) => !isInner(each));
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

  function search(start: readonly NodeIndex[]): void {
    // A node that was reached through a stored resolver may be reached again on a path that calls.
    const seen = new Map<NodeIndex, { isStored: boolean }>();
    let ring: Step[] = start.map((node) => ({ node, isStored: false, path: '' }));
    for (const step of ring) seen.set(step.node, step);
    let objects = 0;
    for (let step = 0; step < MOST_STEPS && ring.length > 0 && seen.size < MOST_NODES; step++) {
      const next: Step[] = [];
      for (const at of ring) {
        for (const reached of above(at)) {
          const known = seen.get(reached.node);
          if (known && (!known.isStored || reached.isStored)) continue;
          seen.set(reached.node, reached);
          next.push(reached);
        }
      }
      if (next.some(({ isStored }) => isStored)) objects++;
      ring = next.filter(({ isStored }) => !isStored || objects <= MOST_OBJECTS);
    }
  }

  function above(at: Step): Step[] {
    const found: Step[] = [];
    let count = 0;
    for (const holder of heap.holders(at.node)) {
      if (++count > MOST_HOLDERS) break;
      if (!isCaller(holder, at.isStored)) found.push(...stepUp(at, holder));
    }
    return found;
  }

  /** Notes the caller, if the holder is one. */
  function isCaller(holder: Holder, isStored: boolean): boolean {
    const known = knownObject(holder);
    if (known) {
      leaves.push(known);
      return true;
    }
    if (isStored) return false;
    if (heap.name(holder.from) === 'system / PromiseReaction') {
      const source = promiseOfReaction(holder.from);
      if (source !== undefined && source !== promise) through.push({ kind: 'promise', node: source });
      return true;
    }
    const leaf = leafAt(holder);
    if (leaf) leaves.push(leaf);
    if (leaf) return true;
    const suspended = functionOfRegisters(holder);
    if (suspended === undefined) return false;
    if (!waiting.has(suspended)) registers.push({ kind: 'function', node: suspended });
    return true;
  }

  /** Objects of Node and of undici that stand for one operation, and keep what they call in a field. */
  function knownObject({ type, name, from }: Holder): Leaf | undefined {
    if (type !== 'property') return undefined;
    const holder = heap.name(from);
    if (FILE_REQUEST.test(holder)) return { kind: 'file' };
    if (WEB_STREAM_REQUEST.test(holder)) return { kind: 'web stream' };
    if (name === 'oncomplete' || name === 'ondone' || name === 'callback') {
      if (/(?:Wrap|Job)$/.test(holder)) return { kind: 'native', what: holder };
    }
    return requestAt(from);
  }

  function leafAt({ name, type, from }: Holder): Leaf | undefined {
    const holder = heap.name(from);
    if (type === 'property') {
      if (holder === 'Timeout' && name === '_onTimeout') return { kind: 'timer', node: from };
      if (holder === 'Immediate' && name === '_onImmediate') return { kind: 'immediate' };
      if (holder === 'Listener') return listenerLeaf(from);
      return eventAt(from, name);
    }
    // Several listeners of one event stand in an array.
    const isElement =
      (type === 'internal' && name === 'elements') || (type === 'element' && holder === 'Array');
    if (!isElement) return undefined;
    for (const up of heap.holders(from)) {
      const event = up.type === 'property' ? eventAt(up.from, up.name) : undefined;
      if (event) return event;
    }
    return undefined;
  }

  /** `table` holds an emitter's listeners, and `name` is the event. */
  function eventAt(table: NodeIndex, name: string): Leaf | undefined {
    for (const up of heap.holders(table)) {
      if (up.type === 'property' && up.name === '_events') {
        return { kind: 'event', event: name, emitter: heap.name(up.from), node: up.from };
      }
    }
    return undefined;
  }

  /** An EventTarget keeps its listeners in chains of Listener objects, one chain an event, in a Map of its own. */
  function listenerLeaf(listener: NodeIndex): Leaf | undefined {
    const seen = new Set([listener]);
    const rest = [listener];
    /** The event that the Map has beside the chain. */
    let event = '';
    for (const node of rest) {
      for (const { name, from } of heap.holders(node)) {
        if (name === '<symbol kEvents>' || name === '<symbol events>') {
          // Older versions of Node make a signal by hand, and only its prototype has the name.
          const isNamed = heap.name(from) !== 'EventTarget';
          const named = isNamed ? from : (heap.follow(from, 'property', '__proto__') ?? from);
          return { kind: 'target', event, target: heap.name(named) };
        }
        const isTable = heap.type(from) === 'array';
        const isChain = ['next', 'previous', 'root', 'table'].includes(name);
        if (seen.has(from) || seen.size > MOST_HOLDERS || (!isTable && !isChain)) continue;
        const key = isTable ? heap.follow(from, 'internal', `${Number(name) - 1}`) : undefined;
        if (key !== undefined && heap.type(key) === 'string') event = heap.name(key);
        seen.add(from);
        rest.push(from);
      }
    }
    return undefined;
  }

  /** undici keeps what it sends as a Request with `method`, `origin`, `path`; node:http as a ClientRequest. */
  function requestAt(node: NodeIndex): Leaf | undefined {
    if (heap.name(node) !== 'Request') return undefined;
    const parts = ['method', 'origin', 'path'].map((part) => heap.follow(node, 'property', part));
    if (parts.some((part) => part === undefined)) return undefined;
    const [method, origin, path] = parts.map((part) => textOf(heap, part!));
    return { kind: 'request', what: `${method} ${origin}${path}` };
  }

  function promiseOfReaction(reaction: NodeIndex): NodeIndex | undefined {
    let at = reaction;
    for (let step = 0; step < 100; step++) {
      let up: NodeIndex | undefined;
      for (const holder of heap.holders(at)) {
        if (holder.name === 'reactions_or_result') return holder.from;
        if (heap.name(holder.from) === 'system / PromiseReaction') up = holder.from;
      }
      if (up === undefined) return undefined;
      at = up;
    }
    return undefined;
  }

  function functionOfRegisters({ type, from }: Holder): NodeIndex | undefined {
    if (type !== 'internal' || heap.type(from) !== 'array') return undefined;
    for (const { name, from: up } of heap.holders(from)) {
      if (name === 'parameters_and_registers' && graph.functions.has(up)) return up;
    }
    return undefined;
  }

  function stepUp(step: Step, holder: Holder): Step[] {
    const { isStored, path } = step;
    const { name, from } = holder;
    const kind = heap.type(from);
    const owner = heap.name(from);
    if (owner === 'system / Context') return stepUpVariable(step, holder);
    if (kind === 'closure') {
      // Node's `once` hangs the listener on the function that is called in its place.
      const isCalled = name === 'bindings' || name.startsWith('bound_argument') || name === 'listener';
      return isCalled ? [{ node: from, isStored, path }] : [];
    }
    if (kind === 'array') {
      const registers = functionOfRegisters(holder);
      if (registers !== undefined) noteLocal(registers, path);
      return registers !== undefined || name === 'properties' ? [] : [{ node: from, isStored, path }];
    }
    if (kind !== 'object' || graph.functions.has(from) || graph.promises.has(from)) return [];
    return stepUpObject(step, holder);
  }

  function stepUpVariable({ isStored, path }: Step, { type, name, from }: Holder): Step[] {
    // Node's own variables have no name in some heaps.
    if (type === 'hidden') return isStored ? [] : usersOf(from, undefined);
    if (type !== 'context') return [];
    // The listener of Node's `on` takes from this queue, and nobody else does.
    if (!isStored || name === 'unconsumedPromises') return usersOf(from, name);
    note(name, path);
    return [];
  }

  function stepUpObject({ node, isStored, path }: Step, { type, name, from }: Holder): Step[] {
    // Node's own objects, such as the iterators of `on` and of streams, hold methods. No program has stored a resolver
    // there.
    const known = heap.type(node) === 'closure' && isNodes(node) ? undefined : path;
    if (type === 'element' || name === 'elements' || name === 'table') {
      const inside = known?.startsWith('[]') ? known : prefixed('[]', known);
      return [{ node: from, isStored: true, path: inside }];
    }
    if (type !== 'property') return [];
    const owner = heap.name(from);
    if (/^(?:global|Window)\b/.test(owner)) {
      note(name, known);
      return [];
    }
    const below = name.startsWith('<symbol') ? known : prefixed(`.${name}`, known);
    // The object that Promise.withResolvers returns does not count as stored, as long as it is in a variable.
    const isPair = owner === 'Object' && (name === 'resolve' || name === 'reject') && path === '';
    if (isPair && !isStored) return [{ node: from, isStored, path: below }];
    if (!GENERIC.test(owner)) note(owner, below);
    return [{ node: from, isStored: true, path: below }];
  }

  /**
   * The functions that use a variable in which the resolver stands, or something that calls it. Some of Node's own
   * variables have no name in the heap. Then all functions that can see the variable are returned.
   */
  function usersOf(context: NodeIndex, variable: string | undefined): Step[] {
    const isUsedIn = (closure: NodeIndex) => variable === undefined || mentions(closure, variable);
    const users: Step[] = [];
    const contexts = [context];
    for (const at of contexts) {
      let count = 0;
      for (const { name, from } of heap.holders(at)) {
        if (++count > MOST_HOLDERS) break;
        const isInner = name === 'previous' && heap.name(from) === 'system / Context';
        if (isInner && contexts.length < MOST_CONTEXTS) contexts.push(from);
        if (name !== 'context') continue;
        const suspended = graph.functions.get(from);
        if (suspended) {
          if (!waiting.has(from) && isUsedIn(suspended.closure)) {
            through.push({ kind: 'function', node: from });
          }
        } else if (heap.type(from) === 'closure' && isUsedIn(from)) {
          users.push({ node: from, isStored: false, path: '' });
        }
      }
    }
    return users;
  }

  function noteLocal(node: NodeIndex, path: string | undefined): void {
    if (waiting.has(node)) return;
    const { closure, name } = graph.functions.get(node)!;
    if (isNodes(closure)) registers.push({ kind: 'function', node });
    else if (path !== undefined) heldIn ??= `a local variable of ${name || 'a function'}`;
  }

  function note(base: string, path: string | undefined): void {
    // `resolve` and `reject` are stored side by side. Which of them was found first means nothing.
    if (path !== undefined) heldIn ??= base + path.replace(/\.(?:resolve|reject)$/, '');
  }
}

function prefixed(prefix: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : prefix + path;
}

function only(leaf: Leaf): Settlers {
  return { leaves: [leaf], through: [], heldIn: undefined };
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
 * `once(emitter, 'ready')` also listens for 'error' and for an abort, and a reader of a stream also listens for its
 * end. They would end the wait, but the program does not wait for them.
 */
function dropCompanions(leaves: readonly Leaf[]): Leaf[] {
  const request = leaves.find(({ kind }) => kind === 'request');
  const withoutAborts = keepIfAny(
    unique(leaves),
    // Events of undici's fetch end a request, but the program waits for the request itself.
    (leaf) => !(leaf.kind === 'event' && leaf.emitter === 'Fetch' && request !== undefined),
    (leaf) => !isAbort(leaf),
    (leaf) => eventOf(leaf) !== 'error' && eventOf(leaf) !== 'messageerror',
    (leaf) => !ENDINGS.has(eventOf(leaf)) || (leaf.kind === 'event' && leaf.emitter === 'ChildProcess'),
  );
  // The output of a child process is collected until it ends, so the program waits for the end.
  const child = withoutAborts.find((leaf) => leaf.kind === 'event' && leaf.emitter === 'ChildProcess');
  return child ? [child] : withoutAborts;
}

function eventOf(leaf: Leaf): string {
  return leaf.kind === 'event' || leaf.kind === 'target' ? leaf.event : '';
}

function isAbort(leaf: Leaf): boolean {
  return leaf.kind === 'target' && leaf.target === 'AbortSignal';
}

function unique<Item>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** Applies each condition, unless it would leave nothing. */
function keepIfAny(leaves: readonly Leaf[], ...conditions: ((leaf: Leaf) => boolean)[]): Leaf[] {
  let kept = [...leaves];
  for (const condition of conditions) {
    const rest = kept.filter(condition);
    if (rest.length > 0) kept = rest;
  }
  return kept;
}

/** The text of a string. V8 keeps a string that was put together as its two halves. */
function textOf(heap: Snapshot, node: NodeIndex): string {
  const halves = ['first', 'second'].map((half) => heap.follow(node, 'internal', half));
  if (halves.some((half) => half === undefined)) return heap.name(node);
  return halves.map((half) => textOf(heap, half!)).join('');
}

function streamEnds(leaves: readonly Leaf[]): Leaf | undefined {
  const events = leaves.filter((leaf) => leaf.kind === 'event');
  const names = new Set(events.map(({ event }) => event));
  const isStream =
    events.length === leaves.length &&
    names.size > 1 &&
    (names.has('finish') || names.has('end')) &&
    [...names].every((name) => ENDINGS.has(name));
  if (!isStream) return undefined;
  return { kind: 'stream end', streams: [...new Set(events.map(({ emitter }) => emitter))].toSorted() };
}
