// A tree as lines for the terminal.
import type { AwaitTree, Branch, Finding } from './tree.ts';

/** Handlers of events return promises that nobody holds: a server can have thousands. */
const MOST_LOST = 5;

export function treeLines(tree: AwaitTree): string[] {
  const deadlocks = tree.findings.filter(({ kind }) => kind === 'deadlock');
  const lost = tree.findings.filter(({ kind }) => kind === 'never awaited');
  const more =
    lost.length > MOST_LOST
      ? [`… and ${lost.length - MOST_LOST} more that nobody awaits; --json has all`]
      : [];
  const findings = [...[...deadlocks, ...lost.slice(0, MOST_LOST)].map(findingLine), ...more];
  const roots = tree.roots.flatMap((root) => [...branchLines(root, '', ''), '']);
  const hidden =
    tree.hidden > 0 ? `; ${tree.hidden} of Node and of libraries are folded, --all shows them` : '';
  const count = `${tree.waiting} async ${tree.waiting === 1 ? 'function waits' : 'functions wait'}${hidden}`;
  return [...findings, ...(findings.length > 0 ? [''] : []), ...roots, count];
}

function findingLine(finding: Finding): string {
  if (finding.kind === 'deadlock') return `DEADLOCK: ${finding.path.join(' → ')}: each waits for the next`;
  const { name, count, defined } = finding;
  const times = count > 1 ? ` × ${count}` : '';
  return `NEVER AWAITED: ${name}${times} (${defined}): nothing holds its promise, so nobody can await it`;
}

function branchLines(branch: Branch, first: string, rest: string): string[] {
  const below = 'below' in branch ? branch.below : [];
  const lines = [`${first}${labelOf(branch)}`];
  for (const [index, child] of below.entries()) {
    const isLast = index === below.length - 1;
    lines.push(...branchLines(child, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`));
  }
  return lines;
}

function labelOf(branch: Branch): string {
  const times = branch.count > 1 ? ` × ${branch.count}` : '';
  if (branch.kind === 'function') {
    const locals = branch.locals && branch.locals.length > 0 ? `  { ${branch.locals.join(', ')} }` : '';
    const place = branch.at ?? `defined at ${branch.defined}`;
    const { length } = branch.ids;
    const some =
      branch.at !== undefined && branch.lookedUp < length
        ? ` (looked up for ${branch.lookedUp} of ${length})`
        : '';
    return `${branch.name}${times}  ${place}${some}${locals}`;
  }
  if (branch.kind === 'promise') return `${promiseWords(branch.how, branch.handler)}${times}`;
  if (branch.kind === 'leaf') return `waits for ${branch.waitsFor}${times}`;
  return `${branch.name} again: it waits for itself${times}`;
}

function promiseWords(how: string, handler: string): string {
  if (how === 'settled by') return 'a promise whose resolver is held by';
  if (['then', 'catch', 'finally'].includes(how)) return `.${how}(${handler})`;
  return `Promise.${how}`;
}
