/** Milliseconds since 1970 with fractions: one clock for every thread and process of this machine. */
export const now = (): number => performance.timeOrigin + performance.now();

/** The longest timer of Node, in milliseconds: some 25 days. It would fire a longer one at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
