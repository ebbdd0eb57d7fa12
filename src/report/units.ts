// Figures for people: the digits that matter, and the unit beside them.

const UNITS: ReadonlyArray<readonly [unit: string, ms: number]> = [
  ['s', 1000],
  ['ms', 1],
  ['µs', 1e-3],
  ['ns', 1e-6],
];

/** `value` with so many significant digits, in plain decimal notation; digits before the point all stay. */
function digits(value: number, significant: number): string {
  if (value === 0) return '0';
  const before = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(significant))))) + 1;
  return value.toFixed(Math.max(0, significant - before));
}

/** Milliseconds as `850 ns`, `12.3 µs`, `120 ms`, `1.29 s` or `2 min 5 s`. */
export function duration(ms: number, significant = 3): string {
  if (ms >= 119_500) {
    const seconds = Math.round(ms / 1000);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  if (ms === 0) return '0 ms';
  const rounded = Number(ms.toPrecision(significant));
  const [unit, inMs] = UNITS.find(([, size]) => rounded >= size) ?? UNITS.at(-1)!;
  return `${digits(ms / inMs, significant)} ${unit}`;
}

/** `120 ms ± 3.0 ms`; without spread where a single sample has none. */
export function durationWithSpread({ median, mad, samples }: SpreadLike): string {
  return samples.length > 1 ? `${duration(median)} ± ${duration(mad, 2)}` : duration(median);
}

interface SpreadLike {
  readonly median: number;
  readonly mad: number;
  readonly samples: readonly number[];
}

/** `9.27×`, and `1.00×` for no difference. */
export const ratio = (value: number): string => `${value < 9.995 ? value.toFixed(2) : digits(value, 3)}×`;

/** A fraction as `93 %`. */
export const percent = (fraction: number): string => `${Math.round(fraction * 100)} %`;

/** A fraction as it was given, `0.1 %`: what was asked for must not read as nothing. */
export const exactPercent = (fraction: number): string => `${Number((fraction * 100).toPrecision(12))} %`;

/** `32.9 MiB` */
export const mebibytes = (value: number): string => `${digits(value, 3)} MiB`;

/** `1 request`, `60 requests`, `1,000 requests` */
export function count(value: number, noun: string, nouns = `${noun}s`): string {
  return `${value.toLocaleString('en')} ${value === 1 ? noun : nouns}`;
}

/** What one input is to a job: a request, or a task where nobody is asked. */
export const taskNoun = ({ kind }: { readonly kind: 'io' | 'cpu' }): string =>
  kind === 'io' ? 'request' : 'task';

/** What stands where there is no figure. */
export const NO_FIGURE = '–';

/** A figure in words, or the sign that there is none. */
export const orNone = (value: number | null, show: (value: number) => string): string =>
  value === null ? NO_FIGURE : show(value);
