// For work that no queue is handed in a test.
import type { WorkForQueue } from '../../src/running/work.ts';

const refuse = (): never => {
  throw new Error('expected no queue to be handed this work');
};

export const NOT_QUEUED: WorkForQueue<never> = {
  settings: undefined,
  carried: refuse,
  outcome: refuse,
  hangs: refuse,
};
