// The reader's own work in the form that approaches take. Each outcome is recorded and counted, whichever thread it comes from.
// The count decides when an approach is stopped.
import type { Task } from '../approaches/task.ts';
import type { OwnJobSettings } from '../jobs/job.ts';
import { retriedFrom } from '../jobs/open.ts';
import { inputAt, openOwnTask } from '../jobs/open-own.ts';
import { isThenable } from '../thenable.ts';
import { fromColumns, type Columns } from './columns.ts';
import type { GiveUp } from './give-up.ts';
import { endThreads } from './own-threads.ts';
import type { OwnThreadSettings } from './own-worker.ts';
import { lost, recorded, type Recorded } from './recorded.ts';
import { told } from './told.ts';
import type { OwnRun } from './work.ts';

/** A thread that gave no answer for so long beyond the time limit of its task, in milliseconds, is not slow: it hangs. */
const PATIENCE_MS = 30_000;

/** The reader's own work on `inputs`, which were drawn before. `giveUp` hears of every outcome. */
export function ownWorkOf(
  settings: OwnJobSettings,
  inputs: readonly unknown[],
  giveUp: GiveUp,
): OwnRun<Recorded> {
  const { retries, ...plain } = settings;
  const { timeoutMs, costMs, computes = false } = plain;
  const counted = (record: Recorded): Recorded => {
    giveUp.add(record);
    return record;
  };
  const workerData: OwnThreadSettings = { job: settings, channel: crypto.randomUUID() };
  return {
    kind: 'own',
    costMs,
    computes,
    async open() {
      const job = await openOwnTask(settings, (input) => giveUp.hangs(inputs.indexOf(input) + 1, timeoutMs));
      const taskByNumber: Task<number, unknown> = (number, signal) =>
        job.task(inputAt(inputs, number), signal);
      const recordedTask = recorded(retries ? retriedFrom(retries, 0, taskByNumber) : taskByNumber);
      const run = settings.tells ? told(recordedTask) : recordedTask;
      return {
        task: (number, signal) => {
          const record = run(number, signal);
          return isThenable(record) ? Promise.resolve(record).then(counted) : counted(record);
        },
        [Symbol.asyncDispose]: () => job[Symbol.asyncDispose](),
      };
    },
    worker: new URL('./own-worker.ts', import.meta.url),
    workerData,
    message: (batch) => batch.map((number) => ({ number, input: inputAt(inputs, number) })),
    outcomes: (message) => (fromColumns(message as Columns) as readonly Recorded[]).map(counted),
    queued: {
      settings: plain,
      carried: (number) => inputAt(inputs, number),
      retries,
      outcome: (answer) => counted(answer as Recorded),
      hangs: (number) => giveUp.hangs(number, timeoutMs),
    },
    lost: (input, startMs, reason) => counted(lost(input, startMs, reason)),
    refusedForMs: ({ refusedForMs }) => refusedForMs,
    endThreads: (threads) => endThreads(workerData.channel, threads),
    patienceMs: PATIENCE_MS + timeoutMs,
  };
}
