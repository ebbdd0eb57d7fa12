// What an API of limited capacity allows: so many orders cooked at once, and so many requests in a second. Pure data
// and pure parsing; the kitchen keeps to them.

export interface Stoves {
  /** Orders that are cooked at the same time. */
  readonly count: number;
  /** Requests that may wait for a stove. The next one is refused with 503. Without it any number may wait. */
  readonly queue?: number;
}

export interface Rate {
  /** Requests that are let in, in the long run. The next one is refused with 429. */
  readonly perSecond: number;
  /** Requests that are let in at once after a quiet time. */
  readonly burst: number;
}

/** The most of anything here. More would not be a limit. */
const MOST = 1_000_000;

const wholeIn = (text: string | undefined, min: number): number | undefined => {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : NaN;
  return value >= min && value <= MOST ? value : undefined;
};

/**
 * Reads `8` or `8,40`: stoves, and places in the queue.
 * @throws {RangeError} that says what was expected and what came
 */
export function parseStoves(text: string): Stoves {
  const [countText, queueText, ...more] = text.split(',');
  const count = wholeIn(countText, 1);
  const queue = queueText === undefined ? undefined : wholeIn(queueText, 0);
  if (count === undefined || more.length > 0 || (queueText !== undefined && queue === undefined)) {
    throw new RangeError(
      `Expected STOVES or STOVES,QUEUE, whole numbers such as 8 or 8,40, got ${JSON.stringify(text)}.`,
    );
  }
  return queue === undefined ? { count } : { count, queue };
}

/** Without a burst in its option, an API lets in what a tenth of a second allows. */
const burstOf = (perSecond: number): number => Math.max(1, Math.ceil(perSecond / 10));

/**
 * Reads `100` or `100,10`: requests in a second, and the burst.
 * @throws {RangeError} that says what was expected and what came
 */
export function parseRate(text: string): Rate {
  const [rateText = '', burstText, ...more] = text.split(',');
  const perSecond = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(rateText) ? Number(rateText) : NaN;
  const burst = burstText === undefined ? burstOf(perSecond) : wholeIn(burstText, 1);
  if (!(perSecond > 0 && perSecond <= MOST) || burst === undefined || more.length > 0) {
    throw new RangeError(
      `Expected RATE or RATE,BURST, requests in a second such as 100 or 100,10, got ${JSON.stringify(text)}.`,
    );
  }
  return { perSecond, burst };
}

/** What a limit is, in the words of its option: `8,40`. */
export const stovesText = ({ count, queue }: Stoves): string =>
  queue === undefined ? String(count) : `${count},${queue}`;
export const rateText = ({ perSecond, burst }: Rate): string => `${perSecond},${burst}`;

/** @throws {RangeError} for numbers that a program passes and that make no sense */
export function checkLimits({ stoves, rate }: { readonly stoves?: Stoves; readonly rate?: Rate }): void {
  if (stoves) parseStoves(stovesText(stoves));
  if (rate) parseRate(rateText(rate));
}
