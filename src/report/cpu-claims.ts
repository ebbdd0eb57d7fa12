// What the article claims of work that computes.
import type { CpuComparison, Row } from '../measure/comparison.ts';
import { DOUBTS, needs, notMeasured, undecided, type ArticleClaim } from './claim.ts';
import { gainOf, gains } from './edges.ts';
import { count, ratio } from './units.ts';

/** Threads that take this many times the CPU time of `sequential` spend more of it around the work than on the work. */
const MOSTLY_MESSAGES = 2;

export const CPU_CLAIMS: ReadonlyArray<ArticleClaim<CpuComparison>> = [
  {
    claim: 'Async does not speed up CPU-bound work',
    article: 'no improvement, because of the global interpreter lock',
    judge({ sequential, 'promise-all': all, 'bounded-pool': pool }) {
      if (!sequential || !all || !pool) return needs('sequential', 'promise-all', 'bounded-pool');
      const gain = (row: Row) => ratio(gainOf(row.timeMs, sequential.timeMs));
      const measured = `promise-all ${gain(all)}, bounded-pool ${gain(pool)} as fast as sequential`;
      const gainsOfBoth = [all, pool].map((row) => gains(row.timeMs, sequential.timeMs));
      if (gainsOfBoth.includes(true)) return undecided(measured, DOUBTS.ownGain);
      const inDoubt = [all, pool][gainsOfBoth.indexOf(undefined)];
      if (inDoubt) return undecided(measured, DOUBTS.gain, [sequential.timeMs, inDoubt.timeMs]);
      const because = 'one thread computes; starting tasks together does not add a core';
      return { measured, verdict: 'holds', because };
    },
  },
  {
    claim: 'CPU-bound work gains from several processes instead',
    article: 'multiprocessing suits it better, no figures given',
    judge({ sequential, 'worker-threads': threads }, comparison) {
      const { machineSpeedup, requests, threads: threadCount, processes = threadCount } = comparison;
      if (!sequential || !threads) return needs('sequential', 'worker-threads');
      if (threadCount === 1) return notMeasured('one thread cannot show it');
      if (requests === 1) return notMeasured('one task cannot show it');
      const gain = gainOf(threads.timeMs, sequential.timeMs);
      const reached =
        machineSpeedup === null
          ? ''
          : `; ${count(processes, 'process', 'processes')}: ${ratio(machineSpeedup)}`;
      const measured = `${threadCount} threads: ${ratio(gain)} as fast as sequential${reached}`;
      const isFaster = gains(threads.timeMs, sequential.timeMs);
      if (isFaster === undefined)
        return undecided(measured, DOUBTS.gain, [sequential.timeMs, threads.timeMs]);
      if (isFaster) {
        const because = 'threads of Node run JavaScript in parallel; no lock stands between them';
        return { measured, verdict: 'holds', because };
      }
      const because = messagesCostMore([sequential, threads], comparison)
        ? 'the messages to the threads cost more than the work in them'
        : '';
      return { measured, verdict: 'differs', because };
    },
  },
];

/**
 * Whether nothing but the messages explains why threads lost: each had a task, the machine gave separate processes
 * more than one core, and the threads burnt more CPU time beside the work than the work takes.
 */
function messagesCostMore(
  [sequential, threads]: readonly [Row, Row],
  { requests, threads: threadCount, machineSpeedup }: CpuComparison,
): boolean {
  return (
    requests >= threadCount && (machineSpeedup ?? 0) > 1 && threads.cpuMs > MOSTLY_MESSAGES * sequential.cpuMs
  );
}
