// The article's first measurement, for any language: requests that wait, one by one and many at once. One table shows time,
// CPU and memory, because a fast way may cost much.
import { duration, mebibytes, percent, ratio } from '../../src/report/units.ts';
import type { Findings } from '../findings.ts';
import type { Case, Section, Size } from '../suite.ts';
import type { Language, WaitingWay } from './language.ts';

/** The article says that 1,000 requests take about 120 s one by one, which makes 120 ms for each. */
export const LATENCY_MS = 120;
export const CONDITIONS = { latencyMs: LATENCY_MS, jitterMs: 0, seed: 1 } as const;

export interface WaitingAmounts {
  /** Requests before the clock starts. */
  readonly warmup: number;
  readonly requestsPerLane: number;
  /** Requests of the ways that have all of them in flight, and of the article's own program. */
  readonly all: number;
  /** No way sends fewer. A full run sends the article's 1,000. */
  readonly atLeast: number;
}

export const waitingTitle = ({ name }: Pick<Language, 'name'>): string =>
  `${name}: requests of ${LATENCY_MS} ms`;

/**
 * How many requests a way sends before the clock starts, in runs as large as the timed one. The API answers these at once. They
 * are so many that Node has compiled most of what it will compile. Each row sends as many, because a row that sent fewer would
 * pay for more compiling.
 */
export const WARMUP: Readonly<Record<Size, number>> = { quick: 200, default: 1200, full: 1200 };

export const requestsOf = ({ atOnce, isArticles }: WaitingWay, amounts: WaitingAmounts): number =>
  atOnce === 'all' || isArticles ? amounts.all : Math.max(amounts.atLeast, amounts.requestsPerLane * atOnce);

export function waitingSection(language: Language, note: string, amounts: WaitingAmounts): Section {
  const baseline = language.waiting.find(({ manner }) => manner === 'one by one');
  return {
    title: waitingTitle(language),
    note,
    columns: {
      requests: { title: 'requests', show: String, alone: true },
      msPerRequest: { title: 'time / N', show: duration },
      speedup: { title: 'speed-up', show: ratio },
      peakMiB: { title: 'memory', show: mebibytes },
      overBaselineMiB: { title: 'over imports', show: mebibytes },
      cpuMsPerRequest: { title: 'CPU / N', show: duration, alone: true },
      ofLimit: { title: 'of N·L/C', show: percent, alone: true },
      peakInFlight: { title: 'at once', show: String, alone: true },
    },
    ...(baseline && {
      ratios: [{ figure: 'msPerRequest', baseline: baseline.name, as: 'speedup', inverse: true }],
    }),
    cases: language.waiting.map((way) => waitingCase(way, amounts)),
  };
}

/** About how long so many requests take before the clock starts, in milliseconds. For estimates only. */
export const warmupMs = (warmup: number): number => 0.25 * warmup;

function waitingCase(way: WaitingWay, amounts: WaitingAmounts): Case {
  const requests = requestsOf(way, amounts);
  const lanes = way.atOnce === 'all' ? requests : Math.min(way.atOnce, requests);
  const limitMs = (requests / lanes) * LATENCY_MS;
  return {
    name: way.name,
    estimateMs: way.startMs + warmupMs(amounts.warmup) + Math.max(limitMs, 0.5 * requests),
    async run(context): Promise<Findings> {
      const { timesMs, cpuMs, peakMiB, baselineMiB, peakInFlight } = await way.send(requests, context);
      return {
        requests,
        msPerRequest: timesMs.map((ms) => ms / requests),
        ...(peakMiB !== undefined && { peakMiB }),
        ...(peakMiB !== undefined && baselineMiB !== undefined && { overBaselineMiB: peakMiB - baselineMiB }),
        cpuMsPerRequest: cpuMs / requests,
        ofLimit: timesMs.map((ms) => limitMs / ms),
        peakInFlight,
      };
    },
  };
}
