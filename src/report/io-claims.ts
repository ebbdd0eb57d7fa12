// What the article claims of work that waits.
import type { Comparison, Row } from '../measure/comparison.ts';
import { apart, spreadOf } from '../measure/statistics.ts';
import { needs, notMeasured, type Judged } from './judged.ts';
import { count, duration, mebibytes, percent, ratio } from './units.ts';

export const IO_CLAIMS: readonly Judged[] = [
  {
    claim: 'Async handles many requests nearly 10 times as fast',
    article: '1,000 requests: about 120 s one by one, about 12 s asynchronously',
    judge({ blocking, 'bounded-pool': pool, 'promise-all': all }, comparison) {
      if (!blocking || !pool) return needs('blocking', 'bounded-pool');
      const gain = blocking.timeMs.median / pool.timeMs.median;
      const measured = [`${ratio(gain)} with ${pool.peakInFlight} in flight`];
      if (all) measured.push(`${ratio(blocking.timeMs.median / all.timeMs.median)} with ${all.peakInFlight}`);
      const figures = `${measured.join(', ')}, against blocking`;
      if (!apart(blocking.timeMs, pool.timeMs)) return notMeasured('the spreads overlap', figures);
      return {
        measured: figures,
        verdict: gain >= 8 && gain <= 12 ? 'holds' : 'differs',
        because: reasonOf(gain, [blocking, pool], comparison),
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
      const idle = `await leaves the thread ${percent(1 - sequential.loopUtilization)} idle`;
      const alike = isNear(sequential.timeMs.median / blocking.timeMs.median, 0.1);
      return {
        measured: `a timer came up to ${still} late in blocking, ${free} in sequential`,
        verdict: holds ? 'holds' : 'differs',
        because: holds
          ? `${alike ? 'both waited about as long, but ' : ''}${idle}`
          : 'the longest delay of the event loop does not set them apart',
      };
    },
  },
  {
    claim: 'Async needs about 40 % less memory than multi-threading',
    article: 'about 40 % less, no figures given',
    judge({ 'bounded-pool': pool, 'worker-threads': threads }, { threads: threadCount }) {
      if (!pool || !threads) return needs('bounded-pool', 'worker-threads');
      if (pool.peakInFlight !== threads.peakInFlight) {
        return notMeasured(`${pool.peakInFlight} and ${threads.peakInFlight} in flight do not compare`);
      }
      const less = 1 - pool.memory.peakMiB / threads.memory.peakMiB;
      const figures =
        `${mebibytes(pool.memory.peakMiB)} against ${mebibytes(threads.memory.peakMiB)}, ` +
        `${percent(Math.abs(less))} ${less > 0 ? 'less' : 'more'}, the whole process at ${pool.peakInFlight} in flight`;
      if (!apart(spreadOf(pool.memory.peaksMiB), spreadOf(threads.memory.peaksMiB))) {
        return notMeasured('the spreads overlap', figures);
      }
      // All threads are started, also those that no request is left for.
      const perThread = threads.memory.overBaselineMiB / threadCount;
      return {
        measured: figures,
        verdict: less >= 0.35 && less <= 0.45 ? 'holds' : 'differs',
        because: `a thread costs ${mebibytes(perThread)}, so the figure is a matter of how many there are`,
      };
    },
  },
];

const isNear = (value: number, within: number): boolean => Math.abs(value - 1) <= within;

/** Why `pool` was so much faster than `blocking`, by what the latencies alone allow; empty where they do not say. */
function reasonOf(
  gain: number,
  [blocking, pool]: readonly [Row, Row],
  { requests, jitterMs, faults }: Comparison,
): string {
  const { peakInFlight } = pool;
  const allowed = blocking.limitMs / pool.limitMs;
  // With faults there are other waits: for timeouts, and before a retry.
  if (faults || !Number.isFinite(allowed)) return '';
  const reached = gain / allowed;
  if (isNear(reached, 0.25)) {
    return isNear(gain / peakInFlight, 0.25)
      ? 'the ratio is the concurrency; with another concurrency it would be another ratio'
      : `the latency alone allows ${ratio(allowed)}: ${count(requests, 'request')} do not keep ${peakInFlight} at a time in flight`;
  }
  // With jitter the limit is a bound that the order of the requests may keep anyone from reaching.
  if (reached > 1 || jitterMs > 0) return '';
  return `the ratio is ${percent(reached)} of what the latency alone allows; the rest is lost to something else`;
}
