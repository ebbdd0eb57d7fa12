// V8's heap snapshot is one JSON document. For a heap of 200 MiB it is half a gigabyte, which is near the longest
// string that V8 can hold. So we read it piece by piece, and keep numbers in typed arrays. The document names its own
// fields (`meta`), and says how many nodes and edges follow. So we allocate only once.

export type NodeIndex = number;

export interface Edge {
  readonly type: string;
  /** A property's name; for an element or a hidden slot its number, as text. */
  readonly name: string;
  readonly to: NodeIndex;
}

/** A place in the source, counted from 1. */
export interface Place {
  readonly scriptId: string;
  readonly line: number;
  readonly column: number;
}

/** The snapshot is not one that we can read; the message says what was expected and what came. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

interface Meta {
  readonly node_fields: readonly string[];
  readonly node_types: readonly [readonly string[], ...unknown[]];
  readonly edge_fields: readonly string[];
  readonly edge_types: readonly [readonly string[], ...unknown[]];
  readonly location_fields?: readonly string[];
}

interface Header {
  readonly meta: Meta;
  readonly node_count: number;
  readonly edge_count: number;
}

/** The whole heap: nodes by their index, edges in both directions. */
export class Snapshot {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Bytes of the document. */
  readonly size: number;
  readonly #columns: Columns;
  readonly #forgotten = new Set<NodeIndex>();
  #incoming: { readonly first: Uint32Array; readonly edges: Uint32Array } | undefined;

  constructor(columns: Columns, size: number) {
    this.#columns = columns;
    this.nodeCount = columns.nodeType.length;
    this.edgeCount = columns.edgeType.length;
    this.size = size;
  }

  name(node: NodeIndex): string {
    return this.#columns.strings.at(this.#columns.nodeName[node]!);
  }

  type(node: NodeIndex): string {
    return this.#columns.nodeTypes[this.#columns.nodeType[node]!]!;
  }

  /** The number by which the inspector knows the object. */
  id(node: NodeIndex): number {
    return this.#columns.nodeId[node]!;
  }

  /** Where a function is defined; undefined for anything else. */
  location(node: NodeIndex): Place | undefined {
    return this.#columns.locations.of(node);
  }

  *edges(node: NodeIndex): Generator<Edge, void, undefined> {
    const { firstEdge } = this.#columns;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) yield this.#edge(edge);
  }

  /** Who holds the node. Weak edges hold nothing and are left out. */
  *holders(node: NodeIndex): Generator<Edge & { readonly from: NodeIndex }, void, undefined> {
    this.#incoming ??= this.#buildIncoming();
    const { first, edges } = this.#incoming;
    for (let at = first[node]!; at < first[node + 1]!; at++) {
      const edge = edges[at]!;
      yield { ...this.#edge(edge), from: this.#sourceOf(edge) };
    }
  }

  /** After this call the node does not count as a holder any more. Its own edges can still be read. */
  forget(node: NodeIndex): void {
    this.#forgotten.add(node);
    this.#incoming = undefined;
  }

  /** Whether a node can be reached from the root of the heap. One walk answers for all nodes. */
  reachable(): (node: NodeIndex) => boolean {
    const { firstEdge, edgeType, edgeTo, edgeTypes } = this.#columns;
    const weak = edgeTypes.indexOf('weak');
    const isReached = new Uint8Array(this.nodeCount);
    const rest = [0];
    isReached[0] = 1;
    for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
      if (this.#forgotten.has(node)) continue;
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
        const to = edgeTo[edge]!;
        if (edgeType[edge] === weak || isReached[to]) continue;
        isReached[to] = 1;
        rest.push(to);
      }
    }
    return (node) => isReached[node] === 1;
  }

  /** The target of the first edge with this type and name. */
  follow(node: NodeIndex, type: string, name: string): NodeIndex | undefined {
    for (const edge of this.edges(node)) if (edge.type === type && edge.name === name) return edge.to;
    return undefined;
  }

  /** All objects whose class has such a name. Classes are few and objects are many: each name is read once. */
  *objectsNamed(pattern: RegExp): Generator<NodeIndex, void, undefined> {
    const { nodeType, nodeName, nodeTypes, strings } = this.#columns;
    const object = nodeTypes.indexOf('object');
    const isWanted = new Map<number, boolean>();
    for (let node = 0; node < nodeName.length; node++) {
      if (nodeType[node] !== object) continue;
      const name = nodeName[node]!;
      const known = isWanted.get(name) ?? pattern.test(strings.at(name));
      isWanted.set(name, known);
      if (known) yield node;
    }
  }

  /** All pairs of nodes that an internal edge of this name joins. One pass over numbers: nothing is allocated. */
  *internalEdges(name: string): Generator<{ readonly from: NodeIndex; readonly to: NodeIndex }> {
    const { edgeType, edgeName, edgeTo, edgeTypes, strings } = this.#columns;
    const internal = edgeTypes.indexOf('internal');
    const wanted = strings.find(name);
    if (wanted === undefined) return;
    for (let edge = 0; edge < edgeType.length; edge++) {
      if (edgeType[edge] === internal && edgeName[edge] === wanted) {
        yield { from: this.#sourceOf(edge), to: edgeTo[edge]! };
      }
    }
  }

  #edge(edge: number): Edge {
    const { edgeType, edgeTypes, edgeName, edgeTo, strings } = this.#columns;
    const type = edgeTypes[edgeType[edge]!]!;
    const isNumbered = type === 'element' || type === 'hidden';
    const name = isNumbered ? `${edgeName[edge]}` : strings.at(edgeName[edge]!);
    return { type, name, to: edgeTo[edge]! };
  }

  /** The node whose edges include this one: binary search, because a column for it would cost 4 bytes an edge. */
  #sourceOf(edge: number): NodeIndex {
    const { firstEdge } = this.#columns;
    let low = 0;
    let high = this.nodeCount;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (firstEdge[middle]! <= edge) low = middle;
      else high = middle;
    }
    return low;
  }

  #buildIncoming() {
    const { firstEdge, edgeType, edgeTo, edgeTypes } = this.#columns;
    const weak = edgeTypes.indexOf('weak');
    const isHolding = new Uint8Array(this.edgeCount);
    for (let edge = 0; edge < edgeType.length; edge++) isHolding[edge] = edgeType[edge] === weak ? 0 : 1;
    for (const node of this.#forgotten) isHolding.fill(0, firstEdge[node], firstEdge[node + 1]);
    const first = new Uint32Array(this.nodeCount + 2);
    for (let edge = 0; edge < isHolding.length; edge++) if (isHolding[edge]) first[edgeTo[edge]! + 2]!++;
    for (let node = 2; node < first.length; node++) first[node]! += first[node - 1]!;
    const edges = new Uint32Array(first[this.nodeCount + 1]!);
    for (let edge = 0; edge < isHolding.length; edge++) {
      if (isHolding[edge]) edges[first[edgeTo[edge]! + 1]!++] = edge;
    }
    return { first, edges };
  }
}

interface Columns {
  readonly nodeTypes: readonly string[];
  readonly nodeType: Uint8Array;
  readonly nodeName: Uint32Array;
  readonly nodeId: Uint32Array;
  readonly firstEdge: Uint32Array;
  readonly edgeTypes: readonly string[];
  readonly edgeType: Uint8Array;
  readonly edgeName: Uint32Array;
  readonly edgeTo: Uint32Array;
  readonly locations: Locations;
  readonly strings: StringTable;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const CLOSING_BRACKET = 0x5d;

/** Numbers whose count is not known before the last of them. */
class Numbers {
  values = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }
}

const SEGMENT_BITS = 20;
const SEGMENT_BYTES = 2 ** SEGMENT_BITS;

/**
 * The strings as the document spells them, one after the other in large segments. Most are never asked for. A
 * JavaScript string would cost several times its letters, and would keep in memory the whole piece that it came in.
 */
class StringTable {
  readonly #segments: Uint8Array[] = [];
  readonly #starts = new Numbers();
  readonly #known = new Map<number, string>();
  /** Where the next byte goes, in the last segment. */
  #free = SEGMENT_BYTES;

  /** `spelled` is what stands between the quotes. */
  add(spelled: Uint8Array): void {
    // A string that fits into no segment is data of the program, and never a name that we need.
    const bytes = spelled.length < SEGMENT_BYTES ? spelled : spelled.subarray(0, 0);
    if (this.#free + bytes.length + 1 > SEGMENT_BYTES) {
      this.#segments.push(new Uint8Array(SEGMENT_BYTES));
      this.#free = 0;
    }
    const segment = this.#segments.at(-1)!;
    this.#starts.push((this.#segments.length - 1) * SEGMENT_BYTES + this.#free);
    segment.set(bytes, this.#free);
    segment[this.#free + bytes.length] = QUOTE;
    this.#free += bytes.length + 1;
  }

  at(index: number): string {
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    if (index >= this.#starts.length) return '';
    const text = this.#read(index);
    this.#known.set(index, text);
    return text;
  }

  /** The index of a string that is spelled without escapes. */
  find(text: string): number | undefined {
    const wanted = Buffer.from(`${text}"`);
    for (let index = 0; index < this.#starts.length; index++) {
      const start = this.#starts.values[index]!;
      const segment = this.#segments[start >>> SEGMENT_BITS]!;
      const offset = start & (SEGMENT_BYTES - 1);
      if (segment[offset] !== wanted[0]) continue;
      if (wanted.equals(segment.subarray(offset, offset + wanted.length))) return index;
    }
    return undefined;
  }

  #read(index: number): string {
    const start = this.#starts.values[index]!;
    const segment = this.#segments[start >>> SEGMENT_BITS]!;
    const offset = start & (SEGMENT_BYTES - 1);
    const end = endOfString(segment, offset, false).at;
    const spelled = Buffer.from(segment.buffer, offset, end - offset).toString();
    return spelled.includes('\\') ? (JSON.parse(`"${spelled}"`) as string) : spelled;
  }
}

/** The index of the closing quote, or the end of `bytes`; `isEscaped` says whether a backslash came last. */
function endOfString(bytes: Uint8Array, from: number, wasEscaped: boolean) {
  let isEscaped = wasEscaped;
  for (let at = from; at < bytes.length; at++) {
    const code = bytes[at];
    if (isEscaped) isEscaped = false;
    else if (code === BACKSLASH) isEscaped = true;
    else if (code === QUOTE) return { at, isEscaped: false };
  }
  return { at: bytes.length, isEscaped };
}

/** Where functions are defined. A heap can have a million of them: a Map of objects would cost more than the rest. */
class Locations {
  readonly #nodes = new Numbers();
  readonly #scripts = new Numbers();
  readonly #lines = new Numbers();
  readonly #columns = new Numbers();
  #order: Uint32Array | undefined;

  add(node: NodeIndex, script: number, line: number, column: number): void {
    this.#nodes.push(node);
    this.#scripts.push(script);
    this.#lines.push(line);
    this.#columns.push(column);
  }

  of(node: NodeIndex): Place | undefined {
    const { values, length } = this.#nodes;
    this.#order ??= Uint32Array.from({ length }, (_, row) => row).sort((a, b) => values[a]! - values[b]!);
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[this.#order[middle]!]! < node) low = middle + 1;
      else high = middle;
    }
    const row = this.#order[low];
    if (row === undefined || values[row] !== node) return undefined;
    return {
      scriptId: `${this.#scripts.values[row]}`,
      line: this.#lines.values[row]! + 1,
      column: this.#columns.values[row]! + 1,
    };
  }
}

/** `text` is the document up to its first section, where the object is still open. */
function headerIn(text: string): Header | undefined {
  try {
    const document = JSON.parse(`${text.replace(/,\s*$/, '')}}`) as { readonly snapshot?: Header };
    return document.snapshot?.meta && document.snapshot;
  } catch {
    return undefined;
  }
}

/** Takes one row of a section: its numbers in the order of the document's fields. */
type TakeRow = (row: Float64Array) => void;

const LONGEST_HEADER = 1_000_000;
const NO_BYTES = new Uint8Array(0);

/** Reads a snapshot from its pieces: `write` each, then `end`. */
export class SnapshotReader {
  #size = 0;
  /** What has no meaning yet: the header, or a section's name whose rest is still to come. */
  #pending = '';
  #section: 'header' | 'between' | 'numbers' | 'strings' | 'done' = 'header';
  #takeRow: TakeRow = () => {};
  #row = new Float64Array(1);
  #field = 0;
  /** The number that a piece's end cut in two; -1 outside a number. */
  #value = -1;
  /** The string that a piece's end cut; undefined outside a string. */
  #cut: Uint8Array | undefined;
  #isEscaped = false;
  #columns: Columns | undefined;
  #header: Header | undefined;
  #bytes = new Uint8Array(0);
  readonly #encoder = new TextEncoder();
  readonly #complete = new Set<string>();

  /** @throws {SnapshotError} if this is no snapshot */
  write(piece: string | Uint8Array): void {
    const bytes = typeof piece === 'string' ? this.#encoded(piece) : piece;
    this.#size += bytes.length;
    let at = 0;
    while (at < bytes.length && this.#section !== 'done') {
      if (this.#section === 'numbers') at = this.#readNumbers(bytes, at);
      else if (this.#section === 'strings') at = this.#readStrings(bytes, at);
      else at = this.#readName(bytes, at);
    }
  }

  /** @throws {SnapshotError} if the document stopped early */
  end(): Snapshot {
    const columns = this.#columns;
    if (!columns || this.#section !== 'done') {
      throw new SnapshotError(`expected a whole heap snapshot, got ${this.#size} bytes that stop early`);
    }
    const missing = ['nodes', 'edges', 'strings'].filter((section) => !this.#complete.has(section));
    if (missing.length > 0) throw new SnapshotError(`the heap snapshot has no ${missing.join(', ')}`);
    return new Snapshot(columns, this.#size);
  }

  /** Into one buffer, which the next piece uses again. */
  #encoded(piece: string): Uint8Array {
    if (this.#bytes.length < piece.length * 3) this.#bytes = new Uint8Array(piece.length * 3);
    const { written } = this.#encoder.encodeInto(piece, this.#bytes);
    return this.#bytes.subarray(0, written);
  }

  /** Looks for the next `"name":[`; the header is everything up to the first of them. */
  #readName(bytes: Uint8Array, from: number): number {
    const before = this.#pending.length;
    // Names and the header are ASCII, so that a character is a byte.
    const rest = bytes.subarray(from, from + LONGEST_HEADER);
    this.#pending += Buffer.from(rest.buffer, rest.byteOffset, rest.length).toString('latin1');
    const found = (this.#section === 'header' ? /"(nodes)":\s*\[/ : /"(\w+)":\s*\[/).exec(this.#pending);
    if (!found) {
      if (this.#pending.length >= LONGEST_HEADER) throw new SnapshotError('expected a heap snapshot of V8');
      return from + rest.length;
    }
    if (this.#section === 'header') this.#readHeader(this.#pending.slice(0, found.index));
    this.#open(found[1]!);
    const consumed = found.index + found[0].length - before;
    this.#pending = '';
    return from + consumed;
  }

  #readHeader(text: string): void {
    const header = headerIn(text);
    if (!header)
      throw new SnapshotError(`expected a heap snapshot of V8, got ${JSON.stringify(text.slice(0, 40))}`);
    const { meta, node_count: nodes, edge_count: edges } = header;
    const needed = [
      ...['type', 'name', 'id', 'edge_count'].filter((field) => !meta.node_fields.includes(field)),
      ...['type', 'name_or_index', 'to_node'].filter((field) => !meta.edge_fields.includes(field)),
    ];
    if (needed.length > 0) throw new SnapshotError(`this V8's snapshots have no field ${needed.join(', ')}`);
    this.#header = header;
    this.#columns = {
      nodeTypes: meta.node_types[0],
      nodeType: new Uint8Array(nodes),
      nodeName: new Uint32Array(nodes),
      nodeId: new Uint32Array(nodes),
      firstEdge: new Uint32Array(nodes + 1),
      edgeTypes: meta.edge_types[0],
      edgeType: new Uint8Array(edges),
      edgeName: new Uint32Array(edges),
      edgeTo: new Uint32Array(edges),
      locations: new Locations(),
      strings: new StringTable(),
    };
  }

  #open(section: string): void {
    const { meta } = this.#header!;
    this.#section = section === 'strings' ? 'strings' : 'numbers';
    this.#value = -1;
    this.#field = 0;
    if (section === 'nodes') this.#expectRows(meta.node_fields, this.#takeNode());
    else if (section === 'edges') this.#expectRows(meta.edge_fields, this.#takeEdge());
    else if (section === 'locations') this.#expectRows(meta.location_fields ?? [''], this.#takeLocation());
    else this.#expectRows([''], () => {});
    this.#complete.add(section);
  }

  #expectRows(fields: readonly string[], take: TakeRow): void {
    this.#row = new Float64Array(fields.length);
    this.#takeRow = take;
  }

  #takeNode(): TakeRow {
    const { nodeType, nodeName, nodeId, firstEdge } = this.#columns!;
    const fields = this.#header!.meta.node_fields;
    const type = fields.indexOf('type');
    const name = fields.indexOf('name');
    const id = fields.indexOf('id');
    const edgeCount = fields.indexOf('edge_count');
    let node = 0;
    return (row) => {
      nodeType[node] = row[type]!;
      nodeName[node] = row[name]!;
      nodeId[node] = row[id]!;
      firstEdge[node + 1] = firstEdge[node]! + row[edgeCount]!;
      node++;
    };
  }

  #takeEdge(): TakeRow {
    const { edgeType, edgeName, edgeTo } = this.#columns!;
    const fields = this.#header!.meta.edge_fields;
    const type = fields.indexOf('type');
    const name = fields.indexOf('name_or_index');
    const to = fields.indexOf('to_node');
    const nodeFields = this.#header!.meta.node_fields.length;
    let edge = 0;
    return (row) => {
      edgeType[edge] = row[type]!;
      edgeName[edge] = row[name]!;
      // The document points into its own list of numbers, which has several for a node.
      edgeTo[edge] = row[to]! / nodeFields;
      edge++;
    };
  }

  #takeLocation(): TakeRow {
    const { locations } = this.#columns!;
    const { meta } = this.#header!;
    const fields = meta.location_fields ?? [];
    const object = fields.indexOf('object_index');
    const script = fields.indexOf('script_id');
    const line = fields.indexOf('line');
    const column = fields.indexOf('column');
    // A place that we cannot read shows as unknown, and nothing else depends on it.
    if (object < 0 || script < 0 || line < 0 || column < 0) return () => {};
    const nodeFields = meta.node_fields.length;
    return (row) => locations.add(row[object]! / nodeFields, row[script]!, row[line]!, row[column]!);
  }

  #readNumbers(bytes: Uint8Array, from: number): number {
    const row = this.#row;
    const takeRow = this.#takeRow;
    let field = this.#field;
    let value = this.#value;
    let at = from;
    for (; at < bytes.length; at++) {
      const code = bytes[at]!;
      if (code >= ZERO && code <= NINE) {
        value = value < 0 ? code - ZERO : value * 10 + (code - ZERO);
        continue;
      }
      if (value >= 0) {
        row[field++] = value;
        value = -1;
        if (field === row.length) {
          takeRow(row);
          field = 0;
        }
      }
      if (code !== CLOSING_BRACKET) continue;
      this.#section = 'between';
      at++;
      break;
    }
    this.#field = field;
    this.#value = value;
    return at;
  }

  #readStrings(bytes: Uint8Array, from: number): number {
    const { strings } = this.#columns!;
    let at = from;
    while (at < bytes.length) {
      if (this.#cut === undefined) {
        const code = bytes[at];
        at++;
        if (code === QUOTE) this.#cut = NO_BYTES;
        else if (code === CLOSING_BRACKET) {
          this.#section = 'done';
          return at;
        }
        continue;
      }
      const end = endOfString(bytes, at, this.#isEscaped);
      const part = bytes.subarray(at, end.at);
      const whole = this.#cut.length === 0 ? part : Buffer.concat([this.#cut, part]);
      this.#isEscaped = end.isEscaped;
      if (end.at === bytes.length) {
        // The buffer is used again for the next piece.
        this.#cut = Uint8Array.from(whole);
        return end.at;
      }
      strings.add(whole);
      this.#cut = undefined;
      at = end.at + 1;
    }
    return at;
  }
}
