// What a language offers to the article's measurements: ways to send requests, ways to compute, and pitfalls. The sections,
// the figures and the verdicts are the same for all languages.
import type { Context } from '../suite.ts';
import type { Program } from './foreign.ts';

/** How the work is done, whatever the language calls it. `in one thread` starts all of it at once, in a single thread. */
export type Manner = 'one by one' | 'in one thread' | 'in threads' | 'in processes';

/** One way to send all requests of a run. */
export interface WaitingWay {
  /** The name of its row. */
  readonly name: string;
  readonly manner: Manner;
  /** The most requests in flight; `all` where nothing limits them. */
  readonly atOnce: number | 'all';
  /** What sends its requests. */
  readonly client: string;
  /** Whether the program is like the one in the article. */
  readonly isArticles?: boolean;
  /** How long its process takes to start and end, in milliseconds. */
  readonly startMs: number;
  send(requests: number, context: Context): Promise<Sent>;
}

/** What sending cost the client. The API has answered every request, or the turn has failed. */
export interface Sent {
  /** One for each run over all requests. */
  readonly timesMs: readonly number[];
  /** CPU time of one run. */
  readonly cpuMs: number;
  /** The largest resident memory. Several processes have the sum of their peaks. Undefined where the system does not tell. */
  readonly peakMiB: number | undefined;
  /** The resident memory when the imports were done. Undefined where nobody tells. */
  readonly baselineMiB: number | undefined;
  /** The most requests in flight, counted by the API. */
  readonly peakInFlight: number;
}

/** One way to compute all tasks of a run. */
export interface ComputingWay {
  readonly name: string;
  readonly manner: Manner;
  /** How many threads or processes compute. */
  readonly workers: number;
  readonly startMs: number;
  compute(tasks: number, context: Context): Promise<Computed>;
}

export type Computed = Pick<Sent, 'timesMs' | 'peakMiB'> & { readonly cpuMs: number | undefined };

export interface Language {
  readonly name: string;
  /** What a reader must know of its rows that wait. */
  readonly note: string;
  readonly waiting: readonly WaitingWay[];
  readonly computing: readonly ComputingWay[];
  readonly pitfalls: Readonly<Partial<Record<PitfallName, PitfallPrograms>>>;
}

export type PitfallName = 'blocking sleep' | 'forgotten await' | 'sync in async' | 'deadlock';

/** A program that shows a pitfall, and the names of the rows of its two versions. */
export interface PitfallPrograms {
  readonly wrong: string;
  readonly right: string;
  /** @throws {LeftOut} if this machine cannot run it */
  program(): Program;
}
