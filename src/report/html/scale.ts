// From milliseconds to places on a picture. Places are percentages, so that a picture fits every width without
// a script, and its text is not stretched.

/** A place or a length on an axis that ends at `max`, as an SVG percentage. */
export function place(value: number, max: number): string {
  return `${rounded((value / (max || 1)) * 100, 3)}%`;
}

/** Enough digits for a picture and no more: they are most of a report's size. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

const STEPS = [1, 2, 5, 10];

/** Round values from 0 up to `max`, at most `most` steps of 1, 2 or 5 times a power of ten. */
export function ticks(max: number, most = 6): number[] {
  if (!(max > 0)) return [0];
  const power = 10 ** Math.floor(Math.log10(max / most));
  const step = power * STEPS.find((times) => max / (power * times) <= most)!;
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

/** An axis that is a little longer than what it must hold, so that the last bar does not touch the edge. */
export const axisEnd = (longestMs: number): number => (longestMs > 0 ? longestMs * 1.07 : 1);
