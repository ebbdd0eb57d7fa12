// A worker process of the suite: it works by our job queue or by bare pg-boss.
import { setTimeout as sleep } from 'node:timers/promises';
import { workOff } from '../../src/approaches/job-queue.ts';
import { receiveSettings } from '../../src/child.ts';
import { openBoss } from '../../src/queue/boss.ts';
import { barePgBoss, type WorkerMessage, type WorkerQuestion, type WorkerSettings } from './measure.ts';

const { way, url, queue, lanes, longestMs } = await receiveSettings<WorkerSettings>();
process.on('message', ({ ask }: WorkerQuestion) => {
  if (ask !== 'cpu') return;
  const { user, system } = process.cpuUsage();
  tell({ cpuMs: (user + system) / 1000 });
});
const tell = (message: WorkerMessage) => process.send!(message);

/** Jobs of uneven length: each one waits 1 ms longer than the one before it, up to the longest, and so on. */
const task = (input: number): number | Promise<number> =>
  longestMs === 0 ? input : sleep(1 + (input % longestMs), input);

if (way === 'job-queue') {
  const boss = await openBoss({ kind: 'server', url }, { superviseSeconds: 0 });
  const worker = await boss.worker<number, number>(queue);
  tell({ isReady: true });
  await workOff(worker, task, { concurrency: lanes, longestPauseMs: 20 });
} else {
  const boss = await barePgBoss(url);
  const options = { batchSize: lanes, pollingIntervalSeconds: 0.5 };
  const worker = await boss.work<{ readonly input: number }>(queue, options, async (jobs) => {
    await Promise.all(jobs.map(async ({ data }) => task(data.input)));
    tell({ done: jobs.length });
    fetchAgain();
  });
  // By itself pg-boss would fetch again only after its polling interval. We compare with pg-boss at its fastest.
  const fetchAgain = () => boss.notifyWorker(worker);
  process.on('message', ({ ask }: WorkerQuestion) => {
    if (ask === 'fetch') fetchAgain();
  });
  tell({ isReady: true });
}
