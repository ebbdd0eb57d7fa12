/** Milliseconds since 1970 with fractions: one clock for every thread and process of this machine. */
export const now = (): number => performance.timeOrigin + performance.now();
