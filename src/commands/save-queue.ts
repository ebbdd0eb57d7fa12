// `save --queue`: workers of a job queue fetch the orders, here or on other machines. This process puts the orders into the
// queue and writes the files: an order that a worker has fetched comes back through the queue. So all files are in one folder,
// wherever the workers run. You may kill this process, a worker or the database at any moment: the same command goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi } from '../api/start.ts';
import { boundedPool } from '../approaches/bounded-pool.ts';
import { endings, type Ending } from '../approaches/job-queue.ts';
import { outputIsNotAll, type Result } from '../command-line.ts';
import { kindOfFailure } from '../failure-kind.ts';
import { typedPath } from '../files/typed-path.ts';
import { writeWhole } from '../files/whole-file.ts';
import { expectOrder, orderFile, whenSaved } from '../jobs/order-file.ts';
import { print } from '../output.ts';
import { oneLine } from '../printable.ts';
import { progressLine } from '../progress.ts';
import { deadLetterQueueOf, openBoss, type Boss, type BossSubmitter } from '../queue/boss.ts';
import { takeDatabase, type Database, type ServerDatabase } from '../queue/database.ts';
import { startEmbedded, type EmbeddedDatabase } from '../queue/embedded.ts';
import { QueueFailure } from '../queue/failure.ts';
import { queuedOrder, type QueuedOrder, type QueuedWork } from '../queue/order.ts';
import { openRunFolder, type RunFolder } from '../queue/run-folder.ts';
import { keepWorkers } from '../queue/keep-workers.ts';
import { count } from '../report/units.ts';
import { FailureCounts } from '../running/failures.ts';
import { conditionsOf } from './condition-flags.ts';
import { makeReady, orderIds, summaryOf, type SaveFlags } from './save.ts';

export interface SaveQueueFlags extends SaveFlags {
  readonly queue: string;
  readonly database?: string;
  /** How many worker processes it starts itself. Default: two beside an embedded database, and none beside a server. */
  readonly workers?: number;
  readonly heartbeat: number;
}

/** PGlite serves one query at a time: more workers than this wait for it. */
const WORKERS_BESIDE_EMBEDDED = 2;
/** How many files are checked or written at once. */
const FILES_AT_ONCE = 16;
/** How many orders are removed from the queue in one statement, after they were written. */
const FORGET_AT_ONCE = 200;
/** The same for the orders of an earlier start. */
const REOPEN_AT_ONCE = 1000;
/** The longest time between two looks for dead workers, in seconds. */
const MOST_BETWEEN_LOOKS_S = 5;
/** If no order comes for so long, and this command has no workers, a line says how to start one. */
const LONELY_MS = 3000;

export async function runSaveQueue(signal: AbortSignal, flags: SaveQueueFlags): Promise<Result> {
  // What it prints is an extra: the orders are in their files.
  outputIsNotAll();
  const folder = typedPath(flags.folder);
  const chosen = takeDatabase(flags.database);
  await makeReady(folder, flags.folder);
  await using runFolder = await openRunFolder(folder, flags.folder);
  const missing = await missingOrders(folder, flags.requests, signal);
  const outcome = new Outcome(flags, missing.length);
  if (missing.length > 0 || runFolder.isResumed) {
    try {
      await saveThrough(chosen, { flags, folder, runFolder, missing, outcome, signal });
    } catch (error) {
      // No order is lost, neither a saved one nor one in the queue. The line says how to go on.
      const why = signal.aborted ? 'interrupted' : 'stopped';
      if (signal.aborted || outcome.hasBegun) {
        say(`${why}: ${outcome.summary()}; the same command goes on from there`);
      }
      throw error;
    }
  }
  if (outcome.failed === 0) await runFolder.forget();
  print(outcome.lines());
  return outcome.failed === 0 ? 'done' : 'failed';
}

const say = (line: string): void => void process.stderr.write(`${oneLine(line)}\n`);

interface Run {
  readonly flags: SaveQueueFlags;
  readonly folder: string;
  readonly runFolder: RunFolder;
  readonly missing: readonly number[];
  readonly outcome: Outcome;
  readonly signal: AbortSignal;
}

async function missingOrders(folder: string, requests: number, signal: AbortSignal): Promise<number[]> {
  const found = await boundedPool(
    orderIds(requests),
    async (id) => ((await whenSaved(id, folder)) === undefined ? id : undefined),
    { concurrency: FILES_AT_ONCE, signal },
  );
  return found.filter((id) => id !== undefined);
}

/** Opens all that the run needs, saves the orders, and closes it again. */
async function saveThrough(chosen: Database, run: Run): Promise<void> {
  const { flags, runFolder, signal: asked } = run;
  await using resources = new AsyncDisposableStack();
  /** Aborts when the run cannot go on. */
  const stop = new AbortController();
  const signal = AbortSignal.any([asked, stop.signal]);
  const embedded =
    chosen.kind === 'embedded'
      ? resources.use(
          await startEmbedded({ folder: chosen.folder ?? runFolder.databaseFolder, signal: asked }),
        )
      : undefined;
  const database: ServerDatabase = chosen.kind === 'server' ? chosen : { kind: 'server', url: embedded!.url };
  const boss = resources.use(
    await openBoss(database, {
      signal,
      // If a worker dies, its orders wait until its heartbeat is over, and then until the next look.
      superviseSeconds: Math.min(MOST_BETWEEN_LOOKS_S, Math.ceil(flags.heartbeat / 4)),
      onAway(failure) {
        if (embedded) void hasEndedSoon(embedded).then((ended) => ended && stop.abort(ENDED));
        else say(`${failure.message}; trying again`);
      },
    }),
  );
  await boss.makeQueue(flags.queue);
  // Only workers of an earlier start can have orders in a database of our own, and they are dead.
  if (embedded && runFolder.isResumed) await boss.abandon(flags.queue);
  const origin = flags.origin ?? resources.use(await startApi(conditionsOf(flags), { signal: asked })).origin;
  const work: QueuedWork = { job: 'fetch-order', origin, timeoutMs: flags.timeout, asText: true };
  const workers = flags.workers ?? (embedded ? WORKERS_BESIDE_EMBEDDED : 0);
  if (workers > 0) {
    resources.use(
      await keepWorkers(workers, {
        settings: { database, queue: flags.queue, concurrency: flags.concurrency },
        signal: asked,
        onFailure: (error) => stop.abort(error),
        onTrouble: say,
      }),
    );
  }
  try {
    await saveAll(boss, work, workers > 0, { ...run, signal });
  } catch (error) {
    throw embedded && !asked.aborted && (await hasEndedSoon(embedded)) ? ENDED : error;
  }
}

const ENDED = new QueueFailure('the embedded database has ended');
const END_SHOWS_MS = 1000;

/** A killed process refuses connections a moment before its parent learns of its end. */
async function hasEndedSoon(embedded: EmbeddedDatabase): Promise<boolean> {
  for (const startMs = performance.now(); performance.now() - startMs < END_SHOWS_MS; await sleep(20)) {
    if (embedded.hasEnded()) return true;
  }
  return false;
}

async function saveAll(boss: Boss, work: QueuedWork, hasWorkers: boolean, run: Run): Promise<void> {
  const { flags, folder, runFolder, missing, outcome, signal } = run;
  const queue = await boss.submitter<QueuedOrder, unknown>(flags.queue, runFolder.run, {
    heartbeatSeconds: flags.heartbeat,
  });
  if (runFolder.isResumed) await reopen(queue, work, run);
  using lonely = hasWorkers ? undefined : sayHowToStartAWorker(boss, flags.queue);
  using progress = progressLine();
  const startMs = performance.now();
  let written: string[] = [];
  const forgetWritten = async () => {
    const ids = written;
    written = [];
    if (ids.length > 0) await queue.forget(ids);
  };
  outcome.hasBegun = true;
  const orders = missing.map((id) => queuedOrder(work, id));
  const save = async ([, ending]: readonly [number, Ending<unknown>]) => {
    lonely?.[Symbol.dispose]();
    const id = Number(ending.id);
    if (await saveOne(id, ending, folder, outcome)) written.push(ending.id);
    if (written.length >= FORGET_AT_ONCE) await forgetWritten();
    const done = outcome.saved + outcome.failed;
    const leftMs = ((performance.now() - startMs) / done) * (missing.length - done);
    if (done < missing.length) progress.show({ doing: `order ${id}`, done, total: missing.length, leftMs });
  };
  await boundedPool(endings(orders, queue, { idOf: ({ id }) => String(id), signal }), save, {
    concurrency: FILES_AT_ONCE,
    signal,
  });
  await forgetWritten();
}

/** @returns whether nothing of the order need stay in the queue */
async function saveOne(
  id: number,
  ending: Ending<unknown>,
  folder: string,
  outcome: Outcome,
): Promise<boolean> {
  if ('reason' in ending) {
    outcome.failInQueue(ending.reason);
    return false;
  }
  if (ending.attempts > 1) outcome.again++;
  const bytes = Buffer.from(String(ending.output));
  try {
    expectOrder(id, bytes);
  } catch (error) {
    outcome.fail(error);
    return true;
  }
  try {
    await writeWhole(folder, orderFile(id), bytes);
    outcome.saved++;
    return true;
  } catch (error) {
    // The order stays in the queue. The same command writes it when the disk has room again.
    outcome.fail(error);
    return false;
  }
}

/** Prepares the orders of an earlier start. Those on the disk leave the queue. The others can be tried again. */
async function reopen(queue: BossSubmitter<QueuedOrder, unknown>, work: QueuedWork, run: Run): Promise<void> {
  const missing = new Set(run.missing);
  const kept = [...orderIds(run.flags.requests)].filter((id) => !missing.has(id)).map(String);
  for (const ids of inPieces(kept)) await queue.forget(ids);
  const jobs = run.missing.map((id) => ({ id: String(id), input: queuedOrder(work, id) }));
  for (const some of inPieces(jobs)) await queue.reopen(some);
}

function* inPieces<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let from = 0; from < items.length; from += REOPEN_AT_ONCE)
    yield items.slice(from, from + REOPEN_AT_ONCE);
}

function sayHowToStartAWorker(boss: Boss, queue: string): Disposable {
  const look = async () => {
    const { waiting, taken } = await boss.counts(queue);
    // An order that failed waits again. Then nobody has it, although a worker has begun it a moment ago.
    if (taken > 0 || (await boss.hasBegunJob(queue, LONELY_MS))) return;
    say(`no worker takes the ${count(waiting, 'order')} in the queue; npm run worker starts a worker`);
  };
  // If the database is away, there is another line about that.
  const timer = setTimeout(() => void look().catch(() => {}), LONELY_MS);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Counts what became of the orders. */
class Outcome {
  saved = 0;
  failed = 0;
  /** Whether orders are in the queue, or were. */
  hasBegun = false;
  /** Orders that succeeded, but were begun more than once. */
  again = 0;
  readonly #kept: number;
  readonly #typedFolder: string;
  readonly #queue: string;
  readonly #failures = new FailureCounts();
  #dead = 0;

  constructor({ folder, requests, queue }: SaveQueueFlags, missing: number) {
    this.#kept = requests - missing;
    this.#typedFolder = folder;
    this.#queue = queue;
  }

  fail(reason: unknown): void {
    this.failed++;
    this.#failures.add({ error: kindOfFailure(reason) });
  }

  /** An order that failed each time that a worker tried it. */
  failInQueue(reason: unknown): void {
    this.fail(reason);
    this.#dead++;
  }

  summary(): string {
    return summaryOf({ saved: this.saved, kept: this.#kept, failed: this.failed }, this.#typedFolder);
  }

  lines(): string[] {
    const lines = [this.summary(), ...this.#failures.texts().map((text) => `  ${oneLine(text)}`)];
    if (this.#dead > 0) {
      lines.push(
        `  ${count(this.#dead, 'order')} failed every time, and went to the dead-letter queue`,
        `  ${deadLetterQueueOf(this.#queue)}; the same command tries them again`,
      );
    }
    if (this.again > 0) {
      lines.push(
        `  ${count(this.again, 'order')} ${this.again === 1 ? 'was' : 'were'} begun more than once: a worker died, or a try failed.`,
        '  Nobody knows how far a dead worker came, so a queue promises "at least once"',
      );
    }
    return lines;
  }
}
