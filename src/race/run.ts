// A race: a comparison, by the same code as `npm start`, with the board for its audience.
import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { now } from '../api/clock.ts';
import type { Conditions } from '../api/conditions.ts';
import type { ApiProcess } from '../api/start.ts';
import { compare, type Audience, type TrialStep } from '../measure/compare.ts';
import { isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { environment } from '../measure/environment.ts';
import { watchOthers } from '../measure/others.ts';
import { limitOf, type CpuSettings, type IoSettings } from '../measure/plan.ts';
import { rowOf, type TrialResult } from '../measure/row.ts';
import type { Progress } from '../measure/steps.ts';
import { planThreads } from '../measure/threads.ts';
import { claimsOf } from '../report/claims.ts';
import type { RunDocument } from '../report/document.ts';
import { settingsLine } from '../report/settings.ts';
import { duration } from '../report/units.ts';
import { APPROACHES, type ApproachName } from '../running/registry.ts';
import type { Told } from '../running/told.ts';
import type { Board } from './board.ts';
import type { Lane } from './lane.ts';
import { comparisonSettings, type RaceSettings } from './settings.ts';
import { measuredWords, outcomeOf } from './words.ts';

/**
 * The clocks of two processes differ if the system's clock was set, or the machine slept, between their starts. If they
 * differ by this many milliseconds, the time of the other process is not used.
 */
const CLOCKS_APART_MS = 250;

export interface RaceOptions {
  readonly board: Board;
  readonly api: ApiProcess;
  readonly signal: AbortSignal;
}

/**
 * Runs a race and shows it on the board. Returns what was measured.
 * @throws the signal's reason when it is stopped; its processes have then ended
 */
export async function runRace(
  asked: RaceSettings,
  { board, api, signal }: RaceOptions,
): Promise<RunDocument> {
  const settings = withThreads(comparisonSettings(asked));
  board.begin(
    settings.approaches.map((name) => ({
      name,
      about: APPROACHES[name].summary,
      isGuest: false,
      limitMs: limitOf(name, settings),
      expected: settings.requests,
    })),
    { asked, settings: settingsWords(settings) },
  );
  const others = watchOthers();
  try {
    const comparison = await compare(settings, {
      signal,
      priceMock: false,
      together: asked.mode === 'together',
      audience: audienceOf(board, api),
      onProgress: ({ doing, done, total, leftMs }: Progress) =>
        board.tell({
          says: `${doing} (${done + 1} of ${total}, about ${duration(Math.ceil(leftMs / 1000) * 1000)} left)`,
        }),
    });
    const takenByOthers = await others.stop();
    tellFinish(board, comparison);
    board.fitAxis();
    const here = { ...environment(), takenByOthers };
    const outcome = outcomeOf(comparison, here, asked.mode === 'together');
    board.tell({ phase: 'over', says: 'Over.', outcome });
    const comparisons = [comparison];
    return { environment: here, comparisons, claims: claimsOf(comparisons) };
  } catch (error) {
    await others.stop();
    for (const lane of board.racing) {
      lane.close();
      if (lane.phase !== 'done' && lane.phase !== 'failed') lane.enter('stopped');
    }
    board.fitAxis();
    const why = error instanceof Error ? error.message : String(error);
    if (signal.aborted) board.tell({ phase: 'stopped', says: `Stopped: ${why}.` });
    else board.tell({ phase: 'failed', says: `Failed: ${why}.` });
    throw error;
  }
}

/** No more threads than the machine's memory carries. */
function withThreads<Settings extends CpuSettings | IoSettings>(settings: Settings): Settings {
  const machine = { cores: availableParallelism(), freeBytes: process.availableMemory() };
  return { ...settings, threads: planThreads(settings.threads, true, machine).threads };
}

/** What was asked for, in the words that a comparison has for it. */
function settingsWords(settings: CpuSettings | IoSettings): string {
  const { kind, job, requests, concurrency, threads, approaches } = settings;
  const rows = approaches.map((approach) => ({ approach, error: 'it has not run yet' }));
  const size = { job, requests, concurrency, threads, rows };
  if (kind === 'cpu') {
    const { costMs } = settings;
    return settingsLine({ kind, ...size, job: settings.job, costMs, limitMs: null, machineSpeedup: null });
  }
  const { network, conditions, timeoutMs, retryBudget } = settings;
  return settingsLine({
    kind,
    ...size,
    job: settings.job,
    network,
    ...conditions,
    seeds: [conditions.seed],
    timeoutMs,
    retryBudget,
    limitMs: 0,
    mockCostMs: null,
  });
}

function audienceOf(board: Board, api: ApiProcess): Audience {
  const results = new Map<ApproachName, TrialResult[]>();
  /** What the API was told last. */
  let behaves: Conditions | undefined;
  /** When each run began, on the clock of its process. */
  const runsAtMs = new Map<Lane, number>();
  return {
    async api(approach, conditions) {
      if (!isDeepStrictEqual(behaves, conditions)) {
        behaves = conditions;
        await api.behave(conditions);
      }
      return {
        ...api,
        origin: `${api.origin}/${approach}`,
        // The API counts all lanes together. The most in flight is taken from this lane alone.
        async stats() {
          const stats = await api.stats();
          const lane = board.lane(approach);
          return lane ? { ...stats, peakInFlight: lane.peakInFlight } : stats;
        },
      };
    },
    see(approach, step) {
      const lane = board.lane(approach);
      if (lane) see(lane, approach, step);
    },
  };

  function see(lane: Lane, approach: ApproachName, step: TrialStep): void {
    if (step.what === 'warms up') {
      lane.close();
      lane.enter('warms up');
    } else if (step.what === 'runs') lane.begin(now());
    else if (step.what === 'tells') hear(lane, step.told);
    else end(lane, approach, step.result);
  }

  function hear(lane: Lane, told: Told): void {
    const { what, atMs } = told;
    if (what === 'run') {
      runsAtMs.set(lane, atMs);
      const heardMs = now();
      lane.beganAt(Math.abs(heardMs - atMs) < CLOCKS_APART_MS ? atMs : heardMs);
      return;
    }
    const beganAtMs = runsAtMs.get(lane);
    // What comes before belongs to the warm-up.
    if (beganAtMs === undefined || lane.phase !== 'runs') return;
    const sinceMs = atMs - beganAtMs;
    if (what === 'beat') lane.beat(sinceMs);
    else if (what === 'start') lane.start(told.input, told.input, sinceMs);
    else if (what === 'end') lane.end(told.input, told.outcome === 'ok', sinceMs);
    else lane.finish(sinceMs);
  }

  function end(lane: Lane, approach: ApproachName, result: TrialResult): void {
    runsAtMs.delete(lane);
    lane.close();
    const all = [...(results.get(approach) ?? []), result];
    results.set(approach, all);
    if ('error' in result) {
      lane.fail(result.error);
      return;
    }
    lane.finish(result.measurement.timesMs[0]!);
    const row = rowOf(approach, all);
    if (isMeasured(row)) lane.tell(measuredWords(row), null);
  }
}

/** What was measured, and who was first: those without a failure, by their median. */
function tellFinish(board: Board, { rows }: Comparison): void {
  const places = rows
    .filter(isMeasured)
    .filter((row: Row) => row.failed === 0)
    .toSorted((one, other) => one.timeMs.median - other.timeMs.median);
  for (const row of rows.filter(isMeasured)) {
    const place = places.indexOf(row) + 1;
    board.lane(row.approach)?.tell(measuredWords(row), place === 0 ? null : place);
  }
}
