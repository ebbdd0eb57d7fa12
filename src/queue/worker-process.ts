// The process of a worker that another process has started.
import { receiveSettings } from '../child.ts';
import { QueueFailure } from './failure.ts';
import type { WorkerMessage, WorkerSettings } from './start-worker.ts';
import { runWorker } from './worker.ts';

const settings = await receiveSettings<WorkerSettings>();
const say = (message: WorkerMessage) => process.send!(message);
try {
  await runWorker({
    ...settings,
    // It ends when its parent process closes the connection to it.
    signal: new AbortController().signal,
    onReady: () => say({ isReady: true }),
    // There is no `onAway`: if the database goes away, the parent process notices that too.
    onTrouble: (trouble) => say({ trouble }),
  });
} catch (error) {
  if (!(error instanceof QueueFailure)) throw error;
  say({ failed: error.message });
}
