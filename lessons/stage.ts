// `play` runs a lesson, on virtual time unless real waiting is asked for. It ends the process with a verdict: 0 if the claim
// holds, 1 if it does not, 3 if it was measured on a machine that was too busy. On such a machine
// a lesson that waits for real, and not on virtual time, does not contradict its claim either.
import { AssertionError } from 'node:assert';
import { endWithOutput } from '../src/output.ts';
import { BUSY, watchOthers, type OthersWatch } from '../src/measure/others.ts';
import { busyLine } from '../src/report/machine.ts';
import { WIDTH, wrapped } from '../src/report/paint.ts';
import { EXIT, type Verdict } from './verdict.ts';
import { virtualTime } from './virtual-time.ts';

const isRealTime = process.argv.includes('--real-time');

/**
 * Milliseconds as seconds. Virtual time is exact. Real time never is, so there the result is rounded to half a second, and
 * the claims compare what a reader would see on a clock.
 */
export function seconds(milliseconds: number): number {
  const grain = isRealTime ? 500 : 1;
  return (Math.round(milliseconds / grain) * grain) / 1000;
}

/** How many seconds `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return seconds(performance.now() - start);
}

/** The figures of this run contradict the claim. On a busy machine that proves nothing. */
class FiguresDiffer extends Error {
  constructor(cause: AssertionError) {
    super(cause.message, { cause });
  }
}

/**
 * Runs the assertions that rest on times or on memory, which a busy machine changes. What a lesson counts (requests in
 * flight, threads at work) is the same on every machine and is asserted outside.
 */
export function byFigures(assertions: () => void): void {
  try {
    assertions();
  } catch (error) {
    throw error instanceof AssertionError ? new FiguresDiffer(error) : error;
  }
}

export interface Staging {
  /** `real` is for a lesson that is about the event loop itself, or that measures. */
  readonly clock?: 'virtual' | 'real';
  /** The claim rests on figures of this machine, so it stays undecided while other programs use the machine. */
  readonly measures?: boolean;
  /** Begins to watch which part of the cores other processes take. */
  readonly watch?: () => OthersWatch;
}

/** Plays a lesson: runs it, says on stderr why its claim does not hold, and sets the exit code. */
export async function play(run: () => Promise<void>, staging: Staging = {}): Promise<void> {
  endWithOutput();
  if (isRealTime) await warmUp();
  tell(await judged(run, staging));
}

/** Runs a lesson and says what became of its claim. @throws the error with which the lesson broke down */
export async function judged(
  run: () => Promise<void>,
  { clock = 'virtual', measures = false, watch = watchOthers }: Staging = {},
): Promise<Verdict> {
  const inRealTime = isRealTime && clock === 'virtual';
  const others = measures || inRealTime ? watch() : undefined;
  const contradiction = await contradictionIn(run, clock);
  const takenByOthers = (await others?.stop()) ?? 0;
  const verdict = verdictOn(contradiction, { measures, inRealTime, isBusy: takenByOthers > BUSY });
  const warning = busyLine({ takenByOthers });
  if (warning !== undefined && (measures || verdict.outcome === 'undecided'))
    console.log(`\n${wrapped(warning, WIDTH).join('\n')}`);
  return verdict;
}

/** A figure that the claim rests on cannot be had on this system. Its message says which. */
export class FigureUnknown extends Error {
  override readonly name = 'FigureUnknown';
}

/**
 * What contradicts the claim, or keeps it undecided; undefined if the claim holds.
 * @throws any other error: the lesson broke down, and nothing is known of its claim
 */
async function contradictionIn(run: () => Promise<void>, clock: 'virtual' | 'real') {
  using _ = clock === 'virtual' && !isRealTime ? virtualTime() : undefined;
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof AssertionError || error instanceof FiguresDiffer || error instanceof FigureUnknown)
      return error;
    throw error;
  }
}

interface Circumstances {
  readonly measures: boolean;
  /** The lesson waits for real, although it was made for virtual time. */
  readonly inRealTime: boolean;
  readonly isBusy: boolean;
}

function verdictOn(
  contradiction: AssertionError | FiguresDiffer | FigureUnknown | undefined,
  { measures, inRealTime, isBusy }: Circumstances,
): Verdict {
  if (contradiction instanceof FigureUnknown) return { outcome: 'undecided', because: contradiction.message };
  // A count that is wrong is wrong on every machine. But what a lesson counts on virtual time may in real time depend on
  // who came first, and a busy machine changes that.
  const isByTime = inRealTime && contradiction !== undefined;
  if (contradiction instanceof AssertionError && !(isByTime && isBusy)) return differs(contradiction);
  if (isBusy && (measures || isByTime)) {
    const because = 'Undecided on a busy machine: run the lesson again when nothing else is running.';
    return { outcome: 'undecided', because };
  }
  if (contradiction instanceof FiguresDiffer) return differs(contradiction.cause as AssertionError);
  return { outcome: 'holds', because: '' };
}

const differs = (error: AssertionError): Verdict => ({
  outcome: 'differs',
  because: `The claim does not hold: ${inWords(error)}`,
});

/** Tells the process that started this one, which shows the verdict. If there is none, tells the reader on stderr. */
function tell(verdict: Verdict): void {
  // `node --watch` opens a channel too, but only for the names of files.
  const hasListener = process.send !== undefined && process.env['WATCH_REPORT_DEPENDENCIES'] === undefined;
  if (hasListener) process.send!(verdict);
  else if (verdict.because) console.error(verdict.because);
  process.exitCode = EXIT[verdict.outcome];
}

/** The sentence of an assertion (its first line), then what was expected and what came. The diff of Node is left out. */
function inWords({ message, operator, actual, expected }: AssertionError): string {
  const [sentence] = message.split('\n', 1);
  if (operator === 'strictEqual' || operator === 'deepStrictEqual')
    return `${sentence}. Expected ${valueInWords(expected)}, got ${valueInWords(actual)}.`;
  if (operator === 'notDeepStrictEqual' || operator === 'match')
    return `${sentence}. Got ${valueInWords(actual)}.`;
  return `${sentence}.`;
}

function valueInWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length > 0 ? value.map(valueInWords).join(', ') : 'nothing';
  return JSON.stringify(value) ?? String(value);
}

/** The first request of a process takes a tenth of a second or two, which would show in real time. */
async function warmUp() {
  // Not loaded by the lessons that ask the API for nothing.
  const [{ INSTANT }, { intercept }, { ORIGIN }, { Session }] = await Promise.all([
    import('../src/api/conditions.ts'),
    import('../src/api/intercept.ts'),
    import('../src/api/origin.ts'),
    import('../src/api/session.ts'),
  ]);
  using _ = intercept({ conditions: INSTANT });
  await using session = new Session({ origin: ORIGIN, connections: 1 });
  await session.getJson('/health');
}
