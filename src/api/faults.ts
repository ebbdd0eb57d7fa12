// How the API misbehaves, as real ones do: which faults there are, and which requests they hit. The seed, the order and
// how often that order was asked for decide it. So a run can be repeated exactly, and a retry can succeed.
import type { Counters } from './counters.ts';
import { chance } from './random.ts';

interface Fault {
  readonly summary: string;
  /** The server's end breaks the exchange: the client gets no whole answer. */
  readonly cuts?: true;
  /** It spoils the body. A HEAD request has none, so its answer is a good one. */
  readonly inBody?: true;
  /** msw cannot play it as a connection would: the error has another code, or the client waits in vain. */
  readonly loopbackOnly?: true;
}

export const FAULTS = {
  '500': { summary: 'internal server error' },
  '503': { summary: 'service unavailable' },
  '429': { summary: 'too many requests, with Retry-After' },
  reset: { summary: 'connection reset instead of an answer', cuts: true, loopbackOnly: true },
  'reset-body': { summary: 'connection reset in the middle of the body', inBody: true, loopbackOnly: true },
  stall: { summary: 'no answer, ever' },
  drip: { summary: 'the answer byte by byte', inBody: true },
  malformed: { summary: 'JSON that ends too early', inBody: true },
  short: {
    summary: 'a body shorter than its content-length',
    cuts: true,
    inBody: true,
    loopbackOnly: true,
  },
  redirect: { summary: 'a redirect to itself' },
  endless: { summary: 'a body without end', inBody: true, loopbackOnly: true },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** The part of all requests that each fault hits, from 0 to 1. All of them together are at most 1. */
export type Faults = Readonly<Partial<Record<FaultName, number>>>;

export const faultNamed = (name: FaultName): Fault => FAULTS[name];

/** The fault that hits the `attempt`th request for order `id`, if one does. Attempts count from 0. */
export function faultOf(faults: Faults, seed: number, id: number, attempt: number): FaultName | undefined {
  let drawn = chance(seed, 'fault', id, attempt);
  for (const [name, rate] of Object.entries(faults) as Array<[FaultName, number]>) {
    if (drawn < rate) return name;
    drawn -= rate;
  }
  return undefined;
}

/** Remembers how often each lane asked for each order since the counters were reset. */
export class Attempts {
  readonly #counters: Counters;
  readonly #asked = new Map<string, Map<number, number>>();
  #epoch: number;

  constructor(counters: Counters) {
    this.#counters = counters;
    this.#epoch = counters.epoch;
  }

  /** Counts one more request of `lane` for order `id`, and returns how many came before it. */
  next(id: number, lane = ''): number {
    if (this.#counters.epoch !== this.#epoch) {
      this.#asked.clear();
      this.#epoch = this.#counters.epoch;
    }
    const asked = this.#asked.get(lane) ?? new Map<number, number>();
    this.#asked.set(lane, asked);
    const before = asked.get(id) ?? 0;
    asked.set(id, before + 1);
    return before;
  }
}

/** Whether only a real connection can play some of these faults. */
export function needsLoopback(faults: Faults = {}): boolean {
  return (Object.keys(faults) as FaultName[]).some((name) => faultNamed(name).loopbackOnly);
}

/** As `--faults` takes them: `503:0.1,reset:0.05`. */
export const faultsText = (faults: Faults): string =>
  Object.entries(faults)
    .map(([name, rate]) => `${name}:${rate}`)
    .join(',');

/** Any number from 0 to 1 as JavaScript reads and prints it: `0.1`, `.5`, `1`, `1e-7`. */
function rateIn(text: string): number | undefined {
  const rate = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  return rate >= 0 && rate <= 1 ? rate : undefined;
}

/** Sums of rates such as 0.1 are a little off: seven tenths and three tenths may be more than 1. */
const ROUNDING = 1e-9;

/**
 * Reads `503:0.1,reset:0.05`. The rates of a fault that is named twice are added.
 * @throws {RangeError} that says what was expected and what came
 */
export function parseFaults(text: string): Faults {
  const faults: Partial<Record<FaultName, number>> = {};
  for (const part of text.split(',')) {
    const [name = '', rateText = '', ...more] = part.split(':');
    const rate = rateIn(rateText);
    if (!Object.hasOwn(FAULTS, name) || rate === undefined || more.length > 0) {
      const names = Object.keys(FAULTS).join(', ');
      throw new RangeError(
        `Expected NAME:RATE, a rate from 0 to 1, got ${JSON.stringify(part)}; names: ${names}.`,
      );
    }
    faults[name as FaultName] = (faults[name as FaultName] ?? 0) + rate;
  }
  const sum = Object.values(faults).reduce((total, rate) => total + rate, 0);
  if (sum > 1 + ROUNDING) {
    throw new RangeError(`Expected rates of together at most 1, got ${Number(sum.toFixed(9))}.`);
  }
  return faults;
}
