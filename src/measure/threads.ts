// How many threads a machine can carry. Each thread has a heap and modules of its own. So a thousand threads fill the
// memory of a laptop, even if all of them only wait. Long before that they fight for its cores.

/** The memory of a thread that fetches orders. It was measured: 200 threads took 3.6 GiB. */
const MIB_PER_THREAD = 18;
/** Threads may take this part of the free memory. The rest is for everything else on the machine. */
const PART_OF_MEMORY = 0.5;
/** There may be more threads than cores, because most of them wait. Starting even more takes longer than most runs. */
const THREADS_PER_CORE = 32;
/** If threads take more than this, the reader is told before they start. */
const MUCH_MIB = 1024;
const MIB = 2 ** 20;

export interface Capacity {
  readonly cores: number;
  /** What is free, in bytes; 0 where the system does not tell. */
  readonly freeBytes: number;
}

export interface ThreadPlan {
  readonly threads: number;
  /** What the reader must know before the threads start: that there are fewer than asked for, or how much they take. */
  readonly note?: string;
}

/**
 * The threads to start where `asked` are wanted. Memory bounds them always; cores only where nobody asked for this very
 * number (`isExplicit`).
 */
export function planThreads(asked: number, isExplicit: boolean, { cores, freeBytes }: Capacity): ThreadPlan {
  const byMemory = Math.max(1, mostByMemory(freeBytes));
  const byCores = isExplicit ? Infinity : cores * THREADS_PER_CORE;
  const threads = Math.min(asked, byMemory, byCores);
  const takes = `${threads} threads take some ${gibibytes(threads * MIB_PER_THREAD)}`;
  const isMuch = threads * MIB_PER_THREAD > MUCH_MIB;
  if (threads === asked) return isMuch ? { threads, note: `worker-threads: ${takes}` } : { threads };
  const reason =
    threads === byMemory
      ? memoryReason(freeBytes)
      : `${THREADS_PER_CORE} for each core; --threads ${asked} asks for all`;
  return {
    threads,
    note: `worker-threads: ${threads} ${threads === 1 ? 'thread' : 'threads'} instead of ${asked} (${reason})`,
  };
}

/** How many threads half of the free memory has room for. `freeBytes` is 0 where the system does not tell. */
export const mostByMemory = (freeBytes: number): number =>
  freeBytes === 0 ? Infinity : Math.floor(((freeBytes / MIB) * PART_OF_MEMORY) / MIB_PER_THREAD);

/** Why there is room for no more threads. */
export const memoryReason = (freeBytes: number): string =>
  `half of the free memory is ${gibibytes((freeBytes / MIB) * PART_OF_MEMORY)}, a thread takes some ${MIB_PER_THREAD} MiB`;

const gibibytes = (mebibytes: number): string => `${(mebibytes / 1024).toFixed(1)} GiB`;
