// The process of checks. It loads a file, runs the check, and sends the verdict to the parent process. A file without a
// verdict has not passed. So a file that exits, hangs or crashes cannot pass.
//
// A learner's file has a process of its own. `verify` checks many files of ours, and to start a process for each would take
// most of the time. So it may give several files to one process, each with a control: an answer to the same exercise that
// passes. The control is checked again after each file. If it no longer passes, the file before it has left something behind.
// Then the verdict on that file is not sent, and the process ends.
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { virtualTime, type VirtualTime } from '../../virtual-time.ts';
import { clockOn, type Clock } from './clock.ts';
import { CheckFailure, fails, PASSES, shown, type Verdict } from './verdict.ts';
import type { Watch } from './watchdog.ts';

export interface Answer {
  /** The folder of the exercise. */
  readonly folder: string;
  /** What the file must export. */
  readonly exported: string;
  /** The file that is checked. */
  readonly file: string;
  /** How often the check runs, each time with the file loaded anew. */
  readonly times: number;
  /** A file that passes. It is checked after this one. */
  readonly control?: string | undefined;
}

export interface CheckSettings {
  readonly answers: readonly Answer[];
  /** A file that burns so much CPU time within one turn of the event loop computes without end. */
  readonly mostCpuMs: number;
}

/** A check of one exercise: it throws `CheckFailure`, or returns. */
export type Check = (answer: never, clock: Clock) => Promise<void>;

const TURNS_AFTERWARDS = 20;

const [settings] = (await once(process, 'message')) as [CheckSettings];
// The learner's code gets neither the channel to the parent process nor the real process.exit.
const send = process.send!.bind(process);
const exit = process.exit.bind(process);
delete process.send;
process.channel?.unref();

/** Takes the verdict on the answer that runs now. The first one counts. */
let decide: (verdict: Verdict) => void = () => {};
let time: VirtualTime;
/** Every load gets a number, and so a module of its own. */
let loads = 0;

function refuseExit(code: unknown): never {
  decide(
    fails('The program goes on until its work is done.', `It called process.exit(${shown(code ?? 0)}).`),
  );
  // Whoever exits expects that nothing after it runs.
  throw new Error('process.exit');
}
process.exit = refuseExit;
process.on('unhandledRejection', (reason) => {
  decide(fails('Every rejected promise is handled.', `Nobody handled this rejection: ${shown(reason)}.`));
});
process.on('uncaughtException', (error) => {
  decide(fails('Every error is caught.', `Nobody caught this error: ${shown(error)}.`));
});

const turns = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const watch: Watch = { turns: turns.buffer, mostCpuMs: settings.mostCpuMs };
new Worker(new URL('./watchdog.ts', import.meta.url), { workerData: watch }).unref();
// Counts turns without keeping the process alive.
setInterval(() => Atomics.add(turns, 0, 1), 20).unref();

function endWhenIdle(): void {
  if (time.timersSet > 0) return;
  decide(fails('The program comes to an end.', 'It never ends: nothing is left that could wake it.'));
}

for (const answer of settings.answers) {
  const verdict = await verdictOn(answer);
  const { control } = answer;
  const isControlled = control !== undefined;
  if (isControlled && !(await verdictOn({ ...answer, file: control, times: 1 })).passes) exit(1);
  await sent(verdict);
}
exit(0);

/** Each answer has a clock of its own: timers that an earlier answer has left behind never fire. */
async function verdictOn(answer: Answer): Promise<Verdict> {
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  decide = resolve;
  time = virtualTime();
  // This listener comes after that of virtual time, which keeps the process alive as long as a timer is set.
  process.on('beforeExit', endWhenIdle);
  try {
    void runs(answer).then(decide);
    return await promise;
  } finally {
    process.off('beforeExit', endWhenIdle);
    time[Symbol.dispose]();
  }
}

async function runs(answer: Answer): Promise<Verdict> {
  try {
    for (let run = 1; run <= answer.times; run++) await runOnce(answer);
    return PASSES;
  } catch (error) {
    // An error that the check did not expect: the program does something that the exercise is not about.
    return error instanceof CheckFailure
      ? error.verdict
      : fails('The program does what the exercise asks for.', shown(error));
  }
}

async function runOnce({ folder, exported, file }: Answer): Promise<void> {
  // The checks are ours and load by themselves; the learner's file may fail to load in any way.
  const { default: check } = (await import(pathToFileURL(`${folder}/check.ts`).href)) as {
    default: Check;
  };
  loads++;
  let answers: Record<string, unknown>;
  try {
    answers = (await import(`${pathToFileURL(file).href}?run=${loads}`)) as Record<string, unknown>;
  } catch (error) {
    throw new CheckFailure('The file loads.', `It does not load: ${shown(error)}`);
  }
  const answer = answers[exported];
  if (typeof answer !== 'function') {
    throw new CheckFailure(
      `The file exports a function called ${exported}.`,
      answer === undefined ? 'It does not export that name.' : `It exports ${shown(answer)}.`,
    );
  }
  await check(answer as never, clockOn(time));
  // What happens after the end counts as well, for instance a rejection that nobody handles.
  for (let count = 0; count < TURNS_AFTERWARDS; count++) await turn();
}

/** Sends a verdict. If the parent process listens no more, this process ends. */
function sent(verdict: Verdict): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  send(verdict, undefined, undefined, (error) => (error ? exit(1) : resolve()));
  return promise;
}
