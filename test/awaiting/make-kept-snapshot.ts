// Writes kept-snapshot.json.gz, the small heap from which graph and tree are tested: `node test/awaiting/make-kept-snapshot.ts`.
// It is the heap of programs/kept.mjs on this Node, without what no reader of an await tree comes near.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../processes.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';

interface Document {
  readonly snapshot: {
    readonly node_count: number;
    readonly edge_count: number;
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
      readonly location_fields: readonly string[];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly locations: readonly number[];
  readonly strings: readonly string[];
}

const KEPT = join(import.meta.dirname, 'kept-snapshot.json.gz');
/** So far from a promise or a suspended function a reader of the heap looks: to what it holds, and to who holds it. */
const STEPS_DOWN = 4;
const STEPS_UP = 8;
/** What so many hold is common to the whole heap, such as a prototype, and leads away from our subject. */
const MOST_HOLDERS = 12;
const MOST_EDGES = 100;

await using folder = await temporaryFolder();
const path = join(folder.path, 'whole.heapsnapshot');
await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'programs/kept.mjs'), path]);
const whole = JSON.parse(await readFile(path, 'utf8')) as Document;
const small = pruned(whole);
await writeFile(KEPT, gzipSync(JSON.stringify(small), { level: 9 }));
const count = (document: Document) => document.nodes.length / document.snapshot.meta.node_fields.length;
console.log(`kept ${count(small)} of ${count(whole)} nodes in ${KEPT}`);

function pruned(document: Document): Document {
  const { meta } = document.snapshot;
  const nodeWidth = meta.node_fields.length;
  const edgeWidth = meta.edge_fields.length;
  const field = {
    name: meta.node_fields.indexOf('name'),
    edgeCount: meta.node_fields.indexOf('edge_count'),
    edgeType: meta.edge_fields.indexOf('type'),
    edgeName: meta.edge_fields.indexOf('name_or_index'),
    to: meta.edge_fields.indexOf('to_node'),
    object: meta.location_fields.indexOf('object_index'),
  };
  const isNumbered = new Set(['element', 'hidden'].map((type) => meta.edge_types[0].indexOf(type)));
  const nodeCount = document.nodes.length / nodeWidth;
  const edgesOf: number[][] = [];
  const holdersOf: number[][] = Array.from({ length: nodeCount }, () => []);
  let edge = 0;
  for (let node = 0; node < nodeCount; node++) {
    const own: number[] = [];
    for (let rest = document.nodes[node * nodeWidth + field.edgeCount]!; rest > 0; rest--) {
      own.push(edge);
      holdersOf[document.edges[edge * edgeWidth + field.to]! / nodeWidth]!.push(node);
      edge++;
    }
    edgesOf.push(own);
  }
  const targetOf = (at: number) => document.edges[at * edgeWidth + field.to]! / nodeWidth;
  const nameOfEdge = (at: number) =>
    isNumbered.has(document.edges[at * edgeWidth + field.edgeType]!)
      ? ''
      : document.strings[document.edges[at * edgeWidth + field.edgeName]!]!;

  const seeds = edgesOf.flatMap((own, node) =>
    own.some((at) => ['parameters_and_registers', 'reactions_or_result'].includes(nameOfEdge(at)))
      ? [node]
      : [],
  );
  const kept = new Set(seeds);
  spread(seeds, STEPS_UP, (node) => (holdersOf[node]!.length > MOST_HOLDERS ? [] : holdersOf[node]!));
  spread([...kept], STEPS_DOWN, (node) =>
    edgesOf[node]!.length > MOST_EDGES
      ? []
      : edgesOf[node]!.map(targetOf).filter((to) => holdersOf[to]!.length <= MOST_HOLDERS),
  );
  // Names of V8's own builtins stand in nodes that many closures share.
  spread([...kept], 1, (node) =>
    edgesOf[node]!.filter((at) => ['code', 'function', 'context'].includes(nameOfEdge(at))).map(targetOf),
  );

  const order = [...kept].toSorted((a, b) => a - b);
  const newIndex = new Map(order.map((node, index) => [node, index]));
  const strings: string[] = [];
  const newString = new Map<number, number>();
  const nodes: number[] = [];
  const edges: number[] = [];
  for (const node of order) {
    const keptEdges = edgesOf[node]!.filter((at) => newIndex.has(targetOf(at)));
    const row = document.nodes.slice(node * nodeWidth, (node + 1) * nodeWidth);
    row[field.name] = stringIndex(row[field.name]!);
    row[field.edgeCount] = keptEdges.length;
    nodes.push(...row);
    for (const at of keptEdges) {
      const copy = document.edges.slice(at * edgeWidth, (at + 1) * edgeWidth);
      if (!isNumbered.has(copy[field.edgeType]!)) copy[field.edgeName] = stringIndex(copy[field.edgeName]!);
      copy[field.to] = newIndex.get(targetOf(at))! * nodeWidth;
      edges.push(...copy);
    }
  }
  const locationWidth = meta.location_fields.length;
  const locations: number[] = [];
  for (let at = 0; at < document.locations.length; at += locationWidth) {
    const row = document.locations.slice(at, at + locationWidth);
    const object = newIndex.get(row[field.object]! / nodeWidth);
    if (object === undefined) continue;
    row[field.object] = object * nodeWidth;
    locations.push(...row);
  }
  return {
    snapshot: {
      ...document.snapshot,
      node_count: order.length,
      edge_count: edges.length / edgeWidth,
    },
    nodes,
    edges,
    locations,
    strings,
  };

  function spread(from: readonly number[], steps: number, next: (node: number) => readonly number[]): void {
    let ring = from;
    for (let step = 0; step < steps; step++) {
      const fresh = ring.flatMap(next).filter((node) => !kept.has(node));
      for (const node of fresh) kept.add(node);
      ring = [...new Set(fresh)];
    }
  }

  function stringIndex(old: number): number {
    const known = newString.get(old);
    if (known !== undefined) return known;
    newString.set(old, strings.length);
    strings.push(document.strings[old]!.replaceAll(ROOT, '/project').slice(0, 200));
    return newString.get(old)!;
  }
}
