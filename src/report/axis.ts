// A time axis that starts at 0: how long it is, where its ticks are, and the axis as a line of text.

const STEPS = [1, 2, 5, 10];

/** An axis is longer than its content by this factor, so that the last bar does not touch the edge. */
const MARGIN = 1.07;

/** Far more than any run takes, and a number that arithmetic does not turn into Infinity. */
const LONGEST_MS = 1e300;

/** The length of an axis that holds `longestMs`; 1 where there is nothing to hold. */
export const axisEnd = (longestMs: number): number =>
  longestMs > 0 ? Math.min(LONGEST_MS, longestMs * MARGIN) : 1;

/** Round values from 0 up to `max`, at most `most` steps of 1, 2 or 5 times a power of ten. */
export function ticks(max: number, most = 6): number[] {
  const power = 10 ** Math.floor(Math.log10(max / most));
  const times = STEPS.find((step) => max / (power * step) <= most);
  // There is no axis, or it is so short that its steps round to zero.
  if (times === undefined || power === 0) return [0];
  const step = power * times;
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

/** The columns of one tick: its label and some room. */
const COLUMNS_PER_TICK = 10;

/** The ticks of an axis of `lengthMs` as a line of at most `cells` columns. Each label begins at the place of its tick. */
export function axisLine(lengthMs: number, cells: number, label: (ms: number) => string): string {
  let line = '';
  for (const ms of ticks(lengthMs, Math.max(1, Math.floor(cells / COLUMNS_PER_TICK)))) {
    const column = Math.round((ms / lengthMs) * cells);
    const text = label(ms);
    const isApart = column === 0 || column > line.length;
    if (isApart && column + text.length <= cells) line = `${line.padEnd(column)}${text}`;
  }
  return line;
}
