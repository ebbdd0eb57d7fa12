// The ideal time of a run: the shortest in which it can be done, and which of several limits makes it so.
import type { Conditions } from '../api/conditions.ts';

/** Who limits a run: the approach by its concurrency or its pace, or the API by its stoves or its rate. */
export type LimitedBy = 'concurrency' | 'pace' | 'stoves' | 'rate';

export interface Ideal {
  readonly ms: number;
  readonly by: LimitedBy;
}

export interface IdealOf extends Pick<Conditions, 'latencyMs' | 'stoves' | 'rate'> {
  readonly requests: number;
  /** The most that the approach has in flight. */
  readonly lanes: number;
  /** The most that the approach starts in a second; absent where it keeps to no pace. */
  readonly pace?: number | undefined;
}

/**
 * Each limit has a shortest time. The longest of them counts. If two are equal, the approach's own limit is named. C at once
 * take N·L/C in whole rounds, and so do K stoves. A rate lets its burst in at once and the others one after another.
 */
export function idealOf({ requests, lanes, latencyMs, stoves, rate, pace }: IdealOf): Ideal {
  const roundsMs = (atOnce: number) => Math.ceil(requests / atOnce) * latencyMs;
  const startsMs = (after: number, perSecond: number) => (Math.max(0, after) / perSecond) * 1000 + latencyMs;
  const limits: Ideal[] = [{ by: 'concurrency', ms: roundsMs(lanes) }];
  if (pace !== undefined) limits.push({ by: 'pace', ms: startsMs(requests - 1, pace) });
  if (stoves) limits.push({ by: 'stoves', ms: roundsMs(stoves.count) });
  if (rate) limits.push({ by: 'rate', ms: startsMs(requests - rate.burst, rate.perSecond) });
  return limits.reduce((longest, limit) => (limit.ms > longest.ms ? limit : longest));
}
