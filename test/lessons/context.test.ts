// What lesson 22 says of queues that are on npm: in whose context they run a task.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { test } from 'node:test';
import { queue } from 'async';
import * as fastq from 'fastq';
import pLimit from 'p-limit';
import PQueue from 'p-queue';
import { turn } from '../turns.ts';

type Task = () => Promise<void>;

/** The tables that three tasks of a queue see which works on one at a time. They were added by tables 1, 2 and 3. */
async function seenIn(add: (task: Task) => Promise<unknown>): Promise<Array<number | undefined>> {
  const table = new AsyncLocalStorage<number>();
  const seen: Array<number | undefined> = [];
  const task = async () => {
    await turn();
    seen.push(table.getStore());
  };
  await Promise.all([1, 2, 3].map((id) => table.run(id, () => add(task))));
  return seen;
}

test('p-limit and p-queue run a task in the context of whoever added it', async () => {
  const limit = pLimit(1);
  assert.deepEqual(await seenIn((task) => limit(task)), [1, 2, 3]);
  const tasks = new PQueue({ concurrency: 1 });
  assert.deepEqual(await seenIn((task) => tasks.add(task)), [1, 2, 3]);
});

test('fastq and async.queue run it in the context of whoever set the queue to work', async () => {
  const fast = fastq.promise((task: Task) => task(), 1);
  assert.deepEqual(await seenIn((task) => fast.push(task)), [1, 1, 1]);
  const work = async (task: Task, done: () => void): Promise<void> => {
    await task();
    done();
  };
  const tasks = queue((task: Task, done: () => void) => void work(task, done), 1);
  assert.deepEqual(await seenIn((task) => tasks.pushAsync(task)), [1, 1, 1]);
});
