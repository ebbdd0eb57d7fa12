// The settings that a program of a pitfall gets, and the answers that it gives, in every language.

/** Every pitfall has a wrong and a right version. */
export interface PitfallSettings {
  readonly isWrong: boolean;
  readonly origin: string;
  /** How long the first one sleeps. */
  readonly sleepMs: number;
  /** How often an async function is called. */
  readonly calls: number;
  /** How many orders a second thread gets before it may call the first one's wait a deadlock. */
  readonly ordersMeanwhile: number;
}

export interface SleepAnswer {
  /** How many turns the other function had during the sleep. */
  readonly turnsOfOther: number;
}

export interface CallAnswer {
  /** How many calls had given their answer when the caller went on. */
  readonly answers: number;
}

export interface DeadlockAnswer extends CallAnswer {
  /** Where the thread stands for ever: `in Atomics.wait`, for instance. */
  readonly stands: string;
}
