// One look at a thread: its snapshot, its await tree, and what the look cost the target.
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { awaitGraph, type AwaitGraph } from './graph.ts';
import { InspectorError, type Session } from './inspector.ts';
import { SnapshotReader, type NodeIndex, type Place, type Snapshot } from './snapshot.ts';
import { awaitTree, PROBE, type AwaitTree } from './tree.ts';

export interface Look {
  readonly node: string;
  /** The line that ran when the target computed and did not answer; the tree is of that moment. */
  readonly running: string | undefined;
  readonly tree: AwaitTree;
  readonly price: Price;
}

export interface Price {
  /** From the order to take the snapshot to its last piece: the target does nothing else. */
  readonly pauseMs: number;
  readonly snapshotBytes: number;
  /** Our own resident memory now, everything included. */
  readonly ownMemoryBytes: number;
  /** Looking up one place walks the target's heap: what they took together. */
  readonly lookups: number;
  readonly lookupMs: number;
}

export interface LookOptions {
  readonly all?: boolean;
  readonly locals?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Asked before a pause of a heap above 256 MiB. */
  readonly mayPause?: (heapBytes: number) => Promise<boolean>;
}

/** The target's V8 does not show what ours does: we print nothing rather than a wrong tree. */
export class UnknownInternalsError extends Error {
  override readonly name = 'UnknownInternalsError';
}

export const LARGE_HEAP = 256 * 2 ** 20;
const ANSWER_MS = 1500;
/** So long may all look-ups of places pause the target; what is left then shows where it is defined. */
const LOOKUP_BUDGET_MS = 1000;

/** A small await tree of known shape. If the snapshot does not show exactly it, V8 has changed. */
const PROBE_SOURCE = `(() => {
  const gates = [];
  const gate = () => new Promise((resolve) => gates.push(resolve));
  async function awaitingProbeLeaf() { await gate(); }
  async function awaitingProbeThen() { await gate().then(() => {}); }
  async function awaitingProbeRoot() { await Promise.all([awaitingProbeLeaf(), awaitingProbeThen()]); }
  awaitingProbeRoot();
  return gates;
})()`;

export async function look(session: Session, options: LookOptions = {}): Promise<Look> {
  const scripts = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ scriptId, url }: { scriptId: string; url: string }) =>
    scripts.set(scriptId, url),
  );
  const running = await stopIfBusy(session);
  try {
    await session.post('Debugger.enable');
    const usage = await session.post<{ usedSize: number }>('Runtime.getHeapUsage');
    if (usage.usedSize > LARGE_HEAP && !(await options.mayPause?.(usage.usedSize))) {
      const size = Math.round(usage.usedSize / 2 ** 20);
      throw new InspectorError(`its heap is ${size} MiB, a look pauses it for long; --yes says that it may`);
    }
    const probe = await session.post<{ result: { objectId?: string } }>('Runtime.evaluate', {
      expression: PROBE_SOURCE,
      objectGroup: 'awaiting',
    });
    const version = await session.post<{ result: { value?: string } }>('Runtime.evaluate', {
      expression: 'process.version',
      returnByValue: true,
    });
    const started = performance.now();
    const heap = await takeSnapshot(session);
    const pauseMs = performance.now() - started;
    const graph = awaitGraph(heap);
    if (probe.result.objectId === undefined || !showsProbe(graph)) {
      throw new UnknownInternalsError(
        `the internals of this Node (${version.result.value ?? 'unknown'}) differ from those of Node 20, 22, 24 and 26: no tree rather than a wrong one`,
      );
    }
    const places = new Places(session, heap, graph, scripts, options);
    await places.lookUp();
    const tree = awaitTree(heap, graph, {
      all: options.all ?? false,
      scriptOf: (id) => scripts.get(id) ?? '',
      placeOf: (node) => places.of(node),
      timerOf: (node) => places.timer(node),
      show: (place) => showPlace(place, scripts),
    });
    return {
      node: version.result.value ?? '',
      running,
      tree,
      price: {
        pauseMs,
        snapshotBytes: heap.size,
        ownMemoryBytes: process.memoryUsage.rss(),
        lookups: places.lookups,
        lookupMs: places.spentMs,
      },
    };
  } finally {
    await leave(session, running !== undefined);
  }
}

/** @returns the running line if the target computes: it is paused then, and answers */
async function stopIfBusy(session: Session): Promise<string | undefined> {
  const paused = Promise.withResolvers<{ callFrames: readonly Frame[] }>();
  session.on('Debugger.paused', paused.resolve);
  try {
    await session.post('Runtime.evaluate', { expression: '0' }, { withinMs: ANSWER_MS });
    return undefined;
  } catch (error) {
    if (!(error instanceof InspectorError) || !error.message.startsWith('no answer')) throw error;
  }
  session.post('Debugger.enable').catch(() => {});
  session.post('Debugger.pause').catch(() => {});
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), 5000);
  const stop = await Promise.race([paused.promise, late.promise]);
  clearTimeout(timer);
  if (!stop) throw new InspectorError('the process does not answer, and its JavaScript cannot be paused');
  const [frame] = stop.callFrames;
  if (!frame) return 'native code';
  const { lineNumber, columnNumber = 0 } = frame.location;
  return `${frame.functionName || '(top level)'}  ${shortUrl(frame.url)}:${lineNumber + 1}:${columnNumber + 1}`;
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly location: { readonly lineNumber: number; readonly columnNumber?: number };
}

async function takeSnapshot(session: Session): Promise<Snapshot> {
  const reader = new SnapshotReader();
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }: { chunk: string }) => reader.write(chunk));
  await session.post('HeapProfiler.enable');
  await session.post('HeapProfiler.takeHeapSnapshot', {
    reportProgress: false,
    exposeInternals: true,
    captureNumericValue: false,
  });
  return reader.end();
}

async function leave(session: Session, wasPaused: boolean): Promise<void> {
  const calm = (method: string, params?: object) =>
    session.post(method, params, { withinMs: ANSWER_MS }).catch(() => {});
  await calm('Runtime.releaseObjectGroup', { objectGroup: 'awaiting' });
  await calm('HeapProfiler.disable');
  if (wasPaused) await calm('Debugger.resume');
  await calm('Debugger.disable');
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

/** What only the living objects tell: where a function stands, its locals, how long a timer has left. */
class Places {
  lookups = 0;
  spentMs = 0;
  readonly #session: Session;
  readonly #heap: Snapshot;
  readonly #graph: AwaitGraph;
  readonly #scripts: ReadonlyMap<string, string>;
  readonly #options: LookOptions;
  readonly #places = new Map<NodeIndex, { at: Place; locals?: readonly string[] }>();
  readonly #timers = new Map<NodeIndex, string>();

  constructor(
    session: Session,
    heap: Snapshot,
    graph: AwaitGraph,
    scripts: ReadonlyMap<string, string>,
    options: LookOptions,
  ) {
    this.#session = session;
    this.#heap = heap;
    this.#graph = graph;
    this.#scripts = scripts;
    this.#options = options;
  }

  of(node: NodeIndex) {
    return this.#places.get(node);
  }

  timer(node: NodeIndex): string | undefined {
    return this.#timers.get(node);
  }

  async lookUp(): Promise<void> {
    const own: NodeIndex[] = [];
    const others: NodeIndex[] = [];
    const met = new Set<string>();
    for (const { node, name, definition } of this.#graph.functions.values()) {
      if (PROBE.test(name)) continue;
      const url = this.#scripts.get(definition?.scriptId ?? '') ?? '';
      const isLibrary = /^node:|\/node_modules\//.test(url) || url === '';
      if (isLibrary && !this.#options.all) continue;
      // One of each function first: if time runs out, every name has at least one place.
      const key = `${url}:${definition?.line}:${definition?.column}`;
      (met.has(key) ? others : own).push(node);
      met.add(key);
    }
    for (const node of [...own, ...others]) {
      if (this.spentMs > LOOKUP_BUDGET_MS && !this.#options.locals) return;
      this.#options.signal?.throwIfAborted();
      await this.#lookUpOne(node);
    }
  }

  async #lookUpOne(node: NodeIndex): Promise<void> {
    const started = performance.now();
    this.lookups++;
    try {
      const { result } = await this.#session.post<{ result: { objectId: string } }>(
        'HeapProfiler.getObjectByHeapObjectId',
        { objectId: `${this.#heap.id(node)}`, objectGroup: 'awaiting' },
      );
      const { internalProperties = [] } = await this.#properties(result.objectId);
      const location = internalProperties.find(({ name }) => name === '[[GeneratorLocation]]')?.value
        ?.value as { scriptId: string; lineNumber: number; columnNumber: number } | undefined;
      if (!location) return;
      const { scriptId, lineNumber, columnNumber } = location;
      const at = { scriptId, line: lineNumber + 1, column: columnNumber + 1 };
      const scopes = internalProperties.find(({ name }) => name === '[[Scopes]]')?.value?.objectId;
      const locals = this.#options.locals && scopes ? await this.#locals(scopes) : undefined;
      this.#places.set(node, locals ? { at, locals } : { at });
    } catch (error) {
      // The function may have gone on and be collected; its tree is of the moment of the snapshot.
      if (!(error instanceof InspectorError) || /ended/.test(error.message)) throw error;
    } finally {
      this.spentMs += performance.now() - started;
    }
  }

  async #locals(scopes: string): Promise<string[]> {
    const { result } = await this.#properties(scopes);
    const local = result.find(({ value }) => value?.description?.startsWith('Local'))?.value?.objectId;
    if (local === undefined) return [];
    const variables = (await this.#properties(local)).result;
    return variables.flatMap(({ name, value }) => {
      if (!value || !['string', 'number', 'boolean', 'bigint'].includes(value.type)) return [];
      const text =
        value.type === 'string'
          ? JSON.stringify(value.value)
          : (value.description ?? `${value.value as boolean}`);
      return [`${name} = ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`];
    });
  }

  #properties(objectId: string): Promise<Properties> {
    return this.#session.post<Properties>('Runtime.getProperties', { objectId, ownProperties: true });
  }
}

interface Properties {
  readonly result: readonly Property[];
  readonly internalProperties?: readonly Property[];
}

interface Property {
  readonly name: string;
  readonly value?: {
    readonly type: string;
    readonly value?: unknown;
    readonly description?: string;
    readonly objectId?: string;
  };
}

function showPlace({ scriptId, line, column }: Place, scripts: ReadonlyMap<string, string>): string {
  return `${shortUrl(scripts.get(scriptId) ?? '?')}:${line}:${column}`;
}

function shortUrl(url: string): string {
  if (!url.startsWith('file:')) return url;
  const path = fileURLToPath(url);
  const near = relative(process.env['INIT_CWD'] ?? process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
