// From milliseconds to places on a picture. Places are percentages, so that a picture fits every width without
// a script, and its text is not stretched.

/** A place or a length on an axis that ends at `max`, as an SVG percentage. */
export function place(value: number, max: number): string {
  const part = value / (max || 1);
  return `${Number.isFinite(part) ? rounded(part * 100, 3) : 0}%`;
}

/** Enough digits for a picture and no more: they are most of a report's size. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
