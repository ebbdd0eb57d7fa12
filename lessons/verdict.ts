// How a lesson ends. Its claim holds, or it does not, or this machine cannot tell. A lesson that breaks down
// (a package is missing, a file cannot be written) reaches no verdict: a crash says nothing about the claim.

export interface Verdict {
  readonly outcome: 'holds' | 'differs' | 'undecided';
  /** One sentence for the reader; empty if the claim holds. */
  readonly because: string;
}

/** The exit code of a lesson, and of `npm run lesson NAME`. A breakdown ends with 1, as in every program of Node. */
export const EXIT: Readonly<Record<Verdict['outcome'], number>> = { holds: 0, differs: 1, undecided: 3 };

/** The outcome of several lessons together. A lesson without an outcome has crashed, which counts as `differs`. */
export function together(outcomes: ReadonlyArray<Verdict['outcome'] | undefined>): Verdict['outcome'] {
  if (outcomes.some((outcome) => outcome === undefined || outcome === 'differs')) return 'differs';
  return outcomes.includes('undecided') ? 'undecided' : 'holds';
}

/** What a lesson sent to the process that started it, if it is a verdict. */
export function isVerdict(message: unknown): message is Verdict {
  return typeof message === 'object' && message !== null && 'outcome' in message && 'because' in message;
}
