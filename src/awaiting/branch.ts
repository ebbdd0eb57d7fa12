// What a tree of awaits is made of. A branch stands for one function or more that wait in the same place.
import type { Combinator } from './graph.ts';

export type Branch = FunctionBranch | PromiseBranch | LibraryBranch | LeafBranch | CycleBranch;

export interface FunctionBranch {
  readonly kind: 'function';
  readonly name: string;
  readonly count: number;
  /** Where the await stands; undefined where it is not known. */
  readonly at: string | undefined;
  readonly defined: string;
  readonly locals?: readonly string[];
  /** The numbers by which the inspector knows the functions that this branch stands for. */
  readonly ids: readonly number[];
  /** For how many of them `at` is sure. If all of those agree, the others of the same kind get the same place. */
  readonly lookedUp: number;
  /** How old the oldest of them is; undefined if that is not known. */
  readonly ageMs?: number;
  readonly below: readonly Branch[];
}

export interface PromiseBranch {
  readonly kind: 'promise';
  /** `settled by`: one of those below holds its resolver and may call it. */
  readonly how: Combinator | 'settled by';
  /** The function that was given to `.then`, with its place. */
  readonly handler?: string;
  readonly count: number;
  readonly below: readonly Branch[];
}

/** Functions of a package, one below the other, in one line. */
export interface LibraryBranch {
  readonly kind: 'library';
  readonly name: string;
  readonly functions: readonly string[];
  readonly count: number;
  readonly below: readonly Branch[];
}

export interface LeafBranch {
  readonly kind: 'leaf';
  readonly waitsFor: string;
  /** The shortest and the longest time that is left of its timers. */
  readonly leftMs?: readonly [number, number];
  readonly count: number;
}

/** A function that also stands above this branch: it waits for itself. */
export interface CycleBranch {
  readonly kind: 'cycle';
  readonly name: string;
  readonly count: number;
}
