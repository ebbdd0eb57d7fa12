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
}

const STARTED = 0;
const COMPLETED = 1;
const ABORTED = 2;
const IN_FLIGHT = 3;
const PEAK = 4;
const EPOCH = 5;

export class Counters {
  /** Hand this to a worker thread, and `new Counters(buffer)` there counts into the same numbers. */
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array<SharedArrayBuffer>;

  constructor(buffer = new SharedArrayBuffer(6 * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  start(): void {
    Atomics.add(this.#cells, STARTED, 1);
    const inFlight = Atomics.add(this.#cells, IN_FLIGHT, 1) + 1;
    let peak = Atomics.load(this.#cells, PEAK);
    while (inFlight > peak) {
      const seen = Atomics.compareExchange(this.#cells, PEAK, peak, inFlight);
      if (seen === peak) break;
      peak = seen;
    }
  }

  end(outcome: 'completed' | 'aborted'): void {
    Atomics.sub(this.#cells, IN_FLIGHT, 1);
    Atomics.add(this.#cells, outcome === 'completed' ? COMPLETED : ABORTED, 1);
  }

  /** Counts anew from here; what is in flight stays in flight. */
  reset(): void {
    for (const cell of [STARTED, COMPLETED, ABORTED]) Atomics.store(this.#cells, cell, 0);
    Atomics.store(this.#cells, PEAK, Atomics.load(this.#cells, IN_FLIGHT));
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
    };
  }
}
