// The worker thread's side of a job: takes a batch of inputs, runs them one by one, returns the records.
import { workerData } from 'node:worker_threads';
import { toColumns, type Columns } from './columns.ts';
import type { NamedJobSettings } from '../jobs/job.ts';
import { openJob } from '../jobs/open.ts';
import { recorded, type Recorded } from './recorded.ts';
import { told } from './told.ts';

// No top-level await: piscina requires the module first, and would load it a second time.
const settings = workerData as NamedJobSettings;
const opening = openJob(settings);
opening.catch(() => {}); // reported by the first batch

export default async function runBatch(inputs: readonly number[]): Promise<Columns> {
  const task = recorded((await opening).task);
  const run = settings.tells ? told(task) : task;
  const records: Recorded[] = [];
  for (const input of inputs) records.push(await run(input));
  return toColumns(records);
}
