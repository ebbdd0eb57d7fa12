// `npm run soak`: hours of trouble in minutes. It kills a saving program again and again. Then it sends very many requests
// through a pool, and some of them fail. In the end it says whether anything was lost, and whether memory grew.
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi } from '../../src/api/start.ts';
import { chance } from '../../src/api/random.ts';
import { parseFaults } from '../../src/api/faults.ts';
import { command, main, numberIn, type Result } from '../../src/command-line.ts';
import { progressLine } from '../../src/progress.ts';
import { count } from '../../src/report/units.ts';
import { endure } from './endurance.ts';
import { killAndResume } from './kill-and-resume.ts';

const FAULTS = parseFaults('500:0.01,reset:0.01,reset-body:0.01,malformed:0.01,short:0.009,stall:0.001');
const ORDERS = 60;
const IN_FLIGHT = 8;
const GROWTH_LIMIT_MIB = 10;

interface Flags {
  readonly kills: number;
  readonly requests: number;
  readonly concurrency: number;
  readonly seed: number;
}

async function soak(signal: AbortSignal, { kills, requests, concurrency, seed }: Flags): Promise<Result> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const isLost = await killing(signal, kills, seed, print);
  using progress = progressLine();
  const startMs = performance.now();
  const onProgress = (done: number) => {
    const leftMs = ((performance.now() - startMs) / done) * (requests - done);
    progress.show({ doing: 'requests with faults', done: done - 1, total: requests, leftMs });
  };
  const end = await endure({
    requests,
    concurrency,
    timeoutMs: 1000,
    seed,
    faults: FAULTS,
    signal,
    onProgress,
  });
  progress.clear();
  print(`${count(requests, 'request')} at ${concurrency} in flight: ${end.ok} well, ${end.failed} failed`);
  for (const text of end.failures.texts()) print(`  ${text}`);
  const checks = [
    [end.ok + end.failed === requests, `the client accounts for ${end.ok + end.failed} of ${requests}`],
    [
      end.started === requests && end.ended === requests,
      `the API saw ${end.started} begin and ${end.ended} end`,
    ],
    [
      end.grownMiB < GROWTH_LIMIT_MIB,
      `memory grew by ${end.grownMiB.toFixed(1)} MiB after the warm-up, resident ${end.grownResidentMiB.toFixed(1)} MiB`,
    ],
    [end.sockets <= concurrency, `at most ${end.sockets} sockets at a time`],
  ] as const;
  for (const [holds, text] of checks) print(`${holds ? '✓' : '✗'} ${text}`);
  return isLost || checks.some(([holds]) => !holds) ? 'failed' : 'done';
}

async function killing(
  signal: AbortSignal,
  kills: number,
  seed: number,
  print: (line: string) => void,
): Promise<boolean> {
  using progress = progressLine();
  await using api = await startApi({ latencyMs: 5, jitterMs: 10, seed }, { signal });
  // One undisturbed run shows how long a run takes here. The kills are spread over that time.
  const undisturbedAt = performance.now();
  const run = { api, requests: ORDERS, concurrency: IN_FLIGHT, signal };
  await killAndResume({ ...run, when: () => new Promise(() => {}) });
  const startMs = performance.now();
  const longestMs = (startMs - undisturbedAt) / 2;
  let left = 0;
  let repeated = 0;
  for (let kill = 0; kill < kills; kill++) {
    signal.throwIfAborted();
    const leftMs = kill === 0 ? kills * 1000 : ((performance.now() - startMs) / kill) * (kills - kill);
    progress.show({ doing: 'kill and resume', done: kill, total: kills, leftMs });
    const when = () => sleep(chance(seed, 'kill', kill) * longestMs);
    try {
      const outcome = await killAndResume({ ...run, when });
      left += outcome.left;
      repeated += outcome.repeated;
    } catch (error) {
      signal.throwIfAborted();
      progress.clear();
      print(`✗ kill ${kill + 1} of ${kills}: ${(error as Error).message.split('\n')[0]}`);
      return true;
    }
  }
  progress.clear();
  print(`✓ ${count(kills, 'kill')} of save: every file whole, none missing; ${left} files were kept,`);
  print(`  ${count(repeated, 'order')} fetched twice, never more than the ${IN_FLIGHT} in flight at once`);
  return false;
}

const whole = (min: number, max: number) => numberIn({ min, max });

await main((bind) =>
  command(
    'npm run soak --',
    'Kill and resume a saving program, then send very many requests: is anything lost, does memory grow?',
  )
    .option('--kills <count>', 'times that save is killed and resumed', whole(0, 10_000), 200)
    .option('--requests <count>', 'requests with faults among them', whole(100, 10_000_000), 100_000)
    .option('--concurrency <count>', 'the most in flight', whole(1, 1000), 100)
    .option(
      '--seed <number>',
      'decides when save is killed, and which requests fail',
      whole(0, 2 ** 31 - 1),
      1,
    )
    .action(bind(soak)),
);
