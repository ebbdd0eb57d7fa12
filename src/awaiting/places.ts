// At which await a function stands, and its local variables. Only the running process tells that. To find an object by
// its number, the inspector walks through the whole heap, so we cannot ask about every function. And we need not ask
// about a function whose source has only one await.
import type { AwaitGraph, SuspendedFunction } from './graph.ts';
import { InspectorError, type Session } from './inspector.ts';
import type { Scripts } from './scripts.ts';
import type { NodeIndex, Place, Snapshot } from './snapshot.ts';
import { onlyAwaitIn } from './source-text.ts';
import type { PlaceOfAwait } from './tree.ts';

export interface Places {
  readonly of: (node: NodeIndex) => PlaceOfAwait | undefined;
  readonly lookups: number;
  /** The functions that were not asked for, because there were too many. */
  readonly leftOut: number;
  readonly spentMs: number;
}

export interface PlacesOptions {
  readonly locals: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * All look-ups together may pass this many objects. It is a count and not a time, so that the same heap gives the same
 * tree on a busy machine.
 */
const MOST_WALKED = 30_000_000;
const FEWEST = 8;
/**
 * For functions of the same kind, a look-up only tells where they stand. A server with 48 requests in flight has 48 of a kind,
 * and each look-up stops it. With `--locals` each has values of its own.
 */
const MOST_OF_A_KIND = 4;
const AT_ONCE = 16;
const LONGEST_VALUE = 60;

export const OBJECT_GROUP = 'awaiting';

export async function lookUpPlaces(
  session: Session,
  heap: Snapshot,
  graph: AwaitGraph,
  scripts: Scripts,
  functions: readonly SuspendedFunction[],
  { locals, signal }: PlacesOptions,
): Promise<Places> {
  // With `--locals` the process is asked about each function in any case.
  const found = locals
    ? new Map<NodeIndex, PlaceOfAwait>()
    : await placesInSource(functions, scripts, signal);
  const others = functions.filter(({ node }) => !found.has(node));
  const kinds = [...Map.groupBy(others, (each) => kindOf(each, graph, heap)).values()];
  const started = performance.now();
  const chosen = chosenOf(kinds, heap.nodeCount, locals);
  for (let from = 0; from < chosen.length; from += AT_ONCE) {
    signal?.throwIfAborted();
    const batch = chosen.slice(from, from + AT_ONCE);
    const places = await Promise.all(batch.map(({ id }) => lookUp(session, id, locals)));
    for (const [index, place] of places.entries()) {
      if (place) found.set(batch[index]!.node, place);
    }
  }
  for (const alike of kinds) {
    const place = commonPlace(alike.flatMap(({ node }) => found.get(node) ?? []));
    for (const { node } of place ? alike : []) {
      if (!found.has(node)) found.set(node, { at: place!, isSure: false });
    }
  }
  return {
    of: (node) => found.get(node),
    lookups: chosen.length,
    leftOut: others.length - chosen.length,
    spentMs: performance.now() - started,
  };
}

/**
 * Functions whose source alone tells where they stand. One that runs awaits nothing. An async generator may also stand at
 * a `yield`. The code at the top level is no function.
 */
async function placesInSource(
  functions: readonly SuspendedFunction[],
  scripts: Scripts,
  signal: AbortSignal | undefined,
): Promise<Map<NodeIndex, PlaceOfAwait>> {
  const plain = functions.filter(
    ({ awaits, isModule, isGenerator }) => awaits !== undefined && !isModule && !isGenerator,
  );
  await scripts.load(new Set(plain.flatMap(({ definition }) => definition?.scriptId ?? [])), signal);
  const found = new Map<NodeIndex, PlaceOfAwait>();
  for (const alike of Map.groupBy(plain, ({ definition }) => JSON.stringify(definition)).values()) {
    const { definition } = alike[0]!;
    const start = definition && scripts.positionOf(definition);
    const index = start && onlyAwaitIn(start.source, start.at);
    if (index === undefined) continue;
    const at = scripts.placeOf(definition!.scriptId, index);
    for (const { node } of alike) found.set(node, { at, isSure: true });
  }
  return found;
}

/**
 * Chooses what to look up: first one of each kind, then a second one of each kind, and so on. The same heap always gives the
 * same choice.
 */
export function chosenOf<Value>(
  kinds: readonly (readonly Value[])[],
  nodeCount: number,
  locals: boolean,
): Value[] {
  const most = Math.max(FEWEST, Math.floor(MOST_WALKED / nodeCount));
  const wanted = locals ? kinds : kinds.map((alike) => spreadOver(alike, MOST_OF_A_KIND));
  return inTurns(wanted).slice(0, most);
}

/** The first, the last and some between: those that came early may stand elsewhere than those that came late. */
function spreadOver<Value>(values: readonly Value[], count: number): readonly Value[] {
  if (values.length <= count) return values;
  const step = (values.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => values[Math.round(index * step)]!);
}

/** Functions of one kind have the same source and await the same sort of thing: most likely at the same place. */
function kindOf(
  { definition, name, awaits }: SuspendedFunction,
  { functions, promises }: AwaitGraph,
  heap: Snapshot,
): string {
  const promise = awaits === undefined ? undefined : promises.get(awaits);
  const handler = promise?.handler === undefined ? undefined : heap.location(promise.handler);
  const producer = promise?.producer === undefined ? undefined : functions.get(promise.producer);
  return JSON.stringify([definition, name, producer?.definition, promise?.how, handler]);
}

/** The first of each list, then the second of each, and so on. */
function inTurns<Value>(lists: readonly (readonly Value[])[]): Value[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => list.slice(turn, turn + 1)),
  ).flat();
}

function commonPlace(places: readonly PlaceOfAwait[]): Place | undefined {
  const [first, ...others] = places;
  const isCommon = others.every(({ at }) => JSON.stringify(at) === JSON.stringify(first!.at));
  return isCommon ? first?.at : undefined;
}

async function lookUp(session: Session, id: number, withLocals: boolean): Promise<PlaceOfAwait | undefined> {
  try {
    const { result } = await session.post<{ result: { objectId: string } }>(
      'HeapProfiler.getObjectByHeapObjectId',
      { objectId: `${id}`, objectGroup: OBJECT_GROUP },
    );
    const { internalProperties = [] } = await propertiesOf(session, result.objectId);
    const internal = (name: string) => internalProperties.find((each) => each.name === name)?.value;
    const location = internal('[[GeneratorLocation]]')?.value as
      { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number } | undefined;
    if (!location) return undefined;
    const at = {
      scriptId: location.scriptId,
      line: location.lineNumber + 1,
      column: location.columnNumber + 1,
    };
    const scopes = internal('[[Scopes]]')?.objectId;
    if (!withLocals || scopes === undefined) return { at, isSure: true };
    return { at, isSure: true, locals: await localsIn(session, scopes) };
  } catch (error) {
    // The function may have gone on and be collected; its tree is of the moment of the snapshot.
    if (error instanceof InspectorError && !error.isEnd) return undefined;
    throw error;
  }
}

async function localsIn(session: Session, scopes: string): Promise<string[]> {
  const { result } = await propertiesOf(session, scopes);
  const local = result.find(({ value }) => value?.description?.startsWith('Local'))?.value?.objectId;
  if (local === undefined) return [];
  const variables = (await propertiesOf(session, local)).result;
  return variables.flatMap(({ name, value }) => {
    if (!value || !['string', 'number', 'boolean', 'bigint'].includes(value.type)) return [];
    return [`${name} = ${shortened(textOf(value))}`];
  });
}

function textOf({ type, value, description }: PropertyValue): string {
  if (type === 'string') return JSON.stringify(value);
  return description ?? `${value as boolean}`;
}

function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

interface Properties {
  readonly result: readonly Property[];
  readonly internalProperties?: readonly Property[];
}

interface Property {
  readonly name: string;
  readonly value?: PropertyValue;
}

interface PropertyValue {
  readonly type: string;
  readonly value?: unknown;
  readonly description?: string;
  readonly objectId?: string;
}

function propertiesOf(session: Session, objectId: string): Promise<Properties> {
  return session.post<Properties>('Runtime.getProperties', { objectId, ownProperties: true });
}
