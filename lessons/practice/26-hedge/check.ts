import type { Clock } from '../frame/clock.ts';
import { quietFor } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand } from '../frame/verdict.ts';
import type { Ask, hedged as Hedged } from './solution.ts';

const AFTER_MS = 2000;

/** Answers when the check says so. Each question has a place of its own, since two of them are for the same. */
function kitchen() {
  const asked: Array<{
    answer(dish: string): Promise<void>;
    fail(): Promise<void>;
    readonly isStopped: boolean;
  }> = [];
  let news = 0;
  const quiet = () => quietFor(() => news);
  const ask: Ask = (signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const name = asked.length === 0 ? 'the first' : 'the second';
    let isStopped = false;
    signal?.addEventListener('abort', () => {
      isStopped = true;
      news++;
      reject(signal.reason);
    });
    const settle = (how: () => void) => {
      news++;
      how();
      return quiet();
    };
    asked.push({
      answer: (dish) => settle(() => resolve(dish)),
      fail: () => settle(() => reject(new Error(`${name} burnt`))),
      get isStopped() {
        return isStopped;
      },
    });
    news++;
    return promise;
  };
  return { ask, asked, quiet };
}

export default async function check(hedged: typeof Hedged, clock: Clock): Promise<void> {
  const quick = kitchen();
  const inTime = watched(() => hedged(quick.ask, AFTER_MS));
  await quick.quiet();
  demand(quick.asked.length === 1, 'It asks once at first.', `It asked ${quick.asked.length} times.`);
  await clock.run(AFTER_MS - 1000);
  demand(quick.asked.length === 1, `It waits for ${AFTER_MS} ms.`, 'It asked a second time too early.');
  await quick.asked[0]!.answer('soup');
  demand(
    inTime.state === 'fulfilled' && inTime.value === 'soup',
    'An answer in time is its result.',
    told(inTime),
  );
  demand(clock.timersSet === 0, 'No timer is left when the answer is there.', 'A timer was still set.');
  await clock.run(10 * AFTER_MS);
  demand(
    quick.asked.length === 1,
    'After an answer nobody is asked.',
    `It asked ${quick.asked.length} times.`,
  );

  const burnt = kitchen();
  const failing = watched(() => hedged(burnt.ask, AFTER_MS));
  await burnt.quiet();
  await burnt.asked[0]!.fail();
  const messageOf = ({ value }: { value: unknown }) => (value as Error | undefined)?.message;
  demand(
    failing.state === 'rejected' && messageOf(failing) === 'the first burnt',
    'A failure in time is told at once.',
    told(failing),
  );
  await clock.run(10 * AFTER_MS);
  demand(
    burnt.asked.length === 1,
    'A failure is not asked for again.',
    `It asked ${burnt.asked.length} times.`,
  );

  for (const winner of [0, 1]) {
    const late = kitchen();
    const answer = watched(() => hedged(late.ask, AFTER_MS));
    await clock.run(AFTER_MS + 1000);
    await late.quiet();
    demand(
      late.asked.length === 2,
      'If there is no answer, it asks a second time.',
      `It asked ${late.asked.length} time.`,
    );
    await late.asked[winner]!.answer(`answer ${winner + 1}`);
    const isWinner = answer.state === 'fulfilled' && answer.value === `answer ${winner + 1}`;
    demand(isWinner, 'It fulfils with whichever answer comes first.', told(answer));
    const loser = winner === 0 ? 'second' : 'first';
    demand(
      late.asked[1 - winner]!.isStopped,
      'The other one is stopped.',
      `The ${loser} one was still at work.`,
    );
    demand(clock.timersSet === 0, 'No timer is left.', 'A timer was still set.');
  }

  const saved = kitchen();
  const rescue = watched(() => hedged(saved.ask, AFTER_MS));
  await clock.run(AFTER_MS + 1000);
  await saved.quiet();
  await saved.asked[0]!.fail();
  demand(rescue.state === 'pending', 'If one of the two fails, it waits for the other.', told(rescue));
  await saved.asked[1]!.answer('soup');
  demand(
    rescue.state === 'fulfilled' && rescue.value === 'soup',
    'The other answer is its result.',
    told(rescue),
  );

  const lost = kitchen();
  const both = watched(() => hedged(lost.ask, AFTER_MS));
  await clock.run(AFTER_MS + 1000);
  await lost.quiet();
  await lost.asked[1]!.fail();
  await lost.asked[0]!.fail();
  const isFirst = both.state === 'rejected' && messageOf(both) === 'the first burnt';
  demand(isFirst, 'If both fail, it rejects with the failure of the first.', told(both));
}
