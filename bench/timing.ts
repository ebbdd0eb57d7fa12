// Measures times with tinybench, and what is left of a heap after a garbage collection.
import { Bench } from 'tinybench';
import { collectGarbage } from '../src/measure/garbage.ts';
import { wholeTurn } from '../src/measure/observe.ts';

export interface Timing {
  readonly samples: number;
  /** Calls before the clock starts, so that the code is compiled and its connections stand. */
  readonly warmup?: number;
}

/** How long each call took, in milliseconds. @throws what a call throws */
export async function timesMs(
  run: () => Promise<unknown>,
  { samples, warmup = 0 }: Timing,
): Promise<readonly number[]> {
  // Without `time: 0` it would go on for a second. Without `throws` a failed call would be a fast one.
  const bench = new Bench({
    time: 0,
    iterations: samples,
    warmup: warmup > 0,
    warmupTime: 0,
    warmupIterations: warmup,
    throws: true,
    retainSamples: true,
  });
  const call = async () => {
    await run();
  };
  // Without `async` tinybench would call it once more, to find out whether it is asynchronous.
  bench.add('case', call, { async: true, afterEach: wholeTurn });
  const [task] = await bench.run();
  const { result } = task!;
  if (result.state !== 'completed')
    throw new Error(`expected a completed benchmark, got one ${result.state}`);
  return result.latency.samples!;
}

/** Live bytes of the heap after a full collection. */
export function liveHeapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
