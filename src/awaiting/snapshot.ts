// V8's heap snapshot is one JSON document. Of a 200 MiB heap it is half a gigabyte: near the longest string that V8
// can hold. So we read it in the pieces in which it arrives, and keep numbers in typed arrays.
// The document names its own fields (`meta`), and says how many nodes and edges follow: we allocate once.

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
  /** Characters of the document. */
  readonly size: number;
  readonly #columns: Columns;
  #incoming: { readonly first: Uint32Array; readonly edges: Uint32Array } | undefined;

  constructor(columns: Columns, size: number) {
    this.#columns = columns;
    this.nodeCount = columns.nodeType.length;
    this.edgeCount = columns.edgeType.length;
    this.size = size;
  }

  name(node: NodeIndex): string {
    return this.string(this.#columns.nodeName[node]!);
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
    return this.#columns.locations.get(node);
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

  /** The target of the first edge with this type and name. */
  follow(node: NodeIndex, type: string, name: string): NodeIndex | undefined {
    for (const edge of this.edges(node)) if (edge.type === type && edge.name === name) return edge.to;
    return undefined;
  }

  /** All pairs of nodes that an internal edge of this name joins. One pass over numbers: nothing is allocated. */
  *internalEdges(name: string): Generator<{ readonly from: NodeIndex; readonly to: NodeIndex }> {
    const { edgeType, edgeName, edgeTo, edgeTypes, strings } = this.#columns;
    const internal = edgeTypes.indexOf('internal');
    const wanted = strings.indexOf(name);
    if (wanted < 0) return;
    for (let edge = 0; edge < edgeType.length; edge++) {
      if (edgeType[edge] === internal && edgeName[edge] === wanted) {
        yield { from: this.#sourceOf(edge), to: edgeTo[edge]! };
      }
    }
  }

  string(index: number): string {
    const raw = this.#columns.strings[index] ?? '';
    return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  #edge(edge: number): Edge {
    const { edgeType, edgeTypes, edgeName, edgeTo } = this.#columns;
    const type = edgeTypes[edgeType[edge]!]!;
    const name = type === 'element' || type === 'hidden' ? `${edgeName[edge]}` : this.string(edgeName[edge]!);
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
    const { edgeType, edgeTo, edgeTypes } = this.#columns;
    const weak = edgeTypes.indexOf('weak');
    const first = new Uint32Array(this.nodeCount + 2);
    for (let edge = 0; edge < edgeType.length; edge++) {
      if (edgeType[edge] !== weak) first[edgeTo[edge]! + 2]!++;
    }
    for (let node = 2; node < first.length; node++) first[node]! += first[node - 1]!;
    const edges = new Uint32Array(first[this.nodeCount + 1]!);
    for (let edge = 0; edge < edgeType.length; edge++) {
      if (edgeType[edge] !== weak) edges[first[edgeTo[edge]! + 1]!++] = edge;
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
  readonly locations: Map<NodeIndex, Place>;
  /** As in the document, escapes included. */
  readonly strings: string[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const CLOSING_BRACKET = 0x5d;

/** Reads a snapshot from its pieces: `write` each, then `end`. */
export class SnapshotReader {
  #size = 0;
  /** What has no meaning yet: the header, or a section's name whose rest is still to come. */
  #pending = '';
  #section: 'header' | 'between' | 'numbers' | 'strings' | 'done' = 'header';
  #sink: (value: number) => void = () => {};
  /** The number that a piece's end cut in two; -1 outside a number. */
  #value = -1;
  /** The string that a piece's end cut; undefined outside a string. */
  #cut: string | undefined;
  #escaped = false;
  #columns: Columns | undefined;
  #header: Header | undefined;
  #complete = new Set<string>();

  write(piece: string): void {
    this.#size += piece.length;
    let at = 0;
    while (at < piece.length) {
      if (this.#section === 'numbers') at = this.#readNumbers(piece, at);
      else if (this.#section === 'strings') at = this.#readStrings(piece, at);
      else if (this.#section === 'done') return;
      else at = this.#readName(piece, at);
    }
  }

  /** @throws {SnapshotError} if the document stopped early */
  end(): Snapshot {
    const columns = this.#columns;
    if (!columns || this.#section !== 'done') {
      throw new SnapshotError(`expected a whole heap snapshot, got ${this.#size} characters that stop early`);
    }
    const missing = ['nodes', 'edges', 'strings'].filter((section) => !this.#complete.has(section));
    if (missing.length > 0) throw new SnapshotError(`the heap snapshot has no ${missing.join(', ')}`);
    return new Snapshot(columns, this.#size);
  }

  /** Looks for the next `"name":[`; the header is everything up to the first of them. */
  #readName(piece: string, from: number): number {
    const before = this.#pending.length;
    this.#pending += piece.slice(from);
    const found = (this.#section === 'header' ? /"(nodes)":\s*\[/ : /"(\w+)":\s*\[/).exec(this.#pending);
    if (!found) {
      if (this.#pending.length > 1_000_000) throw new SnapshotError('expected a heap snapshot of V8');
      return piece.length;
    }
    if (this.#section === 'header') this.#readHeader(this.#pending.slice(0, found.index));
    this.#open(found[1]!);
    const consumed = found.index + found[0].length - before;
    this.#pending = '';
    return from + consumed;
  }

  #readHeader(text: string): void {
    let header: Header;
    try {
      header = (JSON.parse(`${text.replace(/,\s*$/, '')}}`) as { snapshot: Header }).snapshot;
    } catch {
      throw new SnapshotError(`expected a heap snapshot of V8, got ${JSON.stringify(text.slice(0, 40))}`);
    }
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
      locations: new Map(),
      strings: [],
    };
  }

  #open(section: string): void {
    this.#section = section === 'strings' ? 'strings' : 'numbers';
    this.#value = -1;
    if (section === 'nodes') this.#sink = this.#nodeSink();
    else if (section === 'edges') this.#sink = this.#edgeSink();
    else if (section === 'locations') this.#sink = this.#locationSink();
    else this.#sink = () => {};
    this.#complete.add(section);
  }

  #nodeSink(): (value: number) => void {
    const { nodeType, nodeName, nodeId, firstEdge } = this.#columns!;
    const fields = this.#header!.meta.node_fields;
    const [type, name, id, edgeCount] = ['type', 'name', 'id', 'edge_count'].map((f) => fields.indexOf(f));
    let field = 0;
    let node = 0;
    return (value) => {
      if (field === type) nodeType[node] = value;
      else if (field === name) nodeName[node] = value;
      else if (field === id) nodeId[node] = value;
      else if (field === edgeCount) firstEdge[node + 1] = firstEdge[node]! + value;
      field++;
      if (field < fields.length) return;
      field = 0;
      node++;
    };
  }

  #edgeSink(): (value: number) => void {
    const { edgeType, edgeName, edgeTo } = this.#columns!;
    const fields = this.#header!.meta.edge_fields;
    const [type, name, to] = ['type', 'name_or_index', 'to_node'].map((f) => fields.indexOf(f));
    const nodeFields = this.#header!.meta.node_fields.length;
    let field = 0;
    let edge = 0;
    return (value) => {
      if (field === type) edgeType[edge] = value;
      else if (field === name) edgeName[edge] = value;
      // The document points into its own list of numbers, which has several for a node.
      else if (field === to) edgeTo[edge] = value / nodeFields;
      field++;
      if (field < fields.length) return;
      field = 0;
      edge++;
    };
  }

  #locationSink(): (value: number) => void {
    const { locations } = this.#columns!;
    const nodeFields = this.#header!.meta.node_fields.length;
    const row: number[] = [];
    return (value) => {
      row.push(value);
      if (row.length < 4) return;
      const [object, script, line, column] = row.splice(0) as [number, number, number, number];
      locations.set(object / nodeFields, { scriptId: `${script}`, line: line + 1, column: column + 1 });
    };
  }

  #readNumbers(piece: string, from: number): number {
    const sink = this.#sink;
    let value = this.#value;
    for (let at = from; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code >= ZERO && code <= NINE) {
        value = (value < 0 ? 0 : value * 10) + (code - ZERO);
        continue;
      }
      if (value >= 0) sink(value);
      value = -1;
      if (code === CLOSING_BRACKET) {
        this.#value = -1;
        this.#section = 'between';
        return at + 1;
      }
    }
    this.#value = value;
    return piece.length;
  }

  #readStrings(piece: string, from: number): number {
    const { strings } = this.#columns!;
    let at = from;
    while (at < piece.length) {
      if (this.#cut === undefined) {
        const code = piece.charCodeAt(at);
        at++;
        if (code === QUOTE) this.#cut = '';
        else if (code === CLOSING_BRACKET) {
          this.#section = 'done';
          return at;
        }
        continue;
      }
      const end = this.#endOfString(piece, at);
      if (end < 0) {
        this.#cut += piece.slice(at);
        return piece.length;
      }
      strings.push(this.#cut + piece.slice(at, end));
      this.#cut = undefined;
      at = end + 1;
    }
    return at;
  }

  /** The index of the closing quote, or -1 if it is not in this piece. */
  #endOfString(piece: string, from: number): number {
    let escaped = this.#escaped;
    for (let at = from; at < piece.length; at++) {
      if (escaped) {
        escaped = false;
        continue;
      }
      const code = piece.charCodeAt(at);
      if (code === BACKSLASH) escaped = true;
      else if (code === QUOTE) {
        this.#escaped = false;
        return at;
      }
    }
    this.#escaped = escaped;
    return -1;
  }
}
