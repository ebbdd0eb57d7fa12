// Reading a heap snapshot, and the graph and the tree that come of it. All of it are functions of a kept file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { awaitGraph } from '../../src/awaiting/graph.ts';
import { SnapshotError, SnapshotReader, type Snapshot } from '../../src/awaiting/snapshot.ts';
import type { Branch } from '../../src/awaiting/branch.ts';
import { awaitTree } from '../../src/awaiting/tree.ts';

const KEPT = gunzipSync(readFileSync(join(import.meta.dirname, 'kept-snapshot.json.gz'))).toString('latin1');
const isAscii = Buffer.from(KEPT, 'latin1').every((byte) => byte < 0x80);

function read(document: string, pieceLength = document.length): Snapshot {
  const reader = new SnapshotReader();
  for (let at = 0; at < document.length; at += pieceLength)
    reader.write(document.slice(at, at + pieceLength));
  return reader.end();
}

/** Everything that the snapshot tells, of every node. */
function told(heap: Snapshot): unknown[] {
  return Array.from({ length: heap.nodeCount }, (_, node) => [
    heap.id(node),
    heap.type(node),
    heap.name(node),
    heap.location(node),
    [...heap.edges(node)],
    [...heap.holders(node)],
  ]);
}

/** The same from the parsed document. */
function toldByJson(document: string): unknown[] {
  const { snapshot, nodes, edges, locations, strings } = JSON.parse(document) as {
    snapshot: {
      meta: {
        node_fields: string[];
        node_types: [string[]];
        edge_fields: string[];
        edge_types: [string[]];
        location_fields: string[];
      };
    };
    nodes: number[];
    edges: number[];
    locations: number[];
    strings: string[];
  };
  const rows = (fields: readonly string[], numbers: readonly number[]) =>
    Array.from({ length: numbers.length / fields.length }, (_, row) =>
      Object.fromEntries(fields.map((field, at) => [field, numbers[row * fields.length + at]!])),
    );
  const { meta } = snapshot;
  const width = meta.node_fields.length;
  const edgeRows = rows(meta.edge_fields, edges).map((row) => {
    const type = meta.edge_types[0][row['type']!]!;
    const isNumbered = type === 'element' || type === 'hidden';
    const name = isNumbered ? String(row['name_or_index']) : strings[row['name_or_index']!]!;
    return { type, name, to: row['to_node']! / width };
  });
  const places = new Map(
    rows(meta.location_fields, locations).map((row) => [
      row['object_index']! / width,
      { scriptId: String(row['script_id']), line: row['line']! + 1, column: row['column']! + 1 },
    ]),
  );
  const holders = new Map<number, unknown[]>();
  let next = 0;
  const own = rows(meta.node_fields, nodes).map((row, node) => {
    const list = edgeRows.slice(next, (next += row['edge_count']!));
    for (const edge of list.filter(({ type }) => type !== 'weak')) {
      holders.set(edge.to, [...(holders.get(edge.to) ?? []), { ...edge, from: node }]);
    }
    return { row, list };
  });
  return own.map(({ row, list }, node) => [
    row['id'],
    meta.node_types[0][row['type']!],
    strings[row['name']!],
    places.get(node),
    list,
    holders.get(node) ?? [],
  ]);
}

test('a snapshot tells what its document says, of every node', () => {
  assert.ok(isAscii, 'V8 spells other letters as escapes');
  assert.deepEqual(told(read(KEPT)), toldByJson(KEPT));
});

test('a snapshot is the same however its pieces are cut', () => {
  const whole = told(read(KEPT));
  for (const length of [1, 7, 1024, 65_537]) assert.deepEqual(told(read(KEPT, length)), whole);
});

test('pieces may come as bytes, and as text', () => {
  const reader = new SnapshotReader();
  reader.write(Buffer.from(KEPT.slice(0, 5000)));
  reader.write(KEPT.slice(5000));
  assert.equal(reader.end().size, KEPT.length);
});

test('names are read with their escapes, also where a piece ends inside one', () => {
  const name = 'a "quoted" \\ name\nand é 日';
  const spelled = JSON.stringify(name).replaceAll(
    /[^\0-\x7f]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const document = `{"snapshot":{"meta":{"node_fields":["type","name","id","edge_count"],"node_types":[["object"]],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]]},"node_count":1,"edge_count":0},
"nodes":[0,1,7,0],"edges":[],"strings":["",${spelled}]}`;
  for (const length of [document.length, 1, 2, 3, 5]) assert.equal(read(document, length).name(0), name);
});

test('a document that stops early is refused, wherever it stops', () => {
  for (const share of [0, 0.001, 0.1, 0.5, 0.9, 0.999]) {
    const part = KEPT.slice(0, Math.floor(KEPT.length * share));
    assert.throws(() => read(part, 65_536), SnapshotError, `after ${part.length} characters`);
  }
});

test('a document of another kind is refused, and one whose fields we do not know', () => {
  assert.throws(() => read('{"nodes":[1,2,3]}'), /expected a heap snapshot of V8, got/);
  assert.throws(() => read('x'.repeat(2_000_000)), /expected a heap snapshot of V8/);
  const renamed = KEPT.replace('"to_node"', '"target"');
  assert.throws(() => read(renamed), { message: "this V8's snapshots have no field to_node" });
});

test('the graph and the tree are functions of the snapshot', () => {
  const heap = read(KEPT);
  const graph = awaitGraph(heap);
  const ownScript = [...graph.functions.values()].find(({ name }) => name === 'table')?.definition?.scriptId;
  const tree = awaitTree(heap, graph, {
    all: false,
    scriptOf: (id) => (id === ownScript ? 'file:///project/kept.mjs' : 'node:internal'),
    placeOf: () => undefined,
    leftOf: () => undefined,
    detailOf: () => undefined,
    mentions: () => true,
    threadPoolSize: 4,
    show: () => 'kept.mjs',
  });
  assert.deepEqual(tree.findings, [
    { kind: 'deadlock', path: ['first', 'second', 'first'], at: 'kept.mjs' },
    { kind: 'never awaited', name: 'forgotten', count: 1, defined: 'kept.mjs' },
  ]);
  assert.deepEqual(tree.roots.map(inOneLine).toSorted(), [
    'any(any(cook × 2(?)))',
    'eater(dishes(cook(?)))',
    'first(second(cycle))',
    'forgotten(?)',
    "listener(event 'ring' of EventEmitter)",
    'raced(race(cook × 2(?)))',
    'settled(allSettled(cook(?)))',
    'table(all(chained(then(cook(?))), cook × 2(?)))',
  ]);
});

function inOneLine(branch: Branch): string {
  const times = branch.count > 1 ? ` × ${branch.count}` : '';
  if (branch.kind === 'cycle') return 'cycle';
  if (branch.kind === 'leaf') return branch.waitsFor + times;
  const name = branch.kind === 'promise' ? branch.how : branch.name;
  return `${name}${times}(${branch.below.map(inOneLine).toSorted().join(', ')})`;
}
