// One row of the map of lesson 15: what Python writes, what Node writes, and what Node's side must show when it runs.

export interface Row {
  readonly python: string;
  readonly node: string;
  /** What is different, if anything is: what a Python programmer would expect and not get. At most 74 characters. */
  readonly differs?: string;
  /** Runs Node's side. Undefined where nothing in this process could run it; then `differs` says so. */
  readonly run?: () => unknown;
  /** What it must return. */
  readonly expect?: unknown;
}
