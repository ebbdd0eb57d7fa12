// Figures for people: the digits that matter, and the unit beside them. Intl is used only where nothing else will do: its first
// use takes a process 12 ms, half as long as Node takes to start.

import type { Kind } from '../jobs/job.ts';

const UNITS: ReadonlyArray<readonly [unit: string, ms: number]> = [
  ['s', 1000],
  ['ms', 1],
  ['µs', 1e-3],
  ['ns', 1e-6],
];

/** What stands where there is no figure, or none that a reader could use. */
export const NO_FIGURE = '–';

/** A figure in words. NaN and Infinity, as from 0 / 0, are shown as no figure. */
const ifFinite = (value: number, show: (value: number) => string): string =>
  Number.isFinite(value) ? show(value) : NO_FIGURE;

/** `toFixed` allows 100 digits; nobody reads more than these. */
const MOST_DIGITS = 20;

/** `value` with so many significant digits, in plain decimal notation; digits before the point all stay. */
function digits(value: number, significant: number): string {
  if (value === 0) return '0';
  const before = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(significant))))) + 1;
  return value.toFixed(Math.min(MOST_DIGITS, Math.max(0, significant - before)));
}

/** Milliseconds as `850 ns`, `12.3 µs`, `120 ms`, `1.29 s` or `2 min 5 s`. */
export const duration = (ms: number, significant = 3): string =>
  ifFinite(ms, () => {
    if (ms >= 119_500) {
      const seconds = Math.round(ms / 1000);
      return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    }
    if (ms === 0) return '0 ms';
    const rounded = Number(ms.toPrecision(significant));
    const [unit, inMs] = UNITS.find(([, size]) => rounded >= size) ?? UNITS.at(-1)!;
    return `${digits(ms / inMs, significant)} ${unit}`;
  });

/** The same without zeros behind the point, for numbers that are round: `20 ms`, `1.5 s`. */
export const roundDuration = (ms: number): string =>
  duration(ms)
    .replace(/(\.\d*?)0+ /, '$1 ')
    .replace('. ', ' ');

interface SpreadLike {
  readonly median: number;
  readonly mad: number;
  readonly samples: readonly number[];
}

/** `120 ms ± 3.0 ms`; without spread where a single sample has none. */
export const durationWithSpread = ({ median, mad, samples }: SpreadLike): string =>
  samples.length > 1 ? `${duration(median)} ± ${duration(mad, 2)}` : duration(median);

/** `120 ms ± 3 %`, for where there is less room. */
export const durationWithPercent = ({ median, mad, samples }: SpreadLike): string =>
  samples.length > 1 ? `${duration(median)} ± ${percent(mad / (median || 1))}` : duration(median);

/** `9.27×`, and `1.00×` for no difference. */
export const ratio = (value: number): string =>
  ifFinite(value, () => `${value < 9.995 ? value.toFixed(2) : digits(value, 3)}×`);

/** `9.27× as fast as sequential`; where the figure would read 1.00, `as fast as sequential`. */
export const asFastAs = (value: number, other: string): string =>
  ratio(value) === ratio(1) ? `as fast as ${other}` : `${ratio(value)} as fast as ${other}`;

/** A fraction as `93 %`. */
export const percent = (fraction: number): string =>
  ifFinite(fraction * 100, (hundredths) => `${Math.round(hundredths)} %`);

/** A fraction as it was given, `0.1 %`: what was asked for must not read as nothing. */
export const exactPercent = (fraction: number): string =>
  ifFinite(fraction * 100, (hundredths) => `${Number(hundredths.toPrecision(12))} %`);

/** `32.9 MiB` */
export const mebibytes = (value: number): string => ifFinite(value, () => `${digits(value, 3)} MiB`);

/** Whether a number has no thousands to separate, and no more than three digits behind the point. */
const isPlain = (value: number): boolean => Math.abs(value) < 1000 && Number(value.toFixed(3)) === value;

/** `60`, `1,000`, `0.333` */
export const number = (value: number): string =>
  ifFinite(value, () => (isPlain(value) ? String(value) : value.toLocaleString('en')));

/** `1,012` of 1012.4: for counts that were averaged, and rates. */
export const wholeNumber = (value: number): string => number(Math.round(value));

/** `1 request`, `60 requests`, `1,000 requests` */
export const count = (value: number, noun: string, nouns = `${noun}s`): string =>
  `${number(value)} ${value === 1 ? noun : nouns}`;

/** `a, b and c` */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  const others = words.slice(0, -1);
  return others.length === 0 ? last : `${others.join(', ')} and ${last}`;
}

/** What one input is to a job: a request, or a task where nobody is asked. */
export const taskNoun = ({ kind }: { readonly kind: Kind }): string => (kind === 'io' ? 'request' : 'task');

/** A figure in words, or the sign that there is none. */
export const orNone = (value: number | null, show: (value: number) => string): string =>
  value === null ? NO_FIGURE : show(value);
