// Runs the article's pitfalls: each wrong version beside the right one, in each language. Counts tell them apart, and the place
// where a thread stands. No clock decides.
import type { ApiStats } from '../../src/api/start.ts';
import type { Case, Context, Section } from '../suite.ts';
import type { Findings } from '../findings.ts';
import { sharedApi } from '../trial.ts';
import { ask, type Answered, type Program } from './foreign.ts';
import type { Language, PitfallName, PitfallPrograms } from './language.ts';
import type { CallAnswer, DeadlockAnswer, PitfallSettings, SleepAnswer } from './pitfalls/settings.ts';
import { CONDITIONS, LATENCY_MS } from './waiting.ts';

const SLEEP_MS = 50;
/** How often an async function is called: often enough to tell "all of them" from "one of them". */
export const CALLS = 5;
const PROCESS_MS = 350;
/** How many orders a second thread gets while the first one stands. */
const ORDERS_MEANWHILE = 3;

/** How long one request takes, and how long all of them take one after the other. */
const ONE_MS = LATENCY_MS;
const ALL_MS = CALLS * LATENCY_MS;

interface Pitfall {
  readonly title: string;
  readonly note: string;
  readonly columns: Section['columns'];
  /** How long its two versions take in milliseconds, without the start of their processes. */
  readonly takesMs: { readonly wrong: number; readonly right: number };
  run(program: Program, settings: Omit<PitfallSettings, 'origin'>, context: Context): Promise<Findings>;
}

const words = { title: 'the thread stands' };
const counted = (title: string) => ({ title, show: String, alone: true });

export const PITFALLS: Readonly<Record<PitfallName, Pitfall>> = {
  'blocking sleep': {
    title: 'A blocking sleep in an async function',
    note: `One async function sleeps for ${SLEEP_MS} ms. Another one wants a turn every millisecond, and counts the turns that it gets.`,
    columns: { turnsOfOther: counted('turns of the other') },
    takesMs: { wrong: SLEEP_MS, right: SLEEP_MS },
    async run(program, settings, { signal }) {
      // It sends no request, so there is no API.
      const { answer } = await ask<SleepAnswer>(program, { ...settings, origin: '' }, signal);
      return { turnsOfOther: answer.turnsOfOther };
    },
  },
  'forgotten await': {
    title: 'A forgotten await',
    note: `An async function that sends a request is called ${CALLS} times. Counted: the answers that the caller has when it goes on, the requests that the API saw, and the warnings about it. Python warns once for each line at which it notices lost calls, however many these are.`,
    columns: {
      answers: counted('answers'),
      requestsSeen: counted('requests seen'),
      warnings: counted('warnings'),
    },
    takesMs: { wrong: ONE_MS, right: ALL_MS },
    async run(program, settings, context) {
      const { answer, stderr, seen } = await askCounted<CallAnswer>(program, settings, context);
      // The program sends one more request at its end.
      return { answers: answer.answers, requestsSeen: seen.started - 1, warnings: warningsIn(stderr) };
    },
  },
  'sync in async': {
    title: 'A synchronous call in an async function',
    note: `${CALLS} async functions are started together, and each sends a request. The API counts how many requests it has at once.`,
    columns: { peakInFlight: counted('at once') },
    takesMs: { wrong: ALL_MS, right: ONE_MS },
    async run(program, settings, context) {
      const { seen } = await askCounted<CallAnswer>(program, settings, context);
      return { peakInFlight: seen.peakInFlight };
    },
  },
  deadlock: {
    title: 'A synchronous wait for an async function',
    note: `The thread of the event loop waits for an order. Meanwhile a second thread gets ${ORDERS_MEANWHILE} orders from the same API, and sees whether the first one still stands.`,
    columns: { answers: counted('answers'), stands: words },
    takesMs: { wrong: ORDERS_MEANWHILE * ONE_MS, right: ONE_MS },
    async run(program, settings, context) {
      const { answer, seen } = await askCounted<DeadlockAnswer>(program, settings, context);
      if (answer.answers === 0 && seen.completed < ORDERS_MEANWHILE) {
        throw new Error(`expected ${ORDERS_MEANWHILE} orders meanwhile, got ${seen.completed}`);
      }
      return { answers: answer.answers, stands: answer.stands };
    },
  },
};

interface Seen<Answer> extends Answered<Answer> {
  /** What the API saw of the program. */
  readonly seen: Pick<ApiStats, 'started' | 'completed' | 'peakInFlight'>;
}

async function askCounted<Answer>(
  program: Program,
  settings: Omit<PitfallSettings, 'origin'>,
  context: Context,
): Promise<Seen<Answer>> {
  const api = await sharedApi(CONDITIONS, context);
  await api.reset();
  const answered = await ask<Answer>(program, { ...settings, origin: api.origin }, context.signal);
  return { ...answered, seen: await api.stats() };
}

/**
 * How many warnings of the language speak of a call without await. Python writes `RuntimeWarning: coroutine 'fetch_order' was
 * never awaited`. Node would write `(node:1) Warning: …` about a promise. Other warnings, of a package or of an experiment, do
 * not count.
 */
export const warningsIn = (stderr: string): number =>
  stderr.match(/Warning: .*(?:\bnever awaited\b|\bpromise\b)/gi)?.length ?? 0;

/** A section for each pitfall, with the rows of all languages. */
export const pitfallSections = (languages: readonly Language[]): Section[] =>
  Object.entries(PITFALLS).map(([name, pitfall]) => ({
    title: pitfall.title,
    note: pitfall.note,
    columns: pitfall.columns,
    cases: languages.flatMap(({ pitfalls }) => {
      const programs = pitfalls[name as PitfallName];
      return programs ? [caseOf(pitfall, programs, true), caseOf(pitfall, programs, false)] : [];
    }),
  }));

const settings = (isWrong: boolean): Omit<PitfallSettings, 'origin'> => ({
  isWrong,
  sleepMs: SLEEP_MS,
  calls: CALLS,
  ordersMeanwhile: ORDERS_MEANWHILE,
});

function caseOf(pitfall: Pitfall, programs: PitfallPrograms, isWrong: boolean): Case {
  return {
    name: isWrong ? programs.wrong : programs.right,
    estimateMs: PROCESS_MS + pitfall.takesMs[isWrong ? 'wrong' : 'right'],
    // One turn: a pitfall is counted, and a second count would be the same.
    repeats: 1,
    run: (context) => pitfall.run(programs.program(), settings(isWrong), context),
  };
}
