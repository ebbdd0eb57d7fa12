// Details that the snapshot does not have, and the running process has: the text of a script, the time that a timer has
// left, the peer of a socket. The first tree notes what it needs. Then this asks the process, and a second tree is made
// with the answers.
import { InspectorError, type Session } from './inspector.ts';
import { OBJECT_GROUP } from './places.ts';
import type { Scripts } from './scripts.ts';
import { mentionsIn } from './source-text.ts';
import type { NodeIndex, Snapshot } from './snapshot.ts';
import type { TreeOptions } from './tree.ts';

type Answers = Pick<TreeOptions, 'leftOf' | 'detailOf' | 'mentions'>;

/**
 * To find one object, the inspector walks past all objects. All walks together may pass this many. The rest gets no
 * details.
 */
const MOST_WALKED = 10_000_000;
const FEWEST = 4;
const AT_ONCE = 16;

/**
 * To find all objects of one class takes as long as three such walks. So if there are more timers than these, only one is
 * looked up, and the others are found with it.
 */
const MOST_TIMERS_ALONE = 4;
/** If the target has more timers than these, their answers would take longer than the walks. */
const MOST_TIMERS_IN_ALL = 500;

/** Runs inside the target, on a Timeout. Its start is in milliseconds since the process started, like performance.now. */
const LEFT = `function () { return this._idleStart + this._idleTimeout - performance.now(); }`;
const PROTOTYPE = `function () { return Object.getPrototypeOf(this); }`;
const COUNT = `function () { return this.length; }`;

/**
 * Runs inside the target, on an emitter whose class has this name. Only Node's own classes are asked: the getters of another
 * class of the same name may do anything. Each function asks for one module of Node only. If the target has not loaded it, it
 * is loaded and stays in the memory of the target.
 */
const SOCKET = `function () {
  if (!(this instanceof process.getBuiltinModule('node:net').Socket)) return;
  if (this.remoteAddress) return 'a socket (' + this.remoteAddress + ':' + this.remotePort + ')';
  return this._handle?.constructor?.name === 'Pipe' ? 'a pipe' : 'a socket';
}`;
const DETAILS: Readonly<Record<string, string>> = {
  Socket: SOCKET,
  TLSSocket: SOCKET,
  ChildProcess: `function () {
    if (!(this instanceof process.getBuiltinModule('node:child_process').ChildProcess)) return;
    return 'a child process (' + this.spawnfile + ', pid ' + this.pid + ')';
  }`,
  Worker: `function () {
    if (!(this instanceof process.getBuiltinModule('node:worker_threads').Worker)) return;
    return 'a worker thread (thread ' + this.threadId + ')';
  }`,
  ClientRequest: `function () {
    if (!(this instanceof process.getBuiltinModule('node:http').ClientRequest)) return;
    return 'an HTTP request (' + this.method + ' ' + (this.getHeader('host') ?? this.host) + this.path + ')';
  }`,
};

interface RemoteObject {
  readonly objectId: string;
}

export class Details implements Answers {
  readonly #session: Session;
  readonly #heap: Snapshot;
  readonly #scripts: Scripts;
  readonly #most: number;
  readonly #asked = {
    timers: new Set<NodeIndex>(),
    emitters: new Set<NodeIndex>(),
    scripts: new Set<string>(),
  };
  readonly #left = new Map<NodeIndex, number>();
  readonly #names = new Map<NodeIndex, string>();
  readonly #mentioned = new Map<string, boolean>();
  lookups = 0;
  spentMs = 0;

  constructor(session: Session, heap: Snapshot, scripts: Scripts) {
    this.#session = session;
    this.#heap = heap;
    this.#scripts = scripts;
    this.#most = Math.max(FEWEST, Math.floor(MOST_WALKED / heap.nodeCount));
  }

  leftOf = (timer: NodeIndex): number | undefined => {
    this.#asked.timers.add(timer);
    return this.#left.get(timer);
  };

  detailOf = (emitter: NodeIndex): string | undefined => {
    if (Object.hasOwn(DETAILS, this.#heap.name(emitter))) this.#asked.emitters.add(emitter);
    return this.#names.get(emitter);
  };

  mentions = (closure: NodeIndex, variable: string): boolean => {
    const place = this.#heap.location(closure);
    if (!place) return true;
    this.#asked.scripts.add(place.scriptId);
    const start = this.#scripts.positionOf(place);
    if (!start) return true;
    const key = `${place.scriptId}:${place.line}:${place.column} ${variable}`;
    const known = this.#mentioned.get(key) ?? mentionsIn(start.source, start.at, variable);
    this.#mentioned.set(key, known);
    return known;
  };

  /** Asks the process for everything that was noted so far. */
  async find(signal: AbortSignal | undefined): Promise<void> {
    await this.#scripts.load(this.#asked.scripts, signal);
    const started = performance.now();
    const { emitters, timers } = this.#asked;
    const [first] = timers;
    if (first !== undefined && timers.size > MOST_TIMERS_ALONE) await this.#findTimersLike(first);
    const found = this.#left.size;
    // The peer of a socket tells more than the time of a timer, so it is asked first.
    const rest = [...emitters, ...timers.difference(this.#left)].slice(0, this.#most);
    for (let from = 0; from < rest.length; from += AT_ONCE) {
      signal?.throwIfAborted();
      await Promise.all(rest.slice(from, from + AT_ONCE).map((node) => this.#ask(node)));
    }
    this.lookups = found + rest.length;
    this.spentMs = performance.now() - started;
  }

  async #ask(node: NodeIndex): Promise<void> {
    const object = await this.#lookUp(node);
    if (!object) return;
    const isTimer = this.#asked.timers.has(node);
    const value = await this.#valueOf(object, isTimer ? LEFT : DETAILS[this.#heap.name(node)]!);
    if (typeof value === 'number') this.#left.set(node, value);
    if (typeof value === 'string') this.#names.set(node, value);
  }

  /** The time that is left of all timers that were asked for, by a search for all objects of the class of one of them. */
  async #findTimersLike(timer: NodeIndex): Promise<void> {
    const object = await this.#lookUp(timer);
    const prototype = object && (await this.#prototypeOf(object));
    const query =
      prototype &&
      (await this.#calmly(
        this.#session.post<{ objects: RemoteObject }>('Runtime.queryObjects', {
          prototypeObjectId: prototype.objectId,
          objectGroup: OBJECT_GROUP,
        }),
      ));
    if (!query || Number(await this.#valueOf(query.objects, COUNT)) > MOST_TIMERS_IN_ALL) return;
    const nodes = new Map([...this.#asked.timers].map((node) => [`${this.#heap.id(node)}`, node]));
    const list = await this.#calmly(
      this.#session.post<{ result: readonly { value?: RemoteObject }[] }>('Runtime.getProperties', {
        objectId: query.objects.objectId,
        ownProperties: true,
      }),
    );
    const found = list?.result.flatMap(({ value }) => (value?.objectId === undefined ? [] : [value])) ?? [];
    await Promise.all(
      found.map(async (each) => {
        const told = await this.#calmly(
          this.#session.post<{ heapSnapshotObjectId: string }>('HeapProfiler.getHeapObjectId', each),
        );
        const node = nodes.get(told?.heapSnapshotObjectId ?? '');
        if (node === undefined) return;
        const left = await this.#valueOf(each, LEFT);
        if (typeof left === 'number') this.#left.set(node, left);
      }),
    );
  }

  async #lookUp(node: NodeIndex): Promise<RemoteObject | undefined> {
    const answer = await this.#calmly(
      this.#session.post<{ result: RemoteObject }>('HeapProfiler.getObjectByHeapObjectId', {
        objectId: `${this.#heap.id(node)}`,
        objectGroup: OBJECT_GROUP,
      }),
    );
    return answer?.result;
  }

  async #prototypeOf({ objectId }: RemoteObject): Promise<RemoteObject | undefined> {
    const answer = await this.#calmly(
      this.#session.post<{ result: RemoteObject }>('Runtime.callFunctionOn', {
        objectId,
        functionDeclaration: PROTOTYPE,
        objectGroup: OBJECT_GROUP,
      }),
    );
    return answer?.result;
  }

  /** What a function of ours returns that is called on an object of the target. */
  async #valueOf({ objectId }: RemoteObject, functionDeclaration: string): Promise<unknown> {
    const answer = await this.#calmly(
      this.#session.post<{ result: { value?: unknown } }>('Runtime.callFunctionOn', {
        objectId,
        functionDeclaration,
        returnByValue: true,
      }),
    );
    return answer?.result.value;
  }

  /** An object that is gone since the snapshot gets no details. */
  async #calmly<Result>(answer: Promise<Result>): Promise<Result | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof InspectorError) || error.isEnd) throw error;
      return undefined;
    }
  }
}
