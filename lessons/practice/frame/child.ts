// The process of one check. It loads the learner's file, runs the check, and sends the verdict to the parent process. A file
// without a verdict has not passed. So a file that exits, hangs or crashes cannot pass.
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { virtualTime } from '../../virtual-time.ts';
import { clockOn, type Clock } from './clock.ts';
import { CheckFailure, fails, PASSES, shown, type Verdict } from './verdict.ts';

export interface CheckSettings {
  /** The folder of the exercise. */
  readonly folder: string;
  /** The file that is checked. */
  readonly file: string;
  /** What the file must export. */
  readonly exported: string;
  /** How often the check runs in this process, each time with the file loaded anew. */
  readonly times: number;
}

/** A check of one exercise: it throws `CheckFailure`, or returns. */
export type Check = (answer: never, clock: Clock) => Promise<void>;

const TURNS_AFTERWARDS = 20;

const settings = JSON.parse(process.argv[2]!) as CheckSettings;
// The learner's code gets neither the channel to the parent process nor the real process.exit.
const send = process.send!.bind(process);
const exit = process.exit.bind(process);
delete process.send;
process.channel?.unref();
let isDecided = false;

function decide(verdict: Verdict): void {
  if (isDecided) return;
  isDecided = true;
  send(verdict, undefined, undefined, () => exit(0));
}

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
new Worker(new URL('./watchdog.ts', import.meta.url), { workerData: turns.buffer }).unref();
// Counts turns without keeping the process alive.
setInterval(() => Atomics.add(turns, 0, 1), 20).unref();

const time = virtualTime();
// This listener comes after that of virtual time, which keeps the process alive as long as a timer is set.
process.on('beforeExit', () => {
  if (time.timersSet > 0) return;
  decide(fails('The program comes to an end.', 'It never ends: nothing is left that could wake it.'));
});

async function runOnce(run: number): Promise<void> {
  // The checks are ours and load by themselves; the learner's file may fail to load in any way.
  const { default: check } = (await import(pathToFileURL(`${settings.folder}/check.ts`).href)) as {
    default: Check;
  };
  let answers: Record<string, unknown>;
  try {
    answers = (await import(`${pathToFileURL(settings.file).href}?run=${run}`)) as Record<string, unknown>;
  } catch (error) {
    throw new CheckFailure('The file loads.', `It does not load: ${shown(error)}`);
  }
  const answer = answers[settings.exported];
  if (typeof answer !== 'function') {
    throw new CheckFailure(
      `The file exports a function called ${settings.exported}.`,
      answer === undefined ? 'It does not export that name.' : `It exports ${shown(answer)}.`,
    );
  }
  await check(answer as never, clockOn(time));
  // What happens after the end counts as well, for instance a rejection that nobody handles.
  for (let count = 0; count < TURNS_AFTERWARDS; count++) await turn();
}

try {
  for (let run = 1; run <= settings.times; run++) await runOnce(run);
  decide(PASSES);
} catch (error) {
  // An error that the check did not expect: the program does something that the exercise is not about.
  decide(
    error instanceof CheckFailure
      ? error.verdict
      : fails('The program does what the exercise asks for.', shown(error)),
  );
}
