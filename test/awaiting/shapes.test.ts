// Every way to wait, as it shows on every Node that is supported. A program of `shapes` ends with the tree that it must
// show: the names, the line and column of each await, what stands between, and what it waits for. They run in one
// process, so that a wrong edge between two of them would show as well.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { Observer } from '../../src/awaiting/look.ts';
import type { Finding } from '../../src/awaiting/findings.ts';
import type { Branch } from '../../src/awaiting/branch.ts';
import type { AwaitTree } from '../../src/awaiting/tree.ts';
import { nodeOf } from '../nodes.ts';
import { targetOf } from './target.ts';

const FOLDER = join(import.meta.dirname, 'shapes');
const HELPERS = new Set(['host.mjs', 'gates.mjs', 'gates.d.mts']);

/** A look-up walks past the whole heap. So those that load much have a process of their own. */
const LARGE = new Set(['fetching.mjs']);

interface Program {
  readonly name: string;
  readonly path: string;
  /** The oldest Node that understands it. */
  readonly since: number;
  readonly expected: string;
}

const PROGRAMS: readonly Program[] = readdirSync(FOLDER)
  .filter((name) => !HELPERS.has(name))
  .map((name) => {
    const path = join(FOLDER, name);
    const [, since = '20', expected = ''] =
      /\n\/\* shows(?:, from Node (\d+))?:\n([^]*)\*\/\n$/.exec(readFileSync(path, 'utf8')) ?? [];
    return { name, path, since: Number(since), expected: expected.trimEnd() };
  });

for (const major of [20, 22, 24, 26]) {
  test(`on Node ${major} each program shows its own tree`, async (t) => {
    const node = await nodeOf(major);
    if (node === undefined) return t.skip(`no Node ${major} here, and none could be fetched`);
    const all = PROGRAMS.filter(({ since }) => since <= major);
    const groups = [all.filter(({ name }) => !LARGE.has(name)), all.filter(({ name }) => LARGE.has(name))];
    for (const programs of groups) {
      const { findings, roots } = await treeOf(node, programs);
      for (const { name, expected } of programs) {
        await t.test(name, () => assert.equal(shownOf(name, findings, roots), expected));
      }
      const files = new Set(programs.map(({ name }) => name));
      const others = roots.filter((root) => !files.has(fileOf(root)));
      assert.deepEqual(others, [], 'nothing else waits');
    }
  });
}

async function treeOf(node: string, programs: readonly Program[]): Promise<AwaitTree> {
  const paths = programs.map(({ path }) => path);
  await using target = await targetOf(node, 'shapes/host.mjs', paths);
  await using observer = new Observer(target.session);
  const options = { all: false, locals: false, mayPause: () => Promise.resolve(true) };
  return (await observer.look(options)).tree;
}

/** What the tree has of one program. */
function shownOf(name: string, findings: readonly Finding[], roots: readonly Branch[]): string {
  const lines = roots.filter((root) => fileOf(root) === name).flatMap((root) => linesOf(root));
  const wrong = findings.map(findingText).filter((text) => text.includes(name));
  return [...wrong, ...lines].join('\n').replaceAll(`${name}:`, '');
}

function fileOf(root: Branch): string {
  return root.kind === 'function' ? basename(root.defined).replace(/:.*/, '') : '';
}

function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'deadlock':
      return `deadlock ${finding.path.join(' ')}${finding.unlessFails ? ' unless one fails' : ''} ${short(finding.at)}`;
    case 'not awaited yet':
      return `not awaited yet ${finding.name} ${finding.count} ${short(finding.defined)} by ${finding.by}`;
    case 'ends with 13':
      return finding.kind;
    case 'thread pool full':
      return `thread pool full ${finding.operations} ${finding.threads}`;
    case 'never awaited':
    case 'abandoned':
    case 'lost':
      return `${finding.kind} ${finding.name} ${finding.count} ${short(finding.defined)}`;
    default:
      return finding satisfies never;
  }
}

/** One line a branch, with everything that is data and the same on each machine. */
function linesOf(branch: Branch, indent = ''): string[] {
  const below = 'below' in branch ? branch.below.flatMap((each) => linesOf(each, `${indent}  `)) : [];
  return [indent + textOf(branch) + (branch.count > 1 ? ` × ${branch.count}` : ''), ...below];
}

function textOf(branch: Branch): string {
  switch (branch.kind) {
    case 'function':
      return `${branch.name} ${short(branch.at ?? 'nowhere')}`;
    case 'promise':
      return branch.handler === undefined ? branch.how : `${branch.how} ${short(branch.handler)}`;
    case 'library':
      return `${branch.name}: ${branch.functions.join(' ')}`;
    case 'leaf': {
      const left = branch.leftMs?.map((ms) => Math.floor(ms / 3_600_000));
      const words = branch.waitsFor.replace(/127\.0\.0\.1:\d+/, 'HOST').replace(/pid \d+/, 'PID');
      return left ? `${words}, hours left ${left.join(' to ')}` : words;
    }
    case 'cycle':
      return `again ${branch.name}`;
    default:
      return branch satisfies never;
  }
}

function short(place: string): string {
  return place.replace(/\S*\//, '');
}
