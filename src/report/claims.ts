// What the article claims, and what this run says to it. Every sentence here is made from figures of the run and
// holds for them; where the run cannot judge, the verdict says so instead of guessing.
// Source: "In-Depth Analysis of Python Asynchronous Programming", 2024-12-15, yigebao.com/en/content/aid/2904
import { isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { apart, spreadOf } from '../measure/statistics.ts';
import { duration, mebibytes, percent, ratio } from './units.ts';
import { WIDTH, wrapped, type Paint } from './paint.ts';

export interface Claim {
  readonly claim: string;
  /** The article's own figures. */
  readonly article: string;
  /** This run's figures; empty where there are none. */
  readonly measured: string;
  readonly verdict: 'holds' | 'differs' | 'not measured here';
  readonly because: string;
}

type Judgement = Pick<Claim, 'measured' | 'verdict' | 'because'>;
type Rows = Partial<Record<Row['approach'], Row>>;

/** The claims that concern the jobs of `comparisons`, judged. */
export function claimsOf(comparisons: readonly Comparison[]): Claim[] {
  return comparisons.flatMap((comparison) => {
    const rows: Rows = {};
    for (const row of comparison.rows) if (isMeasured(row) && row.failed === 0) rows[row.approach] = row;
    return (comparison.costMs === null ? IO_CLAIMS : CPU_CLAIMS).map(({ judge, ...claim }) => ({
      ...claim,
      ...judge(rows, comparison),
    }));
  });
}

interface Judged {
  readonly claim: string;
  readonly article: string;
  readonly judge: (rows: Rows, comparison: Comparison) => Judgement;
}

const notMeasured = (because: string, measured = ''): Judgement => ({
  measured,
  verdict: 'not measured here',
  because,
});
const needs = (...approaches: string[]) =>
  notMeasured(`it takes rows without failures of ${approaches.join(' and ')}`);

const IO_CLAIMS: readonly Judged[] = [
  {
    claim: 'Async handles many requests nearly 10 times as fast',
    article: '1,000 requests: about 120 s one by one, about 12 s asynchronously',
    judge({ blocking, 'bounded-pool': pool, 'promise-all': all }) {
      if (!blocking || !pool) return needs('blocking', 'bounded-pool');
      const gain = blocking.timeMs.median / pool.timeMs.median;
      const measured = [`${ratio(gain)} with ${pool.peakInFlight} in flight`];
      if (all) measured.push(`${ratio(blocking.timeMs.median / all.timeMs.median)} with ${all.peakInFlight}`);
      const figures = measured.join(', ');
      if (!apart(blocking.timeMs, pool.timeMs)) return notMeasured('the spreads overlap', figures);
      const reached = gain / pool.peakInFlight;
      return {
        measured: figures,
        verdict: gain >= 8 && gain <= 12 ? 'holds' : 'differs',
        because:
          reached >= 0.75 && reached <= 1.25
            ? 'the ratio is the concurrency; with another limit it would be another ratio'
            : `the ratio is ${percent(reached)} of the concurrency; the rest is not waiting but work`,
      };
    },
  },
  {
    claim: 'Synchronous I/O blocks the whole thread',
    article: 'while it waits for I/O, the thread can do nothing else',
    judge({ blocking, sequential }) {
      if (!blocking || !sequential) return needs('blocking', 'sequential');
      const late = (row: Row) => row.loopDelayMs.max / row.timeMs.median;
      const [still, free] = [blocking, sequential].map((row) => duration(row.loopDelayMs.max));
      const holds = late(blocking) > 0.5 && late(sequential) < 0.5;
      return {
        measured: `a timer came up to ${still} late in blocking, ${free} in sequential`,
        verdict: holds ? 'holds' : 'differs',
        because: holds
          ? `both waited about as long, but await leaves the thread ${percent(1 - sequential.loopUtilization)} idle`
          : 'the longest delay of the event loop does not set them apart',
      };
    },
  },
  {
    claim: 'Async needs about 40 % less memory than multi-threading',
    article: 'about 40 % less, no figures given',
    judge({ 'bounded-pool': pool, 'worker-threads': threads }) {
      if (!pool || !threads) return needs('bounded-pool', 'worker-threads');
      if (pool.peakInFlight !== threads.peakInFlight) {
        return notMeasured(`${pool.peakInFlight} and ${threads.peakInFlight} in flight do not compare`);
      }
      const less = 1 - pool.memory.peakMiB / threads.memory.peakMiB;
      const figures =
        `${mebibytes(pool.memory.peakMiB)} against ${mebibytes(threads.memory.peakMiB)}, ` +
        `${percent(Math.abs(less))} ${less > 0 ? 'less' : 'more'}, at ${pool.peakInFlight} in flight`;
      if (!apart(spreadOf(pool.memory.peaksMiB), spreadOf(threads.memory.peaksMiB))) {
        return notMeasured('the spreads overlap', figures);
      }
      const perThread = threads.memory.overBaselineMiB / threads.peakInFlight;
      return {
        measured: figures,
        verdict: less >= 0.35 && less <= 0.45 ? 'holds' : 'differs',
        because: `a thread costs ${mebibytes(perThread)}, so the figure is a matter of how many there are`,
      };
    },
  },
];

const CPU_CLAIMS: readonly Judged[] = [
  {
    claim: 'Async does not speed up CPU-bound work',
    article: 'no improvement, because of the global interpreter lock',
    judge({ sequential, 'promise-all': all, 'bounded-pool': pool }) {
      if (!sequential || !all || !pool) return needs('sequential', 'promise-all', 'bounded-pool');
      const gains = [all, pool].map((row) => sequential.timeMs.median / row.timeMs.median);
      const measured = `promise-all ${ratio(gains[0]!)}, bounded-pool ${ratio(gains[1]!)} of sequential`;
      if (gains.every((gain) => gain < 1.1)) {
        const because = 'one thread computes; starting tasks together does not add a core';
        return { measured, verdict: 'holds', because };
      }
      if (![all, pool].some((row) => apart(sequential.timeMs, row.timeMs))) {
        return notMeasured('the spreads overlap', measured);
      }
      const because = 'a gain of a tenth or more, which one thread cannot explain: measure again';
      return { measured, verdict: 'differs', because };
    },
  },
  {
    claim: 'CPU-bound work gains from several processes instead',
    article: 'multiprocessing suits it better, no figures given',
    judge({ sequential, 'worker-threads': threads }, { machineSpeedup, threads: count }) {
      if (!sequential || !threads) return needs('sequential', 'worker-threads');
      if (count === 1) return notMeasured('one thread cannot show it');
      const gain = sequential.timeMs.median / threads.timeMs.median;
      const allowed = machineSpeedup === null ? '' : `; ${count} processes reach ${ratio(machineSpeedup)}`;
      const measured = `${count} threads ${ratio(gain)} of sequential${allowed}`;
      if (!apart(sequential.timeMs, threads.timeMs)) return notMeasured('the spreads overlap', measured);
      return {
        measured,
        verdict: gain > 1 ? 'holds' : 'differs',
        because:
          gain > 1
            ? 'threads of Node run JavaScript side by side; no lock stands between them'
            : 'the messages to the threads cost more than the work in them',
      };
    },
  },
];

const SIGNS = { holds: '✓', differs: '≠', 'not measured here': '–' } as const;
const STYLES = { holds: 'green', differs: 'yellow', 'not measured here': 'dim' } as const;

/** The claims as text: verdict, what the article says, what this run measured, and why. */
export function claimsText(claims: readonly Claim[], paint: Paint): string[] {
  if (claims.length === 0) return [];
  const lines = claims.flatMap(({ claim, article, measured, verdict, because }) => [
    `${paint(STYLES[verdict], `${SIGNS[verdict]} ${verdict}:`)} ${claim}`,
    ...part('article', article),
    ...part('here', measured),
    ...part('because', because),
  ]);
  return [paint('bold', "The article's claims, in this run"), ...lines];
}

function part(name: string, text: string): string[] {
  const margin = ' '.repeat(13);
  return text ? wrapped(`    ${name.padEnd(9)}${text}`, WIDTH, margin) : [];
}
