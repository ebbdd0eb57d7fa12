// Price one order: pure CPU work in JavaScript, as long as wanted. Each round is one step of a linear
// congruential generator. A loop must take them one by one, but arithmetic can jump over any number of them,
// so every answer can be checked in microseconds, and a compiler cannot drop the loop.
import { orderOf } from '../api/orders.ts';
import type { OpenJob, PriceOrderSettings } from './job.ts';

export interface Price {
  readonly id: number;
  readonly cents: number;
  /** The generator's state after all rounds: proof that the work was done. */
  readonly checksum: number;
}

const MULTIPLIER = 1664525;
const INCREMENT = 1013904223;

/** The price of order `id` after `rounds` rounds of work. */
export function priceOf(id: number, rounds: number): Price {
  let state = id | 0;
  for (let round = 0; round < rounds; round++) state = (Math.imul(state, MULTIPLIER) + INCREMENT) | 0;
  const cents = orderOf(id).lines.reduce((sum, line) => sum + line.quantity * line.cents, 0);
  return { id, cents, checksum: state >>> 0 };
}

/** The checksum `priceOf` must give, in log2(rounds) steps: composing x → ax + c with itself squares it. */
export function expectedChecksum(id: number, rounds: number): number {
  let [multiplier, increment] = [MULTIPLIER, INCREMENT];
  let state = id | 0;
  for (let left = rounds; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) state = (Math.imul(state, multiplier) + increment) | 0;
    increment = Math.imul(multiplier + 1, increment);
    multiplier = Math.imul(multiplier, multiplier);
  }
  return state >>> 0;
}

/** Calls after which V8 has compiled a function for good, and rounds that make a call short. */
const SETTLED = { calls: 5000, rounds: 200 };

/**
 * V8 counts calls, and of long ones it sees few: one of the first fifty orders would stand for 100 ms in half-optimized
 * code, in some trials and not in others. The orders must differ, or the code is compiled for one answer and given up at
 * the next. Takes some 20 ms.
 */
function settle(): void {
  for (let call = 0; call < SETTLED.calls; call++) priceOf(call, SETTLED.rounds);
}

/** Rounds that make an order cost `costMs` milliseconds on this machine, the order itself included: some 2 µs. */
export function calibrate(costMs: number): number {
  settle();
  const rounds = 4_000_000;
  const orderMs = fastestMs(1000, 0);
  const roundMs = (fastestMs(1, rounds) - orderMs) / rounds;
  return Math.max(1, Math.round((costMs - orderMs) / roundMs));
}

/** What an order of so many rounds takes, by the fastest of several short runs. */
function fastestMs(orders: number, rounds: number): number {
  let fastest = Infinity;
  for (let run = 0; run < 8; run++) {
    const startMs = performance.now();
    for (let id = 1; id <= orders; id++) priceOf(id, rounds);
    fastest = Math.min(fastest, (performance.now() - startMs) / orders);
  }
  return fastest;
}

export function open({ rounds }: Pick<PriceOrderSettings, 'rounds'>): OpenJob<Price> {
  settle();
  return {
    task: (id) => priceOf(id, rounds),
    async [Symbol.asyncDispose]() {},
  };
}
