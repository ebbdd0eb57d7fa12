// Tasks that belong together should end together. This is structured concurrency: no task outlives
// the block that started it, as no local variable does. Python 3.11 has TaskGroup for it.
// JavaScript has nothing ready, but it has AbortController and `await using`, and
// src/approaches/task-group.ts makes a group of them.
//
// Claim: when one task fails, a group stops the others, waits until they have cleaned up, and
// reports all failures as one AggregateError. Promise.all reports the first failure at once, and
// the other tasks run on without anybody waiting.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { TaskGroup } from '../src/approaches/task-group.ts';
import { Timeline } from './picture.ts';
import { play } from './stage.ts';

// A cook is a task that may get a signal, and should stop when it aborts.
type Cook = (signal?: AbortSignal) => Promise<unknown>;

// Promise.all gives the tasks nothing to listen to. It cannot stop them, and it does not wait for
// them.
async function withPromiseAll(cooks: readonly Cook[]): Promise<void> {
  await Promise.all(cooks.map((cook) => cook()));
}

// `start` hands each task the signal of the group. At the end of the block `await using` waits for
// the last task. The group does not learn that the block itself has thrown, and stops no task then.
// If the block can throw, write TaskGroup.run(async (group) => { … }).
async function withGroup(cooks: readonly Cook[]): Promise<void> {
  await using group = new TaskGroup();
  for (const cook of cooks) void group.start(cook);
}

const CLEANING_SECONDS = 1;

export async function run({ together = withGroup } = {}): Promise<void> {
  for (const way of [withPromiseAll, together]) {
    const timeline = new Timeline();
    // The trout fails after 2 s, the roast takes 5 s. Both stop when they are told to.
    const cook = (dish: string, takes: number, failure?: string): Cook => {
      const work = async (signal?: AbortSignal) => {
        await wait(takes * 1000, undefined, signal && { signal });
        if (failure) throw new Error(failure);
      };
      return (signal) => timeline.during(dish, () => work(signal));
    };
    // A task that is stopped may have to clean up before it ends, and cleaning up can fail as well.
    const flambe: Cook = (signal) =>
      timeline.during('flambé', async () => {
        try {
          await wait(6000, undefined, signal && { signal });
        } catch {
          await wait(CLEANING_SECONDS * 1000);
          throw new Error('the curtain caught fire');
        }
      });

    // Three tasks: one that fails, one that obeys, and one that has to clean up when it is stopped.
    // A failure of several tasks is an AggregateError, whose `errors` are the failures.
    const dinner = timeline.during('dinner', () =>
      way([cook('trout', 2, 'the trout is off'), cook('roast', 5), flambe]),
    );
    const failures: Error[] = await dinner.then(
      () => [],
      (error: Error) => (error instanceof AggregateError ? error.errors : [error]),
    );
    // The guests have left. We stay a while, to see who is still cooking.
    const dinnerEnd = timeline.end;
    await wait(6000);
    const isGroup = way === together;
    if (isGroup) console.log();
    console.log(`${isGroup ? 'task group' : 'Promise.all'}\n${timeline.rows(6)}`);
    const messages = failures.map(({ message }) => message);
    console.log(`told: ${messages.join('; ')}`);

    // The claim in three parts: who was still running after the end, what was told, and when the
    // end came.
    const ranOn = timeline.end > dinnerEnd ? 'some task ran on' : 'no task ran on';
    const name = isGroup ? 'a task group' : 'Promise.all';
    assert.equal(ranOn, isGroup ? 'no task ran on' : 'some task ran on', `after the end of ${name}`);
    const expected = isGroup ? ['the trout is off', 'the curtain caught fire'] : ['the trout is off'];
    assert.deepEqual(messages, expected, `failures that ${name} tells`);
    if (isGroup)
      assert.equal(`${dinnerEnd} s`, `${2 + CLEANING_SECONDS} s`, 'the group ends after the cleaning');
  }
}

if (import.meta.main) await play(run);

// Output:
//
// Promise.all
// dinner  ━━━━━━━━━━━━                          0.0 – 2.0 s
// trout   ━━━━━━━━━━━━                          0.0 – 2.0 s
// roast   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━        0.0 – 5.0 s
// flambé  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  0.0 – 6.0 s
// told: the trout is off
//
// task group
// dinner  ━━━━━━━━━━━━━━━━━━                    0.0 – 3.0 s
// trout   ━━━━━━━━━━━━                          0.0 – 2.0 s
// roast   ━━━━━━━━━━━━                          0.0 – 2.0 s
// flambé  ━━━━━━━━━━━━━━━━━━                    0.0 – 3.0 s
// told: the trout is off; the curtain caught fire
//
// Notice the bars that reach beyond the end of dinner. With Promise.all two cooks work on for
// guests who have left. The group's dinner ends a second later, because it waits for the cleaning,
// and it tells what went wrong there too.
//
// Question: the cleaning takes 4 seconds, longer than the roast would have taken. When does the
// group's dinner end?
// Change `CLEANING_SECONDS = 1` in line 32.
