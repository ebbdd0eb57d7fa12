// From milliseconds to places on a picture. Places are percentages, so that a picture fits every width without
// a script, and its text is not stretched.

/**
 * How far along an axis from 0 to `max` a value stands, from 0 to 1. What lies outside the axis stands at its edge, so that no
 * figure, however odd, draws over what stands beside the picture. What is no number stands at 0.
 */
export function partOf(value: number, max: number): number {
  const part = value / (max || 1);
  return Number.isNaN(part) ? 0 : Math.min(1, Math.max(0, part));
}

/** A place or a length on an axis that ends at `max`, as an SVG percentage. */
export const place = (value: number, max: number): string => `${rounded(partOf(value, max) * 100, 3)}%`;

/** Enough digits for a picture and no more: they are most of a report's size. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
