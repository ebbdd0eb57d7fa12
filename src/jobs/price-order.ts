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
  /** One step of the generator, then two steps in one, then four, and so on. */
  let multiplier = MULTIPLIER;
  let increment = INCREMENT;
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
 * Lets V8 compile `priceOf` for good. Takes some 20 ms. Each thread that prices orders calls it before they are timed. V8
 * optimizes a function after many calls. Long orders are few calls. So one of the first fifty would pause for 100 ms in
 * half-optimized code, in some trials and not in others. The orders must differ. Otherwise the code is compiled for one answer
 * and given up at the next.
 */
export function settle(): void {
  for (let call = 0; call < SETTLED.calls; call++) priceOf(call, SETTLED.rounds);
}

/** Measures the CPU time of one order of `rounds` rounds, in milliseconds, over `orders` orders in a row. */
export type CpuTimeOf = (orders: number, rounds: number) => number;

/** Each takes about a tenth of a millisecond: see `uninterruptedMs`. */
const ROUNDS_TO_TIME = 100_000;
const ORDERS_TO_TIME = 50;
const RUNS_TO_TIME = 100;

/** Rounds that make an order cost `costMs` of CPU time on this machine, the order itself included: some 2 µs. */
export function calibrate(costMs: number, cpuTimeOf: CpuTimeOf = uninterruptedMs): number {
  settle();
  const orderMs = cpuTimeOf(ORDERS_TO_TIME, 0);
  const roundMs = (cpuTimeOf(1, ROUNDS_TO_TIME) - orderMs) / ROUNDS_TO_TIME;
  return Math.max(1, Math.round((costMs - orderMs) / roundMs));
}

/**
 * A machine that is at work for others takes the core away for milliseconds at a time. Runs that are far shorter fit in
 * between, and what the fastest takes on the wall is its CPU time. The CPU clock itself will not do: Linux moves that of
 * a running thread once in a tick, of up to 10 ms.
 */
function uninterruptedMs(orders: number, rounds: number): number {
  let fastestMs = Infinity;
  for (let run = 0; run < RUNS_TO_TIME; run++) {
    const startMs = performance.now();
    for (let id = 1; id <= orders; id++) priceOf(id, rounds);
    fastestMs = Math.min(fastestMs, performance.now() - startMs);
  }
  return fastestMs / orders;
}

export function open({ rounds }: Pick<PriceOrderSettings, 'rounds'>): OpenJob<Price> {
  settle();
  return {
    task: (id) => priceOf(id, rounds),
    async [Symbol.asyncDispose]() {},
  };
}
