// The house: arrows only point down. Imports of types count as well, because a reader follows them too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { before, test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
/** `from './x.ts'`, `import './x.ts'` and `import('./x.ts')`, on one line or as the end of a long list. */
const IMPORTED = /(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']+)'/g;

type Graph = ReadonlyMap<string, readonly string[]>;

/** Every file of the project's own code and the files that it imports, as paths from the root. */
let files: Graph = new Map();

before(async () => {
  const graph = new Map<string, string[]>();
  for await (const path of glob('{src,bench,lessons}/**/*.ts', { cwd: ROOT })) {
    const file = path.replaceAll('\\', '/');
    const source = readFileSync(join(ROOT, path), 'utf8');
    const imported = Array.from(source.matchAll(IMPORTED), ([, to]) => posix.join(dirname(file), to!));
    graph.set(file, imported);
  }
  files = graph;
});

/** The first circle that is found, as `a → b → a`; undefined if there is none. */
function circleIn(graph: Graph): string | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  function visit(node: string): string | undefined {
    if (done.has(node)) return undefined;
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node].join(' → ');
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next);
      if (circle !== undefined) return circle;
    }
    path.pop();
    done.add(node);
    return undefined;
  }
  for (const node of graph.keys()) {
    const circle = visit(node);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** `src/api` for `src/api/serve.ts`; undefined for a file that stands in no room. */
const roomOf = (file: string): string | undefined => /^src\/[^/]+(?=\/)/.exec(file)?.[0];

test('a circle is found, and what is no circle is none', () => {
  const graph = (edges: Record<string, string[]>): Graph => new Map(Object.entries(edges));
  assert.equal(circleIn(graph({ a: ['b', 'c'], b: ['c'], c: [] })), undefined);
  assert.equal(circleIn(graph({ a: ['b'], b: ['c'], c: ['b'] })), 'b → c → b');
});

test('imports are seen in every form', () => {
  assert.ok(files.get('src/program.ts')?.includes('src/commands/compare.ts'), 'when it runs');
  assert.ok(files.get('src/report/side-by-side.ts')?.includes('src/report/document.ts'), 'of a type');
});

test('no file imports itself through others', () => {
  assert.equal(circleIn(files), undefined);
});

test('no room of src imports itself through others', () => {
  const rooms = new Map<string, string[]>();
  for (const [file, imported] of files) {
    const room = roomOf(file);
    if (room === undefined) continue;
    const others = imported.map(roomOf).filter((other) => other !== undefined && other !== room);
    rooms.set(room, [...(rooms.get(room) ?? []), ...(others as string[])]);
  }
  assert.equal(circleIn(rooms), undefined);
});

test('src imports nothing of the lessons, the benchmarks or the tests', () => {
  for (const [file, imported] of files) {
    if (!file.startsWith('src/')) continue;
    for (const to of imported) assert.ok(to.startsWith('src/'), `${file} imports ${to}`);
  }
});

/** What is loaded as soon as a file is: not its types, and nothing that it imports when it is asked. */
const LOADED = /^(?:import|export)\b(?! type\b)(?:[^;']*\bfrom)?\s*'([^']+)'/gm;

/** The packages that `file` and all that it loads bring along. */
function packagesOf(file: string): ReadonlySet<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  function visit(path: string): void {
    if (seen.has(path)) return;
    seen.add(path);
    const source = readFileSync(join(ROOT, path), 'utf8');
    for (const [, name] of source.matchAll(LOADED)) {
      if (name!.startsWith('.')) visit(posix.join(dirname(path), name!));
      else packages.add(name!);
    }
  }
  visit(file);
  return packages;
}

test('nothing loads a database or its driver but what asks for the queue', () => {
  const isOfTheQueue = (name: string) => /^pg(-boss)?$|^@electric-sql\//.test(name);
  const first = [
    'src/program.ts',
    'src/commands/compare.ts',
    'src/measure/trial-process.ts',
    'bench/program.ts',
    'lessons/program.ts',
    'test/setup.ts',
  ];
  for (const file of first) assert.deepEqual([...packagesOf(file)].filter(isOfTheQueue), [], file);
  assert.ok(packagesOf('src/program.ts').has('commander'), 'what is loaded is seen');
  assert.ok([...packagesOf('src/queue/pglite.ts')].some(isOfTheQueue), 'and so is a database');
});
