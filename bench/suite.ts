// What a suite is: cases in sections, and sentences that their rows may prove. The runner knows nothing of pools, threads
// or memory. A suite knows nothing of turns, crashes, tables or JSON.
import type { Claim } from '../src/report/claim.ts';
import type { Findings, Ratio } from './findings.ts';
import type { Rows } from './rows.ts';

/** `quick` shows that everything runs, `full` is for a long lunch. */
export type Size = 'quick' | 'default' | 'full';

export interface Case {
  /** Unique in its section. */
  readonly name: string;
  /** How long one turn takes with its process, in milliseconds. The time left is computed from it. */
  readonly estimateMs: number;
  /** How many turns it has. Without it, as many as the plan says. */
  readonly repeats?: number;
  /** Runs one turn. An error that it throws becomes a failed row. A `LeftOut` is no failure: the case cannot run here. */
  run(context: Context): Promise<Findings>;
}

/** A case cannot run on this machine, for instance because a language is not installed. The message says how to change that. */
export class LeftOut extends Error {
  override readonly name = 'LeftOut';
}

export interface Context {
  /** Aborts with the run, and when this turn has passed its deadline. */
  readonly signal: AbortSignal;
  /**
   * Something that several cases use, such as an API process. It is made once, with the run's signal, and disposed in
   * the end. One that has ended is made again.
   */
  readonly shared: <Resource extends SharedResource>(
    key: string,
    make: (signal: AbortSignal) => Promise<Resource>,
  ) => Promise<Resource>;
}

/** What several cases use. One that is a process may end before they do. */
export interface SharedResource extends AsyncDisposable {
  hasEnded?(): boolean;
}

/** How a figure is shown. */
export interface Column {
  readonly title: string;
  readonly show?: (value: number) => string;
  /** Shows the median alone, for a minor figure whose deviation nobody needs. */
  readonly alone?: boolean;
}

export interface Section {
  readonly title: string;
  /** What a reader must know to read the table. */
  readonly note?: string;
  /** By the name of the figure, in the order in which they stand. */
  readonly columns: Readonly<Record<string, Column>>;
  readonly ratios?: readonly Ratio[];
  readonly cases: readonly Case[];
}

export type Setting = string | number | boolean;

/** By the setting's name in JSON. */
export type Settings = Readonly<Record<string, Setting | readonly Setting[]>>;

/** An option that only one suite has. It adds a setting to the run. */
export interface SuiteOption {
  /** As it is typed: `--runtime <names>`. */
  readonly flags: `--${string} <${string}>`;
  readonly description: string;
  /** The setting that it adds. */
  readonly setting: string;
  /** The value of the setting. @throws {InvalidArgumentError} that says what was expected */
  readonly read: (text: string) => Setting | readonly Setting[];
}

export interface Plan {
  /**
   * What was asked for. If two runs differ here, their comparison says so. What each name means to a reader stands in
   * settings.ts.
   */
  readonly settings: Settings;
  readonly repeats: number;
  readonly sections: readonly Section[];
  /** Packages whose versions belong to the environment, beside the four of the workbench. */
  readonly packages?: readonly string[];
  /** Other versions that belong to the environment, for instance of other languages. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Sentences that are true of these rows. */
  closing(rows: Rows): string[];
  /** What the article says, and what these rows say to it. */
  claims?(rows: Rows): Claim[];
}

/** The machine that a plan is for. */
export interface PlannedMachine {
  readonly cores: number;
  /** Begins with the name of the system, as Node calls it: `linux`, `win32`. */
  readonly platform: string;
}

export interface Suite {
  readonly name: string;
  readonly summary: string;
  /** Options of its own, beside those that every suite has. */
  readonly options?: readonly SuiteOption[];
  /**
   * Depends only on its arguments. `settings` are those that its own options add, or all settings of a saved run. `machine` is
   * that of the saved run. Without it, the plan is for this machine.
   */
  plan(size: Size, settings?: Settings, machine?: PlannedMachine): Plan;
  /** The plan of a run on this machine, for a suite that depends on what is installed. Without it, `plan` is used. */
  planHere?(size: Size, settings: Settings, signal: AbortSignal): Promise<Plan>;
}

/** What the whole plan takes, in milliseconds. */
export function takesMs({ sections, repeats }: Plan): number {
  return sections
    .flatMap(({ cases }) => cases)
    .reduce((sum, { estimateMs, repeats: own = repeats }) => sum + estimateMs * own, 0);
}
