// `npm run soak:queue`: workers of the job queue are killed with SIGKILL again and again while they save orders. In the end
// it says whether every order is one whole file, and how many were done twice.
import { command, main, numberIn, type Result } from '../../src/command-line.ts';
import { progressLine } from '../../src/progress.ts';
import { shownDatabase, takeDatabase } from '../../src/queue/database.ts';
import { startEmbedded } from '../../src/queue/embedded.ts';
import { count, duration } from '../../src/report/units.ts';
import { killWorkers } from './queue-kills.ts';

interface Flags {
  readonly orders: number;
  readonly kills: number;
  readonly workers: number;
  readonly concurrency: number;
  readonly database?: string;
}

/** The shortest heartbeat that the queue allows, so that dead workers are noticed soon. */
const HEARTBEAT_S = 2;
const LATENCY_MS = 10;

async function soak(signal: AbortSignal, flags: Flags): Promise<Result> {
  const { orders, kills, workers, concurrency } = flags;
  await using resources = new AsyncDisposableStack();
  const chosen = takeDatabase(flags.database);
  const url =
    chosen.kind === 'server'
      ? chosen.url
      : resources.use(await startEmbedded({ folder: chosen.folder, signal })).url;
  using progress = progressLine();
  const startMs = performance.now();
  const onKill = (kill: number) => {
    const leftMs = ((performance.now() - startMs) / kill) * (kills - kill);
    if (kill < kills) progress.show({ doing: 'a worker is killed', done: kill, total: kills, leftMs });
  };
  const { said, twice } = await killWorkers({
    database: url,
    orders,
    kills,
    workers,
    concurrency,
    latencyMs: LATENCY_MS,
    heartbeat: HEARTBEAT_S,
    signal,
    onKill,
  });
  progress.clear();
  const lines = [
    `${count(orders, 'order')} through ${shownDatabase(chosen)}, ${count(workers, 'worker')} with ${concurrency} in flight each,`,
    `${count(kills, 'kill')} of a worker, ${duration(performance.now() - startMs)}`,
    ...said.trimEnd().split('\n'),
    '✓ every order is one whole file, none is missing, nothing else is there;',
    `  the API served ${count(twice, 'request')} more than there are orders`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return 'done';
}

const whole = (min: number, max: number) => numberIn({ min, max });

await main((bind) =>
  command('npm run soak:queue --', 'Kill workers of the job queue while they save orders: is anything lost?')
    .option('--orders <count>', 'orders to save', whole(1, 1_000_000), 2000)
    .option('--kills <count>', 'how often a worker is killed', whole(1, 100_000), 50)
    .option('--workers <count>', 'workers at a time', whole(1, 100), 2)
    .option('--concurrency <count>', 'the most orders in flight in each', whole(1, 1000), 5)
    .option('--database <url>', 'postgres://USER@HOST:PORT/NAME, or DATABASE_URL (default: PGlite)')
    .action(bind(soak)),
);
