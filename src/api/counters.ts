// What the API saw. The API counts, not the approach, so an approach cannot flatter itself. The numbers live
// in shared memory: with the intercepted network every worker thread runs the API itself, and a peak summed
// from separate counts would be wrong.

export interface Stats {
  /** Requests that arrived. */
  readonly started: number;
  /** Requests that were answered in full, whatever the status. */
  readonly completed: number;
  /** Requests that ended without a whole answer: their client went away, or a fault broke the connection. */
  readonly aborted: number;
  readonly inFlight: number;
  /** The most requests in flight at once since the last reset. */
  readonly peakInFlight: number;
  /** Requests that were refused because the API was at a limit. They are among the completed ones. */
  readonly refused: number;
  /** Requests that had to wait for a stove. */
  readonly queued: number;
  /** The most requests that waited for a stove at once. */
  readonly longestQueue: number;
  /** The time that all requests together waited for a stove, in milliseconds. */
  readonly queueMs: number;
}

const STARTED = 0;
const COMPLETED = 1;
const ABORTED = 2;
const IN_FLIGHT = 3;
const PEAK = 4;
const EPOCH = 5;
const REFUSED = 6;
const QUEUED = 7;
const IN_QUEUE = 8;
const LONGEST_QUEUE = 9;
const CELLS = 10;
/** Behind the cells: a sum of times needs more than 32 bits, and Atomics adds no fractions. */
const QUEUE_TIME_OFFSET = CELLS * Int32Array.BYTES_PER_ELEMENT;
const BYTES = QUEUE_TIME_OFFSET + BigInt64Array.BYTES_PER_ELEMENT;
const MICROSECONDS = 1000;

export class Counters {
  /** Hand this to a worker thread, and `new Counters(buffer)` there counts into the same numbers. */
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array<SharedArrayBuffer>;
  /** In microseconds. */
  readonly #queueTime: BigInt64Array<SharedArrayBuffer>;

  constructor(buffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer, 0, CELLS);
    this.#queueTime = new BigInt64Array(buffer, QUEUE_TIME_OFFSET);
  }

  /** A request has arrived. */
  start(): void {
    Atomics.add(this.#cells, STARTED, 1);
    this.#raise(PEAK, Atomics.add(this.#cells, IN_FLIGHT, 1) + 1);
  }

  /** A request is refused. Its answer still has to be counted as its end. */
  refuse(): void {
    Atomics.add(this.#cells, REFUSED, 1);
  }

  /** A request begins to wait for a stove. */
  enterQueue(): void {
    Atomics.add(this.#cells, QUEUED, 1);
    this.#raise(LONGEST_QUEUE, Atomics.add(this.#cells, IN_QUEUE, 1) + 1);
  }

  /** It has a stove, or its client has gone away, after `waitedMs`. */
  leaveQueue(waitedMs: number): void {
    Atomics.sub(this.#cells, IN_QUEUE, 1);
    Atomics.add(this.#queueTime, 0, BigInt(Math.round(waitedMs * MICROSECONDS)));
  }

  /** Sets the highest value that was seen. Another thread may do the same at this moment. */
  #raise(cell: number, value: number): void {
    let highest = Atomics.load(this.#cells, cell);
    while (value > highest) {
      const seen = Atomics.compareExchange(this.#cells, cell, highest, value);
      if (seen === highest) return;
      highest = seen;
    }
  }

  end(outcome: 'completed' | 'aborted'): void {
    Atomics.sub(this.#cells, IN_FLIGHT, 1);
    Atomics.add(this.#cells, outcome === 'completed' ? COMPLETED : ABORTED, 1);
  }

  /** Counts anew from here; what is in flight stays in flight. */
  reset(): void {
    for (const cell of [STARTED, COMPLETED, ABORTED, REFUSED, QUEUED]) Atomics.store(this.#cells, cell, 0);
    Atomics.store(this.#cells, PEAK, Atomics.load(this.#cells, IN_FLIGHT));
    Atomics.store(this.#cells, LONGEST_QUEUE, Atomics.load(this.#cells, IN_QUEUE));
    Atomics.store(this.#queueTime, 0, 0n);
    Atomics.add(this.#cells, EPOCH, 1);
  }

  /** How often the counts were reset, so that whoever remembers more than counts can start anew with them. */
  get epoch(): number {
    return Atomics.load(this.#cells, EPOCH);
  }

  read(): Stats {
    const cell = (index: number) => Atomics.load(this.#cells, index);
    return {
      started: cell(STARTED),
      completed: cell(COMPLETED),
      aborted: cell(ABORTED),
      inFlight: cell(IN_FLIGHT),
      peakInFlight: cell(PEAK),
      refused: cell(REFUSED),
      queued: cell(QUEUED),
      longestQueue: cell(LONGEST_QUEUE),
      queueMs: Number(Atomics.load(this.#queueTime, 0)) / MICROSECONDS,
    };
  }
}
