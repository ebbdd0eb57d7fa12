// Kills workers of the job queue with SIGKILL while they work, and starts others. Then it looks at what is on the disk.
import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startApi } from '../../src/api/start.ts';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { expectAllWhole } from './whole-orders.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
/** How often the API is asked how far it is, in milliseconds. */
const LOOK_MS = 5;

export interface QueueKills {
  /** A database that runs, as a URL. Nobody else may use its queue `orders`. */
  readonly database: string;
  readonly orders: number;
  /** How often a worker is killed. */
  readonly kills: number;
  /** How many work at once. */
  readonly workers: number;
  /** The most orders that one of them has in flight. */
  readonly concurrency: number;
  /** After so many seconds without a sign of life others do what a killed worker had in hand. */
  readonly heartbeat: number;
  readonly signal: AbortSignal;
  readonly onKill?: (kill: number) => void;
}

export interface QueueKillsOutcome {
  /** What save printed, the folder left out. */
  readonly said: string;
  /** How many orders the API cooked beyond those that were asked for: somebody had done them already. */
  readonly twice: number;
}

/**
 * Lets workers save `orders`, and kills one of them each time that the API has cooked a certain number more.
 * @throws {AssertionError} if an order is missing or not whole, or if save does not end well; an AbortError
 */
export async function killWorkers(options: QueueKills): Promise<QueueKillsOutcome> {
  const { database, orders, kills, workers, concurrency, heartbeat, signal, onKill = () => {} } = options;
  await using resources = new AsyncDisposableStack();
  const { path: folder } = resources.use(await temporaryFolder());
  const api = resources.use(await startApi({ latencyMs: 10, jitterMs: 10, seed: 1 }, { signal }));
  const start = (...args: readonly string[]) => resources.use(program(args, database, signal));
  const startWorker = () => start('worker', '--concurrency', String(concurrency));
  const saving = start(
    ...['save', '--folder', folder, '--queue', '--origin', api.origin],
    ...['--requests', String(orders), '--heartbeat', String(heartbeat)],
  );
  const working = Array.from({ length: workers }, startWorker);
  for (let kill = 1; kill <= kills; kill++) {
    const due = Math.ceil(((kill - 0.5) * orders) / kills);
    while ((await api.stats()).completed < due && !saving.hasEnded()) {
      await sleep(LOOK_MS, undefined, { signal });
    }
    const victim = working.shift()!;
    assert.ok(!victim.hasEnded(), 'a worker ends only if it is killed');
    victim.kill();
    working.push(startWorker());
    onKill(kill);
  }
  const { code, stdout, stderr } = await saving.ended;
  assert.equal(code, 0, `save ends well: ${stdout}${stderr}`);
  await expectAllWhole(folder, orders);
  return { said: stdout.replace(folder, 'FOLDER'), twice: (await api.stats()).completed - orders };
}

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Program extends AsyncDisposable {
  readonly ended: Promise<Ending>;
  hasEnded(): boolean;
  kill(): void;
}

/** The command line in a process of its own. Disposing kills it. */
function program(args: readonly string[], database: string, signal: AbortSignal): Program {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: database },
    signal,
    killSignal: 'SIGKILL',
  });
  child.on('error', () => {}); // that of the abort: the end of the process tells it
  const end = async (): Promise<Ending> => {
    const closed = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { code: child.exitCode, stdout, stderr };
  };
  const ended = end();
  const kill = () => void child.kill('SIGKILL');
  return {
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    kill,
    async [Symbol.asyncDispose]() {
      kill();
      await ended;
    },
  };
}
