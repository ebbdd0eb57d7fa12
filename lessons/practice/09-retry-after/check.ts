import type { Clock } from '../frame/clock.ts';
import { told, watched, type Outcome } from '../frame/outcome.ts';
import { demand } from '../frame/verdict.ts';
import type { askAgain as AskAgain } from './solution.ts';

const busy = (seconds: number) =>
  new Response('busy', { status: 503, headers: { 'retry-after': String(seconds) } });
const HOUR_MS = 3_600_000;
/** A wait may be that much longer than it must be. */
const SLACK_S = 5;

/** A server with these answers in store; it notes when it was asked. */
function server(answers: readonly Response[], clock: Clock) {
  const askedAtMs: number[] = [];
  const ask = async (): Promise<Response> => {
    const answer = answers[askedAtMs.length];
    askedAtMs.push(clock.nowMs);
    return answer ?? busy(1);
  };
  /** How long the client stayed away before each question but the first. */
  const pauses = () => askedAtMs.slice(1).map((atMs, index) => (atMs - askedAtMs[index]!) / 1000);
  return { ask, askedAtMs, pauses };
}

const statusOf = ({ state, value }: Outcome): number | undefined =>
  state === 'fulfilled' && value instanceof Response ? value.status : undefined;

function heard(outcome: Outcome): string {
  const status = statusOf(outcome);
  return status === undefined ? told(outcome) : `It fulfilled with status ${status}.`;
}

export default async function check(askAgain: typeof AskAgain, clock: Clock): Promise<void> {
  const slow = server([busy(2), busy(30), new Response('soup')], clock);
  const outcome = watched(() => askAgain(slow.ask));
  await clock.run(HOUR_MS);
  demand(slow.askedAtMs.length > 1, 'It asks again after a 503.', `It asked ${slow.askedAtMs.length} times.`);
  for (const [index, wanted] of [2, 30].entries()) {
    const isAsked = slow.pauses().length > index;
    demand(isAsked, 'It asks a third time.', `It asked ${slow.askedAtMs.length} times.`);
    const pause = slow.pauses()[index]!;
    demand(
      pause >= wanted,
      `It stays away for ${wanted} s, as the server says.`,
      `It asked again after ${pause} s.`,
    );
    demand(
      pause <= wanted + SLACK_S,
      `It asks again soon after ${wanted} s.`,
      `It asked again after ${pause} s.`,
    );
  }
  demand(statusOf(outcome) === 200, 'It fulfils with the third answer, 200.', heard(outcome));

  const hopeless = server([], clock);
  const givenUp = watched(() => askAgain(hopeless.ask));
  await clock.run(HOUR_MS);
  demand(
    hopeless.askedAtMs.length === 3,
    'It asks three times at most.',
    `It asked ${hopeless.askedAtMs.length} times.`,
  );
  demand(
    statusOf(givenUp) === 503,
    'After three answers of 503 it fulfils with the last one.',
    heard(givenUp),
  );

  const broken = server([new Response('no such order', { status: 404 })], clock);
  const notFound = watched(() => askAgain(broken.ask));
  await clock.run(HOUR_MS);
  demand(
    broken.askedAtMs.length === 1,
    'An answer of 404 is not asked for again.',
    `It asked ${broken.askedAtMs.length} times.`,
  );
  demand(statusOf(notFound) === 404, 'It fulfils with the answer 404.', heard(notFound));
}
