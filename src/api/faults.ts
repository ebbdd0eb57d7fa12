// How the API misbehaves, as real ones do: which faults there are, and whom they hit. That depends on the seed, the
// order and how often that order has been asked for, so a run can be repeated, and a retry can succeed.
import { chance } from './random.ts';

interface Fault {
  readonly summary: string;
  /** The server's end breaks the exchange: the client gets no whole answer. */
  readonly cuts?: true;
  /** msw cannot play it as a connection would: the error has another code, or the client waits in vain. */
  readonly loopbackOnly?: true;
}

export const FAULTS = {
  '500': { summary: 'internal server error' },
  '503': { summary: 'service unavailable' },
  '429': { summary: 'too many requests, with Retry-After' },
  reset: { summary: 'connection reset instead of an answer', cuts: true, loopbackOnly: true },
  'reset-body': { summary: 'connection reset in the middle of the body', loopbackOnly: true },
  stall: { summary: 'no answer, ever' },
  drip: { summary: 'the answer byte by byte' },
  malformed: { summary: 'JSON that ends too early' },
  short: { summary: 'a body shorter than its content-length', cuts: true, loopbackOnly: true },
  redirect: { summary: 'a redirect to itself' },
  endless: { summary: 'a body without end', loopbackOnly: true },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** The part of all requests that each fault hits, 0 to 1; together at most 1. */
export type Faults = Readonly<Partial<Record<FaultName, number>>>;

export const faultNamed = (name: FaultName): Fault => FAULTS[name];

/** The fault that hits the `attempt`th request for order `id`, if one does. */
export function faultOf(faults: Faults, seed: number, id: number, attempt: number): FaultName | undefined {
  let drawn = chance(seed, 'fault', id, attempt);
  for (const [name, rate] of Object.entries(faults) as Array<[FaultName, number]>) {
    if (drawn < rate) return name;
    drawn -= rate;
  }
  return undefined;
}

/** Whether only a real connection can play some of these faults. */
export function needsLoopback(faults: Faults = {}): boolean {
  return (Object.keys(faults) as FaultName[]).some((name) => faultNamed(name).loopbackOnly);
}

/**
 * Reads `503:0.1,reset:0.05`.
 * @throws {RangeError} that says what was expected and what came
 */
export function parseFaults(text: string): Faults {
  const faults: Partial<Record<FaultName, number>> = {};
  for (const part of text.split(',')) {
    const [name = '', rate = ''] = part.split(':');
    if (
      !Object.hasOwn(FAULTS, name) ||
      !/^(0?\.\d+|[01](\.0+)?)$/.test(rate) ||
      part.split(':').length !== 2
    ) {
      const names = Object.keys(FAULTS).join(', ');
      throw new RangeError(
        `Expected NAME:RATE, a rate from 0 to 1, got ${JSON.stringify(part)}; names: ${names}.`,
      );
    }
    faults[name as FaultName] = (faults[name as FaultName] ?? 0) + Number(rate);
  }
  const sum = Object.values(faults).reduce((total, rate) => total + rate, 0);
  if (sum > 1 + 1e-9) throw new RangeError(`Expected rates of together at most 1, got ${sum}.`);
  return faults;
}
