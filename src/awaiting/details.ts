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

/** Runs inside the target, on a Timeout. Its start is in milliseconds since the process started, like performance.now. */
const LEFT = `function () { return this._idleStart + this._idleTimeout - performance.now(); }`;

/**
 * Runs inside the target. Only Node's own classes are asked: the getters of another class of the same name may do
 * anything.
 */
const DETAIL = `function () {
  const { Socket } = process.getBuiltinModule('node:net');
  const { ChildProcess } = process.getBuiltinModule('node:child_process');
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const { ClientRequest } = process.getBuiltinModule('node:http');
  if (this instanceof Socket) {
    if (this.remoteAddress) return 'a socket (' + this.remoteAddress + ':' + this.remotePort + ')';
    return this._handle?.constructor?.name === 'Pipe' ? 'a pipe' : 'a socket';
  }
  if (this instanceof ChildProcess) return 'a child process (' + this.spawnfile + ', pid ' + this.pid + ')';
  if (this instanceof Worker) return 'a worker thread (thread ' + this.threadId + ')';
  if (this instanceof ClientRequest) return 'an HTTP request (' + this.method + ' ' + (this.getHeader('host') ?? this.host) + this.path + ')';
}`;
const WITH_DETAIL = /^(?:Socket|TLSSocket|ChildProcess|Worker|ClientRequest)$/;

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
    if (WITH_DETAIL.test(this.#heap.name(emitter))) this.#asked.emitters.add(emitter);
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
    // The peer of a socket tells more than the time of a timer, so it is asked first.
    const chosen = [...this.#asked.emitters, ...this.#asked.timers].slice(0, this.#most);
    for (let from = 0; from < chosen.length; from += AT_ONCE) {
      signal?.throwIfAborted();
      await Promise.all(chosen.slice(from, from + AT_ONCE).map((node) => this.#ask(node)));
    }
    this.lookups = chosen.length;
    this.spentMs = performance.now() - started;
  }

  async #ask(node: NodeIndex): Promise<void> {
    const object = await this.#calmly(
      this.#session.post<{ result: { objectId: string } }>('HeapProfiler.getObjectByHeapObjectId', {
        objectId: `${this.#heap.id(node)}`,
        objectGroup: OBJECT_GROUP,
      }),
    );
    if (!object) return;
    const answer = await this.#calmly(
      this.#session.post<{ result: { value?: unknown } }>('Runtime.callFunctionOn', {
        objectId: object.result.objectId,
        functionDeclaration: this.#asked.timers.has(node) ? LEFT : DETAIL,
        returnByValue: true,
      }),
    );
    const value = answer?.result.value;
    if (typeof value === 'number') this.#left.set(node, value);
    if (typeof value === 'string') this.#names.set(node, value);
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
