// Long work as a list of steps that know how long they should take, so that a reader sees what is left.

export interface Progress {
  /** What runs now, for instance `fetch-order: bounded-pool, 2 of 3`. */
  readonly doing: string;
  /** Steps that have ended, and steps in all. */
  readonly done: number;
  readonly total: number;
  /** About what is left, in milliseconds: the estimates, corrected by how wrong they have been so far. */
  readonly leftMs: number;
}

export interface Step {
  readonly doing: string;
  readonly estimateMs: number;
  run(): Promise<void>;
}

export interface StepsOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Runs `steps` one after the other. @throws the first error of a step; the signal's reason */
export async function runSteps(
  steps: readonly Step[],
  title: string,
  { signal, onProgress }: StepsOptions = {},
): Promise<void> {
  const startMs = performance.now();
  let leftEstimateMs = steps.reduce((sum, step) => sum + step.estimateMs, 0);
  let doneEstimateMs = 0;
  for (const [done, step] of steps.entries()) {
    signal?.throwIfAborted();
    const correction = doneEstimateMs > 0 ? (performance.now() - startMs) / doneEstimateMs : 1;
    const leftMs = leftEstimateMs * correction;
    onProgress?.({ doing: `${title}: ${step.doing}`, done, total: steps.length, leftMs });
    await step.run();
    leftEstimateMs -= step.estimateMs;
    doneEstimateMs += step.estimateMs;
  }
}

/** The same items, starting `by` places later and going round. So each turn starts with another item. */
export function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const first = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
