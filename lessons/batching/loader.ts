// Loads values by their keys, in as few requests as can be. Two ideas are joined in it.
//
// Single flight: callers who ask for a key that is on its way share that promise. Batching: the keys that are asked for in the
// same turn of the event loop go into one request. It is no cache. An answer is handed to all who wait for it, and then
// forgotten; so is a failure.
//
// Needs Node 24 or later. Copy this file as it is: it imports only what Node has.
import { addAbortListener } from 'node:events';

/** Fetches what there is of these keys, in one request. What does not exist is not in the map. */
export type FetchMany<Key, Output> = (
  keys: readonly Key[],
  signal: AbortSignal,
) => Promise<ReadonlyMap<Key, Output>>;

/** The keys of one request. */
interface Batch<Key> {
  readonly keys: Key[];
  /** Ends the request, when nobody waits for any of its answers. */
  readonly stop: AbortController;
  /** Who waits for an answer of this request. */
  guests: number;
}

/** A key on its way. The promise is shared by all who ask for it. */
interface Flight<Key, Output> extends PromiseWithResolvers<Output> {
  readonly batch: Batch<Key>;
}

export class Loader<Key, Output> {
  readonly #fetchMany: FetchMany<Key, Output>;
  readonly #mostKeys: number;
  /** What was asked for and is not answered yet. */
  readonly #flights = new Map<Key, Flight<Key, Output>>();
  /** Takes more keys until this turn of the event loop ends, or until it is full. */
  #open: Batch<Key> | undefined;

  constructor(fetchMany: FetchMany<Key, Output>, mostKeys: number) {
    this.#fetchMany = fetchMany;
    this.#mostKeys = mostKeys;
  }

  /** @throws what `fetchMany` throws; a RangeError if it found nothing; the reason of this caller's signal */
  async load(key: Key, signal?: AbortSignal): Promise<Output> {
    signal?.throwIfAborted();
    const { promise, batch } = this.#flights.get(key) ?? this.#board(key);
    // The signal ends this caller's wait, and not the request: others may wait for it too.
    const left = Promise.withResolvers<never>();
    using _ = signal && addAbortListener(signal, () => left.reject(signal.reason));
    batch.guests++;
    try {
      return await Promise.race([promise, left.promise]);
    } finally {
      batch.guests--;
      if (batch.guests === 0) this.#end(batch);
    }
  }

  /** Puts a key into the open batch. */
  #board(key: Key): Flight<Key, Output> {
    // The first key of a batch decides when it leaves: when this turn of the event loop is over.
    // A turn costs some microseconds, so nobody waits for a batch to become full.
    const batch = this.#open ?? { keys: [], stop: new AbortController(), guests: 0 };
    if (batch !== this.#open) setImmediate(() => void this.#send(batch));
    this.#open = batch;
    const flight = { ...Promise.withResolvers<Output>(), batch };
    this.#flights.set(key, flight);
    batch.keys.push(key);
    if (batch.keys.length === this.#mostKeys) this.#close(batch);
    return flight;
  }

  async #send(batch: Batch<Key>): Promise<void> {
    this.#close(batch);
    if (batch.stop.signal.aborted) return;
    const flights = batch.keys.map((key) => [key, this.#flights.get(key)!] as const);
    try {
      const found = await this.#fetchMany(batch.keys, batch.stop.signal);
      for (const [key, { resolve, reject }] of flights) {
        // Each key has its own answer: what does not exist is no failure of its neighbours.
        if (found.has(key)) resolve(found.get(key)!);
        else reject(new RangeError(`nothing found for ${String(key)}`));
      }
    } catch (error) {
      for (const [, { reject }] of flights) reject(error);
    }
  }

  #close(batch: Batch<Key>): void {
    if (this.#open === batch) this.#open = undefined;
  }

  /** Nobody waits for this request any more: all have their answer, or have left. A later caller starts a new request. */
  #end(batch: Batch<Key>): void {
    this.#close(batch);
    for (const key of batch.keys) {
      // After an early end the same key may be on its way again, in another batch.
      if (this.#flights.get(key)?.batch === batch) this.#flights.delete(key);
    }
    batch.stop.abort();
  }
}
