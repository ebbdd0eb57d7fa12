// A tree as lines for the terminal.
import type { Finding } from './findings.ts';
import type { Branch } from './branch.ts';
import type { AwaitTree } from './tree.ts';

/** Handlers of events return promises that nobody holds: a server can have thousands. */
const MOST_OF_A_KIND = 5;

/** With `calledAgo` the age of a function is the time since its call. */
export function treeLines(tree: AwaitTree, calledAgo = false): string[] {
  const byKind = Map.groupBy(tree.findings, ({ kind }) => kind);
  const findings = [...byKind.values()].flatMap((equal) => [
    ...equal.slice(0, MOST_OF_A_KIND).map(findingLine),
    ...(equal.length > MOST_OF_A_KIND ? [`… and ${equal.length - MOST_OF_A_KIND} more; --json has all`] : []),
  ]);
  const roots = tree.roots.flatMap((root) => [...branchLines(root, '', '', calledAgo), '']);
  const hidden =
    tree.hidden > 0 ? `; ${tree.hidden} of Node and of libraries are folded, --all shows them` : '';
  const count = `${tree.waiting} async ${tree.waiting === 1 ? 'function waits' : 'functions wait'}${hidden}`;
  return [...findings, ...(findings.length > 0 ? [''] : []), ...roots, count];
}

export function findingLine(finding: Finding): string {
  switch (finding.kind) {
    case 'deadlock': {
      const unless = finding.unlessFails ? ', unless another member of a Promise.all fails' : '';
      return `DEADLOCK: ${finding.path.join(' → ')} (${finding.at}): each waits for the next${unless}`;
    }
    case 'never awaited':
      return `NEVER AWAITED: ${which(finding)}: nothing holds its promise, so nobody can await it`;
    case 'not awaited yet':
      return `NOT AWAITED YET: ${which(finding)}: ${finding.by} holds its promise and awaits something else. If it fails now, nobody handles that, and the process ends`;
    case 'abandoned':
      return `ABANDONED: ${which(finding)}: it still runs, but everything that waited for it has already settled without it`;
    case 'lost':
      return `LOST: ${which(finding)}: nothing in the program can wake it any more. Without --keep it would be garbage`;
    case 'ends with 13':
      return 'ENDS WITH 13: nothing is left that keeps the process alive, and the top level still waits';
    case 'thread pool full':
      return `THREAD POOL FULL: ${finding.operations} operations of fs, dns or crypto, and ${finding.threads} threads for them: ${finding.operations - finding.threads} wait in a queue`;
    default:
      return finding satisfies never;
  }
}

function which({ name, count, defined }: { name: string; count: number; defined: string }): string {
  return `${name}${times(count)} (${defined})`;
}

function branchLines(branch: Branch, first: string, rest: string, calledAgo: boolean): string[] {
  const below = 'below' in branch ? branch.below : [];
  const ageMs = calledAgo && branch.kind === 'function' ? branch.ageMs : undefined;
  const called = ageMs === undefined ? '' : `  called ${duration(ageMs)} ago`;
  const lines = [`${first}${labelOf(branch)}${called}`];
  for (const [index, child] of below.entries()) {
    const isLast = index === below.length - 1;
    const firstOfChild = `${rest}${isLast ? '└─ ' : '├─ '}`;
    const restOfChild = `${rest}${isLast ? '   ' : '│  '}`;
    lines.push(...branchLines(child, firstOfChild, restOfChild, calledAgo));
  }
  return lines;
}

export function labelOf(branch: Branch): string {
  const { count } = branch;
  switch (branch.kind) {
    case 'function': {
      const locals = branch.locals && branch.locals.length > 0 ? `  { ${branch.locals.join(', ')} }` : '';
      const place = branch.at ?? `defined at ${branch.defined}`;
      const { length } = branch.ids;
      const isPartly = branch.at !== undefined && branch.lookedUp < length;
      const some = isPartly ? ` (looked up for ${branch.lookedUp} of ${length})` : '';
      return `${branch.name}${times(count)}  ${place}${some}${locals}`;
    }
    case 'promise':
      return `${promiseWords(branch.how, branch.handler)}${times(count)}`;
    case 'library':
      return `(${branch.name}: ${branch.functions.join(' → ')})${times(count)}`;
    case 'leaf':
      return `waits for ${branch.waitsFor}${leftWords(branch.leftMs)}${times(count)}`;
    case 'cycle':
      return `${branch.name} again: it waits for itself${times(count)}`;
    default:
      return branch satisfies never;
  }
}

function times(count: number): string {
  return count > 1 ? ` × ${count}` : '';
}

function promiseWords(how: string, handler: string | undefined): string {
  if (how === 'settled by') return 'a promise that one of these settles:';
  if (['then', 'catch', 'finally'].includes(how)) return `.${how}(${handler ?? ''})`;
  return `Promise.${how}`;
}

function leftWords(leftMs: readonly [number, number] | undefined): string {
  if (!leftMs) return '';
  const [least, most] = leftMs.map(duration);
  return least === most ? ` (${least} left)` : ` (${least} to ${most} left)`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** The largest unit that fits: `3 s` and `27 h`, for a reader wants to know whether to wait. */
function duration(ms: number): string {
  if (ms <= 0) return 'no time';
  const [unit, size] = UNITS.find(([, size]) => ms >= size * 2) ?? ['ms', 1];
  return `${Math.floor(ms / size)} ${unit}`;
}
