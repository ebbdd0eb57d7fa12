// Lanes: whoever asks `/NAME/orders/7` in place of `/orders/7` has a lane of that name. The API then tells which of its
// requests are whose, whatever client they come from: an approach of ours, curl, or a program in any language.
import { now } from './clock.ts';

/** A request of a lane arrived. */
export interface LaneStart {
  /** A number of its own for each request, in the order of arrival. */
  readonly key: number;
  readonly lane: string;
  /** The order that is asked for. */
  readonly id: number;
  /** On the clock of `now()`. */
  readonly atMs: number;
}

/** It is no longer in flight. */
export interface LaneEnd {
  readonly key: number;
  /** The status of the answer, or NO_ANSWER. */
  readonly status: number;
  readonly atMs: number;
}

export type LaneEvent = LaneStart | LaneEnd;

/** In the place of a status: the client went away, or the connection broke, before the answer was whole. */
export const NO_ANSWER = 0;

/** A part of what happened in the lanes, in order. */
export interface LaneBatch {
  readonly events: readonly LaneEvent[];
  /** Events that came before these and are lost, because the reader was too slow for all of them. */
  readonly lost: number;
}

/** Called at the start of a request; returns what has to be called at its end. */
export type LaneWatch = (lane: string, id: number) => (status: number) => void;

/** Letters, digits, and `.`, `_`, `-` between them: a name that needs no quotes in a shell and no escape in a URL. */
const NAME = '[A-Za-z0-9][A-Za-z0-9._-]{0,39}';
const LANE_NAME = new RegExp(`^${NAME}$`);
/** Below `/site/` stand pages and no orders. */
const LANE_PATH = new RegExp(`^/(?!site/)(${NAME})/orders/([1-9]\\d{0,14})(?:\\?|$)`);

export const isLaneName = (text: string): boolean => LANE_NAME.test(text);

/** Whose request this is and which order it is for; undefined for one without a lane. */
export function laneOf(path: string): { readonly lane: string; readonly id: number } | undefined {
  const [, lane, id] = LANE_PATH.exec(path) ?? [];
  return lane === undefined ? undefined : { lane, id: Number(id) };
}

/** Events of a batch at most. A reader who is further behind than this loses the oldest. */
const MOST_WAITING = 100_000;
/** About two frames of a screen. */
const EVERY_MS = 33;

/**
 * Collects what happens in the lanes and hands it on in batches. Unless somebody waits for it (`flush`), a batch is made
 * only when `send` says that the one before has left. So a slow reader gets fewer and larger batches, and what waits for
 * it never grows beyond its bound.
 */
export class LaneBatches {
  readonly #send: (batch: LaneBatch, sent: () => void) => void;
  #waiting: LaneEvent[] = [];
  #lost = 0;
  #keys = 0;
  #isOnItsWay = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (batch: LaneBatch, sent: () => void) => void) {
    this.#send = send;
  }

  readonly watch: LaneWatch = (lane, id) => {
    const key = ++this.#keys;
    this.#add({ key, lane, id, atMs: now() });
    return (status) => this.#add({ key, status, atMs: now() });
  };

  #add(event: LaneEvent): void {
    this.#waiting.push(event);
    // Half at once: to drop one event for each new one would move the whole array each time.
    if (this.#waiting.length > MOST_WAITING) this.#lost += this.#waiting.splice(0, MOST_WAITING / 2).length;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#isOnItsWay) this.flush();
    }, EVERY_MS);
  }

  /** Sends what there is at once, so that whatever is sent afterwards arrives behind it. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const batch = { events: this.#waiting, lost: this.#lost };
    this.#waiting = [];
    this.#lost = 0;
    this.#isOnItsWay = true;
    this.#send(batch, () => {
      this.#isOnItsWay = false;
      if (this.#timer === undefined) this.flush();
    });
  }
}
