// One row of the map: what Python writes, what Node writes, and what running the latter must show.

export interface Row {
  readonly python: string;
  readonly node: string;
  /** Where the two part, if they do: what a Python programmer would get wrong. */
  readonly differs?: string;
  /** Runs Node's side. Undefined: nothing to run it on exists inside this process, and `differs` says so. */
  readonly run?: () => unknown;
  /** What it must return. */
  readonly expect?: unknown;
}
