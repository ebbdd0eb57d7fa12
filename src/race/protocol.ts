// What the server tells the page, in the shape in which it travels. The server counts and words everything; the page
// draws. Times are milliseconds; those of bars and beats count from the beginning of the lane's run.

import type { RaceSettings } from './settings.ts';

export type LanePhase = 'waits' | 'warms up' | 'runs' | 'done' | 'failed' | 'left out' | 'stopped';

/** What is known of a lane beside its bars. */
export interface LaneHead {
  readonly name: string;
  /** What the approach does; of a guest, that it is one. */
  readonly about: string;
  /** Whether it is a client of its own, and no approach that the race runs. */
  readonly isGuest: boolean;
  readonly phase: LanePhase;
  /** On the server's clock: when the run began. */
  readonly zeroAtMs: number;
  /** How long the run took, once it is over. */
  readonly tookMs: number | null;
  /** The shortest time that its settings allow; null where nothing is known of that. */
  readonly limitMs: number | null;
  /** How many requests it has to make; null where nobody knows. */
  readonly expected: number | null;
  readonly inFlight: number;
  readonly peakInFlight: number;
  readonly done: number;
  readonly failed: number;
  /** Requests that have no bar: a lane draws so many and no more. */
  readonly undrawn: number;
  /** Its place in the order of finish, from 1 up; null before it is known. */
  readonly place: number | null;
  /** What was measured, over all turns so far. In words. */
  readonly measured: MeasuredWords | null;
  /** Why there is no measurement. */
  readonly error: string | null;
}

/** The figures of a row, as `npm start` words them. */
export interface MeasuredWords {
  readonly time: string;
  /** The time alone, and how it spreads over how many runs. */
  readonly median: string;
  readonly spread: string;
  readonly succeeded: string;
  readonly failed: string;
  readonly peakInFlight: string;
  readonly ofLimit: string;
  readonly speedup: string;
  readonly lag: string;
  readonly memory: string;
}

export interface BarStart {
  readonly key: number;
  /** The order. */
  readonly id: number;
  readonly atMs: number;
}

export interface BarEnd {
  readonly key: number;
  readonly atMs: number;
  readonly isOk: boolean;
}

export interface LaneChange {
  readonly head: LaneHead;
  /** Whether all bars and beats so far are gone: a new run has begun, or this is all there is. */
  readonly isNew: boolean;
  readonly starts: readonly BarStart[];
  readonly ends: readonly BarEnd[];
  /** When the event loop came round. */
  readonly beats: readonly number[];
}

export type RacePhase = 'idle' | 'running' | 'over' | 'stopped' | 'failed';

export interface RaceHead {
  readonly phase: RacePhase;
  /** What goes on, in a sentence. */
  readonly says: string;
  /** What was asked for, in words. */
  readonly settings: string;
  /** The same, to ask for it again; null before the first race. */
  readonly asked: RaceSettings | null;
  readonly outcome: Outcome | null;
}

/** What a race came to. */
export interface Outcome {
  /** The sentence that `npm start` would print. */
  readonly finding: string;
  /** What casts doubt on it. */
  readonly doubt: string | null;
  /** Makes the same comparison without a page. */
  readonly command: string;
}

/** The time axis that all lanes share. */
export interface AxisWords {
  readonly lengthMs: number;
  readonly ticks: ReadonlyArray<{ readonly atMs: number; readonly label: string }>;
}

/** What has changed since the message before. */
export interface Change {
  /** The server's clock. */
  readonly atMs: number;
  /** Whether this is all there is, and what the page knew is to be forgotten. */
  readonly isWhole: boolean;
  readonly race?: RaceHead;
  readonly axis?: AxisWords;
  readonly lanes: readonly LaneChange[];
}

/** A saved run, for the page to play. */
export interface Replay {
  readonly file: string;
  readonly comparisons: readonly ReplayComparison[];
}

export interface ReplayComparison {
  readonly job: string;
  readonly settings: string;
  readonly outcome: Outcome;
  readonly axis: AxisWords;
  readonly lanes: readonly LaneChange[];
}
