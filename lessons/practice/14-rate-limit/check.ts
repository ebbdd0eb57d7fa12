import type { Clock } from '../frame/clock.ts';
import { dishOf } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, listed, sameList, shown } from '../frame/verdict.ts';
import type { limited as Limited } from './solution.ts';

const PER_SECOND = 3;
/** Timers know whole milliseconds only, and the shortest one takes 1 ms. */
const TIMER_SLACK_MS = 5;

export default async function check(limited: typeof Limited, clock: Clock): Promise<void> {
  const starts: Array<{ id: number; atMs: number }> = [];
  const call = limited(async (id: number) => {
    starts.push({ id, atMs: clock.nowMs });
    if (id === 2) throw new Error('order 2 burnt');
    if (id === 3) await clock.run(5000);
    return dishOf(id);
  }, PER_SECOND);
  demand(typeof call === 'function', 'limited returns a function.', `It returned ${shown(call)}.`);
  const startOf = (id: number) => starts.find((start) => start.id === id)?.atMs;

  // The check begins at no particular moment of the clock's second.
  await clock.run(900);
  const outcomes = [1, 2, 3].map((id) => watched(() => call(id)));
  await clock.run(100);
  outcomes.push(...[4, 5, 6, 7, 8].map((id) => watched(() => call(id))));
  await clock.run(20_000);

  demand(starts.length > 0, 'The tasks are run.', 'None was run.');
  const crowd = starts.find(
    ({ atMs }, index) => (starts[index + PER_SECOND]?.atMs ?? Infinity) - atMs < 1000,
  );
  if (crowd) {
    const within = starts.filter(({ atMs }) => atMs >= crowd.atMs && atMs < crowd.atMs + 1000);
    const seen = `From ${crowd.atMs} ms to ${within.at(-1)!.atMs} ms there were ${within.length} starts.`;
    demand(false, `Within 1,000 ms there are at most ${PER_SECOND} starts.`, seen);
  }
  const ids = starts.map(({ id }) => id);
  demand(
    sameList(ids, [1, 2, 3, 4, 5, 6, 7, 8]),
    'The tasks start in the order of the calls, each once.',
    `They started as ${listed(ids)}.`,
  );
  for (const [id, earliestMs] of [
    [1, 900],
    [3, 900],
    [4, 1900],
    [6, 1900],
    [7, 2900],
    [8, 2900],
  ] as const) {
    demand(
      startOf(id)! <= earliestMs + TIMER_SLACK_MS,
      'No task waits longer than the rule makes it wait.',
      `Task ${id} started at ${startOf(id)} ms, and could have started at ${earliestMs} ms.`,
    );
  }
  demand(outcomes[1]!.state === 'rejected', 'A task that fails fails for its caller.', told(outcomes[1]!));
  for (const [index, outcome] of outcomes.entries()) {
    if (index === 1) continue;
    demand(outcome.value === dishOf(index + 1), `Call ${index + 1} gets its result.`, told(outcome));
  }
}
