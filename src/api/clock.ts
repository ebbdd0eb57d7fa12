/** Milliseconds since 1970 with fractions: one clock for every thread and process of this machine. */
export const now = (): number => performance.timeOrigin + performance.now();

/** The longest timer of Node, in milliseconds: some 25 days. It would fire a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * `ms` as a timer can wait for it, for every duration that comes from outside. What is longer becomes the longest, and so
 * does NaN: Node would make 1 ms of both.
 */
export const timerLength = (ms: number): number => (ms < LONGEST_TIMER_MS ? ms : LONGEST_TIMER_MS);
