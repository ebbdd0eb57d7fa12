// The kitchen of the exercises. It holds every order until the check lets it go. So the check decides what happens and in
// which order, and no clock does. The kitchen also writes down what it saw. The check judges that, and not the code.
import { setImmediate as turn } from 'node:timers/promises';

/** What an exercise is handed: it starts an order, and the promise settles when the kitchen says so. */
export type Cook = (id: number, signal?: AbortSignal) => Promise<string>;

interface Order {
  readonly id: number;
  readonly resolve: (dish: string) => void;
  readonly reject: (reason: unknown) => void;
}

/** After so many turns of the event loop without news, the program under check has nothing more to do. */
const QUIET_TURNS = 40;

/** Waits until `news()` has been the same for QUIET_TURNS turns of the event loop. */
export async function quietFor(news: () => number): Promise<void> {
  let known = news();
  let quietTurns = 0;
  while (quietTurns < QUIET_TURNS) {
    await turn();
    quietTurns++;
    if (news() === known) continue;
    known = news();
    quietTurns = 0;
  }
}

/** What order `id` becomes. */
export const dishOf = (id: number): string => `dish ${id}`;

export class Kitchen {
  /** The ids of all orders, in the order in which they were started. */
  readonly started: number[] = [];
  /** The ids of the orders whose signal was aborted while they were in the kitchen. */
  readonly aborted: number[] = [];
  /** The most orders that were in the kitchen at the same time. */
  peak = 0;
  readonly #orders: Order[] = [];
  readonly #slowToStop: boolean;
  #news = 0;

  /** With `slowToStop` an order that is aborted stays in the kitchen until `clear`, as work that has to clean up does. */
  constructor({ slowToStop = false }: { readonly slowToStop?: boolean } = {}) {
    this.#slowToStop = slowToStop;
  }

  /** Bound to this kitchen, so that it can be handed over as a plain function. */
  readonly cook: Cook = (id, signal) => {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const order: Order = { id, resolve, reject };
    this.started.push(id);
    this.#orders.push(order);
    this.peak = Math.max(this.peak, this.#orders.length);
    this.#news++;
    const onAbort = () => {
      if (!this.#orders.includes(order)) return;
      this.aborted.push(id);
      this.#news++;
      if (this.#slowToStop) return;
      this.#take(id);
      reject(signal!.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  };

  /** The ids of the orders that are in the kitchen now, the oldest first. */
  get inKitchen(): number[] {
    return this.#orders.map((order) => order.id);
  }

  /** Order `id` is ready. Returns when the program under check has done all that it does about that. */
  async serve(id: number): Promise<void> {
    this.#take(id).resolve(dishOf(id));
    await this.quiet();
  }

  /** Order `id` fails. Returns when the program under check has done all that it does about that. */
  async burn(id: number, reason: unknown = new Error(`order ${id} burnt`)): Promise<void> {
    this.#take(id).reject(reason);
    await this.quiet();
  }

  /** An aborted order of a kitchen that is slow to stop has cleaned up, and fails now. */
  async clear(id: number): Promise<void> {
    await this.burn(id, new DOMException(`order ${id} was stopped`, 'AbortError'));
  }

  /** Serves whatever is in the kitchen, the oldest first, until nothing comes any more, at most `most` orders. */
  async serveAll(most = 1000): Promise<void> {
    await this.quiet();
    for (let served = 0; served < most && this.#orders.length > 0; served++)
      await this.serve(this.#orders[0]!.id);
  }

  quiet(): Promise<void> {
    return quietFor(() => this.#news);
  }

  #take(id: number): Order {
    const place = this.#orders.findIndex((order) => order.id === id);
    if (place < 0) throw new Error(`check: order ${id} is not in the kitchen`);
    this.#news++;
    return this.#orders.splice(place, 1)[0]!;
  }
}
