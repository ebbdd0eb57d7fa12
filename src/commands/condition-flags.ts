// What conditionOptions and limitOptions leave among the flags of a command, and the conditions of the API that they mean.
import type { Conditions } from '../api/conditions.ts';
import type { Faults } from '../api/faults.ts';
import type { Rate, Stoves } from '../api/limits.ts';

export interface ConditionFlags {
  readonly latency: number;
  readonly jitter: number;
  readonly seed: number;
  readonly faults?: Faults;
  readonly stoves?: Stoves;
  readonly rate?: Rate;
}

/**
 * A condition that nobody asked for has no key, rather than the value undefined. This object goes unchanged into saved runs and
 * into messages to other processes.
 */
export function conditionsOf({ latency, jitter, seed, faults, stoves, rate }: ConditionFlags): Conditions {
  return {
    latencyMs: latency,
    jitterMs: jitter,
    seed,
    ...(faults && { faults }),
    ...(stoves && { stoves }),
    ...(rate && { rate }),
  };
}
