// Compares the job queue with bare pg-boss, on which it is built. Both use the same database, and the same number of workers
// and of jobs at once. The database is PGlite. If DATABASE_URL names a Postgres, it is measured too.
import { hasEnoughTrials } from '../../src/measure/statistics.ts';
import { duration, number, ratio } from '../../src/report/units.ts';
import { trialEnvironment } from '../../src/measure/compile-cache.ts';
import { chosenDatabase } from '../../src/queue/database.ts';
import { startEmbedded } from '../../src/queue/embedded.ts';
import type { Rows } from '../rows.ts';
import {
  LeftOut,
  type Case,
  type Context,
  type Plan,
  type Section,
  type Settings,
  type Size,
  type Suite,
} from '../suite.ts';
import type { Taken, Way } from './measure.ts';

const WORKERS = 2;
const LANES = 5;
const LONGEST_MS = 20;

/** About what a turn takes beside its jobs: to start four processes, and to make and remove a queue. In milliseconds. */
const TURN_MS = 400;
/** About what an empty job takes, in milliseconds. For estimates only. */
const ABOUT_MS = 0.5;

interface Amounts {
  readonly repeats: number;
  readonly jobs: number;
  readonly unevenJobs: number;
}

const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: { repeats: 1, jobs: 100, unevenJobs: 50 },
  default: { repeats: 5, jobs: 2000, unevenJobs: 200 },
  full: { repeats: 15, jobs: 2000, unevenJobs: 500 },
};

const DATABASES = ['PGlite', 'Postgres'] as const;
type DatabaseName = (typeof DATABASES)[number];

/** The names in the tables. */
const NAMES: Readonly<Record<Way, string>> = { 'pg-boss': 'bare pg-boss', 'job-queue': 'job queue' };
const BARE = NAMES['pg-boss'];
const OURS = NAMES['job-queue'];
const WAYS: readonly Way[] = ['pg-boss', 'job-queue'];

const emptyTitle = (database: DatabaseName) => `Empty jobs on ${database}`;
const unevenTitle = (database: DatabaseName) => `Uneven jobs on ${database}`;

const plan = (size: Size): Plan => planWith(size, {});

/** If a Postgres is measured, its version belongs to the environment. */
async function planHere(size: Size, _settings: Settings, signal: AbortSignal): Promise<Plan> {
  const database = chosenDatabase(undefined);
  if (database.kind !== 'server') return plan(size);
  const { postgresVersion } = await import('./measure.ts');
  return planWith(size, { postgres: await postgresVersion(database, signal) });
}

function planWith(size: Size, versions: Readonly<Record<string, string>>): Plan {
  const amounts = AMOUNTS[size];
  return {
    settings: { ...amounts, workers: WORKERS, concurrency: LANES },
    repeats: amounts.repeats,
    packages: ['pg-boss', '@electric-sql/pglite', '@electric-sql/pglite-socket', 'pg'],
    versions,
    sections: [
      ...DATABASES.map((database) => emptySection(database, amounts)),
      ...DATABASES.map((database) => unevenSection(database, amounts)),
    ],
    closing,
  };
}

function emptySection(database: DatabaseName, { jobs }: Amounts): Section {
  return {
    title: emptyTitle(database),
    note: `${number(jobs)} jobs that do nothing go to ${WORKERS} worker processes with ${LANES} jobs at once in each. The clock runs from the first insert until the submitter knows that the last job is done. Bare pg-boss is insert() and work(). The job queue also hands the outputs back, in order. The CPU time is that of the submitter and the workers${database === 'PGlite' ? ', and of the database' : ''}.`,
    columns: {
      msPerJob: { title: 'per job', show: duration },
      ratioToBare: { title: `× ${BARE}`, show: ratio },
      cpuMsPerJob: { title: 'CPU per job', show: duration },
      cpuRatioToBare: { title: `CPU, × ${BARE}`, show: ratio },
    },
    ratios: [
      { figure: 'msPerJob', baseline: BARE, as: 'ratioToBare' },
      { figure: 'cpuMsPerJob', baseline: BARE, as: 'cpuRatioToBare' },
    ],
    cases: WAYS.map((way): Case => ({
      name: NAMES[way],
      estimateMs: TURN_MS + jobs * ABOUT_MS,
      run: async (context) => {
        const { timeMs, cpuMs } = await measured(way, database, { jobs, longestMs: 0 }, context);
        return { msPerJob: timeMs / jobs, cpuMsPerJob: cpuMs / jobs };
      },
    })),
  };
}

function unevenSection(database: DatabaseName, { unevenJobs: jobs }: Amounts): Section {
  // Each job waits 1 ms longer than the one before it. After the longest wait, the next one is 1 ms again.
  const sumMs = Array.from({ length: jobs }, (_, index) => 1 + (index % LONGEST_MS)).reduce((a, b) => a + b);
  const boundMs = sumMs / (WORKERS * LANES);
  return {
    title: unevenTitle(database),
    note: `${number(jobs)} jobs that wait for 1 to ${LONGEST_MS} ms each. The lower bound is the sum of all waits, divided by ${WORKERS * LANES} jobs at once.`,
    columns: {
      timeMs: { title: 'time', show: duration },
      ratioToBound: { title: '× lower bound', show: ratio },
    },
    cases: WAYS.map((way): Case => ({
      name: NAMES[way],
      estimateMs: TURN_MS + jobs * ABOUT_MS,
      run: async (context) => {
        const { timeMs } = await measured(way, database, { jobs, longestMs: LONGEST_MS }, context);
        return { timeMs, ratioToBound: timeMs / boundMs };
      },
    })),
  };
}

/** CPU time includes that of PGlite. A Postgres server does not tell its own. */
async function measured(
  way: Way,
  database: DatabaseName,
  work: { readonly jobs: number; readonly longestMs: number },
  { shared, signal }: Context,
): Promise<Taken> {
  // Imported here and not above: the list of the suites must not wait for a database driver.
  const { runThrough } = await import('./measure.ts');
  const turn = { way, workers: WORKERS, lanes: LANES, ...work };
  if (database === 'Postgres') return runThrough({ ...turn, url: urlOfPostgres() }, signal);
  // One database for all cases: its first queries are slow, until its WebAssembly is compiled to fast code.
  const pglite = await shared('PGlite', (all) => startEmbedded({ signal: all, env: trialEnvironment() }));
  const before = await pglite.cost();
  const taken = await runThrough({ ...turn, url: pglite.url }, signal);
  const after = await pglite.cost();
  return { ...taken, cpuMs: taken.cpuMs + after.cpuMs - before.cpuMs };
}

/** @throws {LeftOut} if DATABASE_URL is not set */
function urlOfPostgres(): string {
  const database = chosenDatabase(undefined);
  if (database.kind === 'server') return database.url;
  throw new LeftOut('no Postgres is named; type: export DATABASE_URL=postgres://me@127.0.0.1/bench');
}

/** The goal of this project: the job queue takes at most 15 % more than bare pg-boss. */
const MOST_ADDED = 1.15;

function closing(rows: Rows): string[] {
  return DATABASES.flatMap((database) => {
    const sentences: string[] = [];
    const added = rows.spread(emptyTitle(database), OURS, 'ratioToBare');
    const each = rows.spread(emptyTitle(database), OURS, 'msPerJob');
    if (added && each && hasEnoughTrials(added) && added.median <= MOST_ADDED) {
      sentences.push(
        `On ${database} an empty job takes ${duration(each.median)} through the job queue, ${ratio(added.median)} the time of bare pg-boss.`,
      );
    }
    const uneven = rows.smaller(unevenTitle(database), 'timeMs', OURS, BARE);
    if (uneven) {
      sentences.push(
        `On ${database} bare pg-boss takes ${ratio(uneven[1].median / uneven[0].median)} as long for uneven jobs, because it works in batches.`,
      );
    }
    return sentences;
  });
}

export const queue: Suite = {
  name: 'queue',
  summary: 'What does a durable queue cost for each job, and what do we add to bare pg-boss?',
  plan,
  planHere,
};
