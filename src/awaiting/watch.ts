// What changed between two looks at the same thread. Pure: two trees in, lines out.
//
// A branch is the same as before if it says the same. A function that went on to its next await is the same function,
// since its number stayed. Only changed branches are shown, with those above them, so that one sees where they belong.
import { findingLine, labelOf } from './text.ts';
import type { Branch } from './branch.ts';
import type { AwaitTree } from './tree.ts';

/** Each line has a mark: + is new, - is gone, ~ is changed. A blank marks a branch that only has changed branches below it. */
export function changeLines(before: AwaitTree, after: AwaitTree): string[] {
  return [...findingChanges(before, after), ...changesIn(before.roots, after.roots, '')];
}

export function oldestMs({ roots }: AwaitTree): number {
  return Math.max(0, ...roots.map((root) => oldestOf(root)));
}

/** How long something is known to wait, in words. */
export function age(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

function oldestOf(branch: Branch): number {
  const own = branch.kind === 'function' ? (branch.ageMs ?? 0) : 0;
  return Math.max(own, ...belowOf(branch).map((each) => oldestOf(each)));
}

function findingChanges(before: AwaitTree, after: AwaitTree): string[] {
  const lines = (tree: AwaitTree) => tree.findings.map((finding) => findingLine(finding));
  const was = new Set(lines(before));
  const is = new Set(lines(after));
  return [
    ...[...is.difference(was)].map((line) => `+ ${line}`),
    ...[...was.difference(is)].map((line) => `- ${line}`),
  ];
}

interface Pair {
  readonly was: Branch | undefined;
  readonly is: Branch | undefined;
}

function changesIn(before: readonly Branch[], after: readonly Branch[], indent: string): string[] {
  return pairs(before, after).flatMap((pair) => changesOf(pair, indent));
}

function changesOf({ was, is }: Pair, indent: string): string[] {
  if (!is) return [`- ${indent}${labelOf(was!)}${seen(was!)}`];
  if (!was) return wholeBranch(is, indent);
  const below = changesIn(belowOf(was), belowOf(is), `${indent}   `);
  const isSame = saysOf(was) === saysOf(is);
  if (isSame && was.count === is.count) {
    return below.length > 0 ? [`  ${indent}${labelOf(is)}${seen(is)}`, ...below] : [];
  }
  const old = isSame ? `× ${was.count}` : labelOf(was);
  return [`~ ${indent}${labelOf(is)}  (was ${old})${seen(is)}`, ...below];
}

function wholeBranch(branch: Branch, indent: string): string[] {
  const below = belowOf(branch).flatMap((each) => wholeBranch(each, `${indent}   `));
  return [`+ ${indent}${labelOf(branch)}`, ...below];
}

function seen(branch: Branch): string {
  return branch.kind === 'function' && branch.ageMs !== undefined ? `  seen for ${age(branch.ageMs)}` : '';
}

/** Pairs each earlier branch with the one that it has become. The most alike are paired first. */
function pairs(before: readonly Branch[], after: readonly Branch[]): Pair[] {
  const left = new Set(before);
  const found = new Map<Branch, Branch>();
  const pairUp = (isMatch: (was: Branch, is: Branch) => boolean) => {
    for (const is of after) {
      if (found.has(is)) continue;
      const was = [...left].find((each) => isMatch(each, is));
      if (!was) continue;
      found.set(is, was);
      left.delete(was);
    }
  };
  pairUp((was, is) => (was.kind !== 'function' || haveSameFunction(was, is)) && wholeOf(was) === wholeOf(is));
  pairUp((was, is) => haveSameFunction(was, is));
  pairUp((was, is) => saysOf(was) === saysOf(is));
  return [
    ...after.map((is) => ({ was: found.get(is), is })),
    ...[...left].map((was) => ({ was, is: undefined })),
  ];
}

function haveSameFunction(was: Branch, is: Branch): boolean {
  return was.kind === 'function' && is.kind === 'function' && was.ids.some((id) => is.ids.includes(id));
}

/** Times and numbers of objects: they differ between any two looks. */
const PASSING = new Set(['count', 'below', 'ids', 'lookedUp', 'ageMs', 'leftMs']);

/** What a branch says by itself. */
function saysOf(branch: Branch): string {
  return JSON.stringify(branch, (key, value: unknown) => (PASSING.has(key) ? undefined : value));
}

function wholeOf(branch: Branch): string {
  return JSON.stringify([saysOf(branch), branch.count, belowOf(branch).map((each) => wholeOf(each))]);
}

function belowOf(branch: Branch): readonly Branch[] {
  return 'below' in branch ? branch.below : [];
}
