// Tasks that belong together should end together. Python 3.11 has TaskGroup for it; JavaScript has AbortController and
// `await using`, and forty lines of src/approaches/task-group.ts make a group of them.
//
// Claim: when one task fails, a group stops its siblings, waits until they have cleaned up, and reports all failures
// as one AggregateError. Promise.all reports the first at once, and the others run on behind its back.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { TaskGroup } from '../src/approaches/task-group.ts';
import { Timeline } from './picture.ts';
import { play } from './stage.ts';

type Cook = (signal?: AbortSignal) => Promise<unknown>;

async function withPromiseAll(cooks: readonly Cook[]): Promise<void> {
  await Promise.all(cooks.map((cook) => cook()));
}

async function withGroup(cooks: readonly Cook[]): Promise<void> {
  await using group = new TaskGroup();
  for (const cook of cooks) void group.start(cook);
  // The block ends here, but is not left before the last task has ended. Of a throw in the block itself `await using`
  // hears nothing: where that can happen, take TaskGroup.run.
}

const CLEANING_SECONDS = 1;

export async function run({ together = withGroup } = {}): Promise<void> {
  for (const way of [withPromiseAll, together]) {
    const timeline = new Timeline();
    const cook = (dish: string, takes: number, failure?: string): Cook => {
      const work = async (signal?: AbortSignal) => {
        await wait(takes * 1000, undefined, signal && { signal });
        if (failure) throw new Error(failure);
      };
      return (signal) => timeline.during(dish, () => work(signal));
    };
    // Whoever is stopped may have to tidy up first, and that can fail as well.
    const flambe: Cook = (signal) =>
      timeline.during('flambé', async () => {
        try {
          await wait(6000, undefined, signal && { signal });
        } catch {
          await wait(CLEANING_SECONDS * 1000);
          throw new Error('the curtain caught fire');
        }
      });

    const dinner = timeline.during('dinner', () =>
      way([cook('trout', 2, 'the trout is off'), cook('roast', 5), flambe]),
    );
    const failures: Error[] = await dinner.then(
      () => [],
      (error: Error) => (error instanceof AggregateError ? error.errors : [error]),
    );
    const dinnerEnd = timeline.end;
    await wait(6000); // long enough to see who is still at it
    console.log(`${way.name}\n${timeline.rows(6)}`);
    console.log(`told: ${failures.map(({ message }) => message).join('; ')}\n`);

    const ranOn = timeline.end > dinnerEnd;
    const expected = way === withPromiseAll ? [true, 1] : [false, 2];
    assert.deepEqual(
      [ranOn, failures.length],
      expected,
      'a group leaves nobody running and tells every failure',
    );
    if (way === together) assert.equal(dinnerEnd, 2 + CLEANING_SECONDS, 'it stops the siblings');
  }
}

if (import.meta.main) await play(run);

// Output:
//
// withPromiseAll
// dinner  ━━━━━━━━━━━━                          0.0 – 2.0 s
// trout   ━━━━━━━━━━━━                          0.0 – 2.0 s
// roast   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━        0.0 – 5.0 s
// flambé  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  0.0 – 6.0 s
// told: the trout is off
//
// withGroup
// dinner  ━━━━━━━━━━━━━━━━━━                    0.0 – 3.0 s
// trout   ━━━━━━━━━━━━                          0.0 – 2.0 s
// roast   ━━━━━━━━━━━━                          0.0 – 2.0 s
// flambé  ━━━━━━━━━━━━━━━━━━                    0.0 – 3.0 s
// told: the trout is off; the curtain caught fire
//
//
// Notice the bars that reach beyond the end of dinner: with Promise.all two cooks work on for guests who have left.
// The group's dinner ends a second later, because it waits for the cleaning, and hears what went wrong with it.
//
// Question: what if the group has to wait 4 seconds for the cleaning, longer than the roast would have taken?
// Change `CLEANING_SECONDS = 1` in line 25.
