// What `sweep --json` prints.
import type { RunEnvironment } from '../measure/environment.ts';
import type { Sweep, SweepEnd, SweepPoint } from '../measure/sweep.ts';
import { advice, endLine, kneeFigures } from './sweep.ts';

export interface SweepDocument {
  readonly environment: RunEnvironment;
  readonly job: string;
  readonly approach: Sweep['approach'];
  readonly points: ReadonlyArray<
    Omit<SweepPoint, 'throughput'> & {
      /** The throughput of each trial, in a second. */
      readonly trials: readonly number[];
    }
  >;
  /** null where the figures name none. */
  readonly knee: {
    readonly concurrency: number;
    /** Its part of the best throughput, and its latency in latencies of one at a time. */
    readonly ofBest: number;
    readonly latencyTimes: number;
  } | null;
  /** Why no larger C was tried. */
  readonly ended: SweepEnd['why'];
  readonly because: string;
  readonly advice: string;
}

export function sweepDocument(sweep: Sweep, environment: RunEnvironment): SweepDocument {
  const { job, approach, points, finding, ended } = sweep;
  const knee =
    finding.what === 'found'
      ? points.find(({ concurrency }) => concurrency === finding.concurrency)
      : undefined;
  return {
    environment,
    job,
    approach,
    points: points.map(({ throughput, ...point }) => ({ ...point, trials: throughput.trials })),
    knee: knee ? { concurrency: knee.concurrency, ...kneeFigures(points, knee) } : null,
    ended: ended.why,
    because: endLine(sweep),
    advice: advice(sweep),
  };
}
