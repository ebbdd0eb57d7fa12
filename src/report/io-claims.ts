// What the article claims of work that waits. Its "one by one" is set beside `sequential`, as in the table above the claims.
// `blocking` takes as long, and the second claim shows that.
import { isMeasured, type IoComparison, type Row } from '../measure/comparison.ts';
import { idealOf } from '../measure/ideal.ts';
import { spreadOf } from '../measure/statistics.ts';
import {
  ABOUT_FORTY_PERCENT_LESS,
  DOUBTS,
  isExplainedBy,
  NEARLY_TEN,
  needs,
  notMeasured,
  undecided,
  type ArticleClaim,
} from './claim.ts';
import { isRatioWithin } from './edges.ts';
import { count, duration, mebibytes, percent, ratio } from './units.ts';

/** A thread "is blocked" if its event loop stood still for more than this part of the run. */
const BLOCKED = 0.5;

/** Two waits within a tenth of each other are "about as long". */
const ABOUT_AS_LONG = 0.1;

export const IO_CLAIMS: ReadonlyArray<ArticleClaim<IoComparison>> = [
  {
    claim: 'Async handles many requests nearly 10 times as fast',
    article: '1,000 requests: about 120 s one by one, about 12 s asynchronously',
    judge({ sequential, 'bounded-pool': pool, 'promise-all': all }, comparison, limited) {
      if (!sequential || !pool) return needs('sequential', 'bounded-pool');
      const gainOf = (row: Row) => sequential.timeMs.median / row.timeMs.median;
      const gain = gainOf(pool);
      const more = all ? `, ${ratio(gainOf(all))} with ${all.peakInFlight}` : '';
      const most = gainAtStoves(sequential, comparison, limited);
      const measured = `${ratio(gain)} as fast as sequential with ${pool.peakInFlight} in flight${more}${most}`;
      const holds = isRatioWithin(sequential.timeMs, pool.timeMs, NEARLY_TEN);
      if (holds === undefined) return undecided(measured, DOUBTS.speed, [sequential.timeMs, pool.timeMs]);
      return {
        measured,
        verdict: holds ? 'holds' : 'differs',
        because: reasonOf(gain, [sequential, pool], comparison),
      };
    },
  },
  {
    claim: 'Synchronous I/O blocks the whole thread',
    article: 'while it waits for I/O, the thread can do nothing else',
    judge({ blocking, sequential }) {
      if (!blocking || !sequential) return needs('blocking', 'sequential');
      const blockedPart = (row: Row) => row.loopDelayMs.max / row.timeMs.median;
      const ofBlocking = duration(blocking.loopDelayMs.max);
      const ofSequential = duration(sequential.loopDelayMs.max);
      const measured = `a timer came up to ${ofBlocking} late in blocking, ${ofSequential} in sequential`;
      if (blockedPart(blocking) <= BLOCKED || blockedPart(sequential) >= BLOCKED) {
        const because = 'the longest delay of the event loop does not set them apart';
        return { measured, verdict: 'differs', because };
      }
      const idle = `await leaves the thread ${percent(1 - sequential.loopUtilization)} idle`;
      const alike = isNear(sequential.timeMs.median / blocking.timeMs.median, ABOUT_AS_LONG);
      const because = alike ? `both waited about as long, but ${idle}` : idle;
      return { measured, verdict: 'holds', because };
    },
  },
  {
    claim: 'Async needs about 40 % less memory than multi-threading',
    article: 'about 40 % less, no figures given',
    judge({ 'bounded-pool': pool, 'worker-threads': threads }, { threads: threadCount }) {
      if (!pool || !threads) return needs('bounded-pool', 'worker-threads');
      if (pool.peakInFlight !== threads.peakInFlight) {
        return notMeasured(
          `bounded-pool had ${pool.peakInFlight} in flight and worker-threads ${threads.peakInFlight}; this claim needs equal numbers`,
        );
      }
      if (!pool.memory || !threads.memory)
        return notMeasured('this system does not tell how much memory is used');
      const ofPool = pool.memory.peakMiB;
      const ofThreads = threads.memory.peakMiB;
      const less = 1 - ofPool / ofThreads;
      const measured =
        `whole process: ${mebibytes(ofPool)} against ${mebibytes(ofThreads)}, ` +
        `${percent(Math.abs(less))} ${less > 0 ? 'less' : 'more'}, with ${pool.peakInFlight} in flight`;
      const peaks = [spreadOf(pool.memory.peaksMiB), spreadOf(threads.memory.peaksMiB)] as const;
      const holds = isRatioWithin(...peaks, ABOUT_FORTY_PERCENT_LESS);
      if (holds === undefined) return undecided(measured, DOUBTS.memory, peaks);
      // All threads are started, even if there are fewer requests than threads.
      const perThread = threads.memory.overBaselineMiB / threadCount;
      return {
        measured,
        verdict: holds ? 'holds' : 'differs',
        because: `a thread costs ${mebibytes(perThread)}, so the figure depends on how many threads there are`,
      };
    },
  },
];

/** How much faster than one by one the pool was where the API cooks only so many at once; empty where the run cannot say. */
function gainAtStoves(sequential: Row, comparison: IoComparison, limited: IoComparison | undefined): string {
  const { stoves, rate } = limited ?? {};
  const pool = limited?.rows.filter(isMeasured).find(({ approach }) => approach === 'bounded-pool');
  // One at a time meets no limit of stoves, so its time is the same there. It may meet a rate.
  const isSameWork = (['job', 'requests', 'latencyMs', 'jitterMs', 'network'] as const).every(
    (setting) => limited?.[setting] === comparison[setting],
  );
  if (!stoves || rate || !pool || pool.failed > 0 || !isSameWork || limited === comparison) return '';
  return `; ${count(stoves.count, 'stove')}: ${ratio(sequential.timeMs.median / pool.timeMs.median)}`;
}

const isNear = (ratioToOne: number, within: number): boolean => Math.abs(ratioToOne - 1) <= within;

/** Why `pool` was faster than `sequential` by this ratio, as far as the latencies explain it. Empty where they do not. */
function reasonOf(gain: number, [sequential, pool]: readonly [Row, Row], comparison: IoComparison): string {
  const { requests, jitterMs, faults } = comparison;
  const { peakInFlight } = pool;
  const { by } = idealOf({ ...comparison, lanes: peakInFlight });
  const allowed = sequential.limitMs / pool.limitMs;
  // With faults there are other waits: for timeouts, and before a retry.
  if (faults || !Number.isFinite(allowed)) return '';
  if (isExplainedBy(allowed, gain)) {
    if (by === 'stoves' || by === 'rate') return `the API allows ${ratio(allowed)}, whatever the concurrency`;
    return isExplainedBy(peakInFlight, gain)
      ? 'the ratio is the concurrency; another one gives another ratio, up to what the API allows'
      : `the latency alone allows ${ratio(allowed)}: ${count(requests, 'request')} do not keep ${peakInFlight} in flight all the time`;
  }
  const reached = gain / allowed;
  // With jitter the order of the requests may make the limit unreachable.
  if (reached > 1 || jitterMs > 0) return '';
  return `the ratio is ${percent(reached)} of what the latency alone allows; the rest is lost to something else`;
}
