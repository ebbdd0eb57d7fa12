// Looks at a thread: its snapshot, its await tree, and what the look cost the target. For several looks at one thread,
// keep the same observer. Then an object keeps its number, and we see which functions were there before.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { typedPath } from '../files/typed-path.ts';
import { Details } from './details.ts';
import { awaitGraph, type AwaitGraph } from './graph.ts';
import { InspectorError, type Session } from './inspector.ts';
import { callAges, KEPT_SOURCE, lostFindings, readKept, type KeptCounts } from './keep.ts';
import { lookUpPlaces, OBJECT_GROUP } from './places.ts';
import { Scripts } from './scripts.ts';
import { SnapshotReader, type NodeIndex, type Place, type Snapshot } from './snapshot.ts';
import { awaitTree, isLibraryUrl, PROBE, type AwaitTree, type TreeOptions } from './tree.ts';

export interface Look {
  /** The version of the target's Node. */
  readonly node: string;
  readonly pid: number;
  /** The line that ran when the event loop did not turn; the tree is of that moment. */
  readonly running: string | undefined;
  readonly tree: AwaitTree;
  readonly price: Price;
  /** With --keep: the promises that it followed. Ages are times since a call then. */
  readonly kept?: KeptCounts;
}

export interface Price {
  /** From the command to take the snapshot to its last piece. The target does nothing else meanwhile. */
  readonly pauseMs: number;
  readonly snapshotBytes: number;
  /** The most that our own process has had in memory so far, everything included. */
  readonly ownPeakBytes: number;
  /** Places and details that we asked the running target for. To find their objects, it walks through its heap. */
  readonly lookups: number;
  /** What all of them took together. */
  readonly lookupMs: number;
  /** Functions whose place was not looked up, because there are too many. */
  readonly leftOut: number;
}

export interface LookOptions {
  readonly all: boolean;
  readonly locals: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Asked before a pause of a heap above 256 MiB. */
  readonly mayPause: (heapBytes: number) => Promise<boolean>;
}

/** The internals of the target's V8 are not those that we know. We print no tree rather than a wrong one. */
export class UnknownInternalsError extends Error {
  override readonly name = 'UnknownInternalsError';
}

export const LARGE_HEAP = 256 * 2 ** 20;
const ANSWER_MS = 1500;
const PAUSE_MS = 5000;

/** A small await tree of known shape. If the snapshot does not show exactly this tree, V8 has changed. */
const PROBE_SOURCE = `(() => {
  const gates = [];
  const gate = () => new Promise((resolve) => gates.push(resolve));
  async function awaitingProbeLeaf() { await gate(); }
  async function awaitingProbeThen() { await gate().then(() => {}); }
  async function awaitingProbeRoot() { await Promise.all([awaitingProbeLeaf(), awaitingProbeThen()]); }
  awaitingProbeRoot();
  return gates;
})()`;

interface Target {
  readonly version: string;
  readonly pid: number;
  /** The threads of libuv, for files, names and crypto. */
  readonly threadPoolSize: number;
}

const TARGET =
  '({ version: process.version, pid: process.pid, threadPoolSize: Number(process.env.UV_THREADPOOL_SIZE) || 4 })';

/**
 * Settles when the event loop turns. A thread that computes still evaluates an expression, but its event loop does not
 * turn.
 */
const TURN_SOURCE = `new Promise((resolve) =>
  (process.getBuiltinModule?.('node:timers') ?? globalThis).setImmediate(() => resolve(0)))`;

interface PauseEvent {
  readonly callFrames: readonly Frame[];
}

interface Frame {
  readonly functionName: string;
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber?: number;
  };
}

export class Observer implements AsyncDisposable {
  readonly #session: Session;
  readonly #scripts: Scripts;
  /** When each function was seen first, by its number. */
  readonly #sightings = new Map<number, number>();
  #reader = new SnapshotReader();
  #paused = Promise.withResolvers<PauseEvent>();
  #isPaused = false;
  readonly #standsStill: boolean;
  readonly #answerMs: number;

  /**
   * `standsStill`: the target does nothing but answer, and its event loop does not turn. `answerMs`: a target whose event
   * loop does not turn for so long computes.
   */
  constructor(session: Session, standsStill = false, answerMs = ANSWER_MS) {
    this.#session = session;
    this.#standsStill = standsStill;
    this.#answerMs = answerMs;
    this.#scripts = new Scripts(session);
    session.on('Debugger.paused', (paused: PauseEvent) => this.#paused.resolve(paused));
    session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }: { chunk: string | Uint8Array }) =>
      this.#reader.write(chunk),
    );
  }

  /** @throws {InspectorError} if the target does not answer, refuses, or ends; {UnknownInternalsError} */
  async look(options: LookOptions): Promise<Look> {
    const running = await this.#stopIfBusy();
    try {
      return await this.#lookAt(running, options);
    } finally {
      await this.#calmly('Runtime.releaseObjectGroup', { objectGroup: OBJECT_GROUP });
      await this.#goOn();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#calmly('HeapProfiler.disable');
    await this.#calmly('Debugger.disable');
  }

  async #lookAt(running: string | undefined, options: LookOptions): Promise<Look> {
    await this.#session.post('Debugger.enable');
    const usage = await this.#session.post<{ usedSize: number }>('Runtime.getHeapUsage');
    if (usage.usedSize > LARGE_HEAP && !(await options.mayPause(usage.usedSize))) {
      const size = Math.round(usage.usedSize / 2 ** 20);
      throw new InspectorError(`its heap is ${size} MiB, so a look pauses it for long; --yes allows that`);
    }
    const { version, pid, threadPoolSize } = await this.#whoItIs();
    const probe = await this.#session.post<{ result: { objectId?: string } }>('Runtime.evaluate', {
      expression: PROBE_SOURCE,
      objectGroup: OBJECT_GROUP,
    });
    const kept = await this.#valueOf<KeptCounts>(KEPT_SOURCE);
    const started = performance.now();
    const heap = await this.#takeSnapshot();
    const pauseMs = performance.now() - started;
    const births = kept ? readKept(heap) : undefined;
    const graph = awaitGraph(heap);
    if (probe.result.objectId === undefined || !showsProbe(graph)) {
      throw new UnknownInternalsError(
        `the internals of this Node (${version}) differ from those of Node 20, 22, 24 and 26, so a tree could be wrong, and none is shown`,
      );
    }
    const places = await lookUpPlaces(
      this.#session,
      heap,
      graph,
      this.#scripts,
      [...graph.functions.values()].filter(({ name, definition }) => {
        const url = this.#scripts.urlOf(definition?.scriptId ?? '') ?? '';
        return !PROBE.test(name) && (options.all || !isLibraryUrl(url));
      }),
      options,
    );
    const ages = births ? callAges(graph, births, kept!.nowMs) : this.#agesOf(graph);
    const details = new Details(this.#session, heap, this.#scripts);
    const treeOptions: TreeOptions = {
      all: options.all,
      scriptOf: (id) => this.#scripts.urlOf(id) ?? '',
      placeOf: places.of,
      ageMs: (node) => ages.get(node),
      show: (place) => showPlace(place, this.#scripts),
      leftOf: details.leftOf,
      detailOf: details.detailOf,
      mentions: details.mentions,
      threadPoolSize,
    };
    // The first tree asks for details, and the second is made with them.
    awaitTree(heap, graph, treeOptions);
    await details.find(options.signal);
    const tree = awaitTree(heap, graph, treeOptions);
    const isOwn = (scriptId: string) => !isLibraryUrl(this.#scripts.urlOf(scriptId) ?? '');
    const lost = births ? lostFindings(heap, graph, treeOptions.show, isOwn) : [];
    return {
      node: version,
      pid,
      running,
      tree: { ...tree, findings: [...lost, ...tree.findings] },
      ...(kept ? { kept } : {}),
      price: {
        pauseMs,
        snapshotBytes: heap.size,
        ownPeakBytes: ownPeakBytes(),
        lookups: places.lookups + details.lookups,
        lookupMs: places.spentMs + details.spentMs,
        leftOut: places.leftOut,
      },
    };
  }

  async #whoItIs(): Promise<Target> {
    const target = await this.#valueOf<Target>(TARGET);
    return target ?? { version: 'unknown', pid: 0, threadPoolSize: Infinity };
  }

  async #valueOf<Value>(expression: string): Promise<Value | undefined> {
    const { result } = await this.#session.post<{ result: { value?: Value } }>('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    return result.value;
  }

  /** @returns the running line if the target computes: it is paused then, and answers */
  async #stopIfBusy(): Promise<string | undefined> {
    if (this.#standsStill) return undefined;
    const answer = this.#session
      .post('Runtime.evaluate', { expression: TURN_SOURCE, awaitPromise: true, returnByValue: true })
      .then(() => undefined);
    if ((await within(answer, this.#answerMs)).isThere) return undefined;
    this.#paused = Promise.withResolvers();
    const ordered = [this.#session.post('Debugger.enable'), this.#session.post('Debugger.pause')];
    for (const order of ordered) order.catch(() => {});
    // It may only have been slow. If it answers now, it does not compute.
    const stop = await within(Promise.race([answer, this.#paused.promise]), PAUSE_MS);
    if (!stop.isThere)
      throw new InspectorError('it does not answer, and runs no JavaScript that could be paused');
    this.#isPaused = stop.value !== undefined;
    if (!stop.value) return undefined;
    const [frame] = stop.value.callFrames;
    if (!frame) return 'native code';
    const { scriptId, lineNumber, columnNumber = 0 } = frame.location;
    const place = { scriptId, line: lineNumber + 1, column: columnNumber + 1 };
    return `${frame.functionName || '(top level)'}  ${showPlace(place, this.#scripts)}`;
  }

  /** Needed even if no pause came: a pending command to pause would stop the target at the next line that it runs. */
  async #goOn(): Promise<void> {
    if (this.#isPaused) await this.#calmly('Debugger.resume');
    this.#isPaused = false;
    await this.#calmly('Debugger.disable');
  }

  async #takeSnapshot(): Promise<Snapshot> {
    this.#reader = new SnapshotReader();
    await this.#session.post('HeapProfiler.enable');
    await this.#session.post('HeapProfiler.takeHeapSnapshot', {
      reportProgress: false,
      exposeInternals: true,
      captureNumericValue: false,
    });
    const heap = this.#reader.end();
    this.#reader = new SnapshotReader();
    return heap;
  }

  /** How long ago each function was seen first, if it was seen before. */
  #agesOf(graph: AwaitGraph): Map<NodeIndex, number> {
    const now = performance.now();
    const ages = new Map<NodeIndex, number>();
    for (const { node, id } of graph.functions.values()) {
      const first = this.#sightings.get(id);
      if (first === undefined) this.#sightings.set(id, now);
      else ages.set(node, now - first);
    }
    const present = new Set([...graph.functions.values()].map(({ id }) => id));
    for (const id of this.#sightings.keys()) if (!present.has(id)) this.#sightings.delete(id);
    return ages;
  }

  /** For commands whose failure does not matter. */
  async #calmly(method: string, params?: object): Promise<void> {
    await this.#session.post(method, params, { withinMs: ANSWER_MS }).catch(() => {});
  }
}

async function within<Value>(
  promise: Promise<Value>,
  ms: number,
): Promise<{ readonly isThere: true; readonly value: Value } | { readonly isThere: false }> {
  const late = Promise.withResolvers<{ readonly isThere: false }>();
  const timer = setTimeout(() => late.resolve({ isThere: false }), ms);
  const there = promise.then((value) => ({ isThere: true, value }) as const);
  // When the time is up, nobody handles its failure any more.
  there.catch(() => {});
  try {
    return await Promise.race([there, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function showsProbe({ functions, promises }: AwaitGraph): boolean {
  const named = (name: string) => [...functions.values()].filter((each) => each.name === name);
  const roots = named('awaitingProbeRoot');
  return roots.some(({ awaits }) => {
    const all = awaits === undefined ? undefined : promises.get(awaits);
    if (all?.how !== 'all' || all.sources.length !== 2) return false;
    const members = all.sources.map((source) => functions.get(promises.get(source)?.producer ?? -1));
    const leaf = members.find((member) => member?.name === 'awaitingProbeLeaf');
    const then = members.find((member) => member?.name === 'awaitingProbeThen');
    const awaited = (node: NodeIndex | undefined) => (node === undefined ? undefined : promises.get(node));
    return (
      leaf !== undefined &&
      awaited(leaf.awaits)?.how === undefined &&
      then !== undefined &&
      awaited(then.awaits)?.how === 'then'
    );
  });
}

/** Linux tells the peak of this process. Elsewhere Node tells it, and in a child that includes memory of its parent. */
function ownPeakBytes(): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // No Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

function showPlace({ scriptId, line, column }: Place, scripts: Scripts): string {
  return `${shortUrl(scripts.urlOf(scriptId) ?? '?')}:${line}:${column}`;
}

/** As the reader would type it, where it lies below their folder. */
export function shortUrl(url: string): string {
  if (!url.startsWith('file:')) return url;
  const path = fileURLToPath(url);
  const near = relative(typedPath('.'), path);
  return near.startsWith('..') ? path : near;
}
