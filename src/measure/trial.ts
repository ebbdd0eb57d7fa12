// One approach running one job in a process of its own: what a trial is told, and what it reports.
import { flagsForPlainHttp, startChild, type Child } from '../child.ts';
import type { ApproachName } from '../running/registry.ts';
import { GivenUpError } from '../running/give-up.ts';
import type { RunSize } from '../running/work.ts';
import type { Stats } from '../api/counters.ts';
import type { JobSettings } from '../jobs/job.ts';
import type { Database } from '../queue/database.ts';
import type { SpanTable } from '../running/span-table.ts';
import { toldIn, type Told } from '../running/told.ts';
import { inFolder, temporaryFolder } from '../files/temporary-folder.ts';
import { trialEnvironment } from './compile-cache.ts';
import type { BesideUse } from './beside.ts';
import type { LoopTrack } from './loop-track.ts';
import type { Observation } from './observe.ts';

export interface TrialSettings {
  readonly approach: ApproachName;
  readonly size: RunSize;
  /** What the job is opened with. */
  readonly work: JobSettings;
  /** Where a queue keeps its jobs. Absent if no approach of the comparison has a queue. */
  readonly database?: Database;
  /** Repeats of failed requests that one run may make, over all inputs together. */
  readonly retryBudget: number;
  /**
   * Inputs run before the clock starts, so that connections stand and the code is compiled. If these are more than the inputs of
   * a run, they come in several runs.
   */
  readonly warmup: number;
  /** Samples are taken until both are reached. */
  readonly samples: { readonly atLeast: number; readonly forMs: number };
  /** Whether the process tells that its event loop goes round, and when the run begins. */
  readonly tells?: boolean;
  /** Whether nobody watches the event loop. `startQuietTrial` sets it. */
  readonly isQuiet?: boolean;
}

/** Resident memory of a process, threads included. */
export interface PeakMemory {
  readonly baselineMiB: number;
  readonly peakMiB: number;
}

/** What every trial measures. */
export interface QuietMeasurement {
  /** One for each sample: the whole run over all inputs. */
  readonly timesMs: readonly number[];
  /** CPU time of one run: of the whole process, threads included. */
  readonly cpuMs: number;
  /**
   * The peak of the warm-up and one run, however many samples there are, because more runs leave more garbage. null where
   * the system does not tell.
   */
  readonly memory: PeakMemory | null;
  /** What the processes beside the trial cost. Absent if the approach has none. The CPU time is that of one run. */
  readonly beside?: BesideUse;
  /** Of the last sample, or of the one with the most failures. */
  readonly spans: SpanTable;
  /** What the API saw, if it ran inside the trial. Whoever started a server asks it directly. */
  readonly stats?: Stats;
}

/** What a trial measures that watches its event loop too. This adds to its CPU time. */
export interface Measurement extends QuietMeasurement, Observation {
  /** How late the event loop was while the spans ran. */
  readonly loopTrack: LoopTrack;
}

/** A trial that has started, warmed up, and waits for its turn. */
export interface ReadyTrial<Measured = Measurement> extends AsyncDisposable {
  /**
   * Lets it run.
   * @throws {ChildError} if its process ended without a measurement; {GivenUpError} if it stopped the approach; the
   * signal's reason
   */
  run(): Promise<Measured>;
}

/** What a trial says in the place of a measurement: why it stopped the approach. */
export interface StopNotice {
  readonly stopped: string;
}

/** @throws {GivenUpError} if it says so instead */
function unlessStopped<Message extends object>(message: Message | StopNotice): Message {
  if ('stopped' in message) throw new GivenUpError(message.stopped);
  return message;
}

/**
 * `onTold` gets what the trial tells while it runs, if its settings say that it tells something.
 * @throws {ChildError} if the process ends before it is ready; {GivenUpError} if it stopped the approach in its warm-up; the
 * signal's reason
 */
export const startTrial = (
  settings: TrialSettings,
  signal?: AbortSignal,
  onTold?: (told: Told) => void,
): Promise<ReadyTrial> => start(settings, signal, onTold);

/** The same for a trial that measures CPU time: it does not watch its event loop. */
export const startQuietTrial = (
  settings: TrialSettings,
  signal?: AbortSignal,
): Promise<ReadyTrial<QuietMeasurement>> => start({ ...settings, isQuiet: true }, signal);

async function start<Measured extends QuietMeasurement>(
  settings: TrialSettings,
  signal?: AbortSignal,
  onTold?: (told: Told) => void,
): Promise<ReadyTrial<Measured>> {
  await using resources = new AsyncDisposableStack();
  // A queue's database writes its data somewhere. A trial that is killed cannot remove them.
  const folder = settings.database && resources.use(await temporaryFolder());
  const child: Child = startChild(new URL('./trial-process.ts', import.meta.url), settings, {
    signal,
    // The reader's own work may ask anybody, and a database may want TLS.
    ...(settings.work.kind !== 'own' && !settings.database && { execArgv: flagsForPlainHttp() }),
    env: { ...trialEnvironment(), ...(folder && inFolder(folder.path)) },
    onLine:
      onTold &&
      ((line) => {
        const told = toldIn(line);
        if (told) onTold(told);
      }),
  });
  resources.use(child);
  unlessStopped(await child.receive<object>());
  const owned = resources.move();
  return {
    async run() {
      child.send({});
      return unlessStopped(await child.receive<Measured | StopNotice>());
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
