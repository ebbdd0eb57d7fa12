// What a program that shows a pitfall is told and what it answers, in every language.

/** All of them have a wrong and a right version. */
export interface PitfallSettings {
  readonly isWrong: boolean;
  readonly origin: string;
  /** How long the first one sleeps. */
  readonly sleepMs: number;
  /** How often an async function is called. */
  readonly calls: number;
}

export interface SleepAnswer {
  /** How often somebody else had a turn while one slept. */
  readonly turnsOfOther: number;
}

export interface CallAnswer {
  /** Calls whose answer the caller had when it went on. */
  readonly answers: number;
}

export interface DeadlockAnswer extends CallAnswer {
  /** Where the thread stands for ever. */
  readonly stands: string;
}
