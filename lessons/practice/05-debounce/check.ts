import type { Clock } from '../frame/clock.ts';
import { demand, listed, sameList, shown } from '../frame/verdict.ts';
import type { debounced as Debounced } from './solution.ts';

const QUIET_MS = 300;

export default async function check(debounced: typeof Debounced, clock: Clock): Promise<void> {
  const saved: Array<{ text: string; atMs: number }> = [];
  const type = debounced((text) => saved.push({ text, atMs: clock.nowMs }), QUIET_MS);
  demand(typeof type === 'function', 'debounced returns a function.', `It returned ${shown(type)}.`);
  const texts = () => saved.map(({ text }) => text);

  for (const text of ['s', 'so', 'sou', 'soup']) {
    type(text);
    await clock.run(QUIET_MS - 100);
  }
  const [early] = saved;
  demand(
    early === undefined || early.text === 'soup',
    'It saves "soup", which came last.',
    `It saved ${shown(early?.text)} and not "soup".`,
  );
  demand(
    early === undefined,
    `It saves after ${QUIET_MS} ms without a call.`,
    `It saved ${(early?.atMs ?? 0) - 3 * (QUIET_MS - 100)} ms after the last call.`,
  );
  await clock.run(1000);
  demand(saved.length > 0, 'The last text is saved.', 'Nothing was saved.');
  demand(sameList(texts(), ['soup']), 'It saves once.', `It saved ${listed(texts())}.`);

  type('trout');
  await clock.run(QUIET_MS);
  type('plums');
  await clock.run(1000);
  demand(
    sameList(texts(), ['soup', 'trout', 'plums']),
    'After a pause it saves again.',
    `It saved ${listed(texts())}.`,
  );
}
