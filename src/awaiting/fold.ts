// Equal branches become one branch with a count. They are equal even if they stand for different calls, or if their
// times differ: the age of a function, the time that a timer has left.
import { hash } from 'node:crypto';
import type { Branch, FunctionBranch, LeafBranch } from './branch.ts';

const IGNORED = new Set(['count', 'ids', 'lookedUp', 'ageMs', 'leftMs', 'below']);

/** Branches are shared, so the shape of each is kept, as a hash: the shapes below are part of it. */
const shapes = new WeakMap<Branch, string>();

export function fold(branches: readonly Branch[]): Branch[] {
  const byShape = new Map<string, Branch>();
  for (const branch of branches) {
    const shape = shapeOf(branch);
    const same = byShape.get(shape);
    const folded = same ? { ...merge(same, branch), count: same.count + branch.count } : branch;
    shapes.set(folded, shape);
    byShape.set(shape, folded);
  }
  return [...byShape.values()];
}

function shapeOf(branch: Branch): string {
  const known = shapes.get(branch);
  if (known !== undefined) return known;
  const below = 'below' in branch ? branch.below.map((each) => [each.count, shapeOf(each)]) : [];
  const own = Object.entries(branch).filter(([key]) => !IGNORED.has(key));
  const shape = hash('sha1', JSON.stringify([own, below]));
  shapes.set(branch, shape);
  return shape;
}

/** Two branches of the same shape. What lies below keeps its count, which says how many there are for each of them. */
function merge(one: Branch, other: Branch): Branch {
  if (one.kind === 'leaf') return mergeTimes(one, other as LeafBranch);
  if (one.kind === 'cycle') return one;
  const others = (other as typeof one).below;
  const below = one.below.map((each, index) => merge(each, others[index]!));
  return one.kind === 'function'
    ? mergeFunctions({ ...one, below }, other as FunctionBranch)
    : { ...one, below };
}

function mergeFunctions(one: FunctionBranch, other: FunctionBranch): FunctionBranch {
  const ages = [one.ageMs, other.ageMs].filter((ms) => ms !== undefined);
  return {
    ...one,
    ids: [...one.ids, ...other.ids],
    lookedUp: one.lookedUp + other.lookedUp,
    ...(ages.length > 0 ? { ageMs: Math.max(...ages) } : {}),
  };
}

function mergeTimes(one: LeafBranch, other: LeafBranch): LeafBranch {
  if (!one.leftMs || !other.leftMs) return one;
  const all = [...one.leftMs, ...other.leftMs];
  return { ...one, leftMs: [Math.min(...all), Math.max(...all)] };
}
