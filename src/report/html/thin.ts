// Which requests are drawn. A picture of 10,000 bars is slow and no eye separates them: some are left out, the
// reader is told which, and where few failed these are not lost among the others.
import type { Span } from '../../running/recorded.ts';
import { sampled } from '../sampled.ts';
import { count, number } from '../units.ts';

export interface Sample {
  /** By thread, and by start within it. */
  readonly spans: readonly Span[];
  /** What was left out; empty where nothing was. */
  readonly note: string;
}

/** Failures are drawn in proportion, and up to this part of the rows where there are fewer of them. */
const FAILURES = 0.25;

/** At most `most` of `spans`, evenly picked; the note calls each a `noun`. */
export function sampleOf(spans: readonly Span[], most: number, noun: string): Sample {
  const inOrder = spans.toSorted((a, b) => a.thread - b.thread || a.startMs - b.startMs || a.input - b.input);
  if (inOrder.length <= most) return { spans: inOrder, note: '' };
  const isOk = ({ outcome }: Span) => outcome === 'ok';
  const bad = inOrder.filter((span) => !isOk(span));
  const good = inOrder.filter(isOk);
  const inProportion = Math.round((most * bad.length) / inOrder.length);
  const badShown = sampled(bad, Math.max(inProportion, Math.floor(most * FAILURES)));
  const goodShown = sampled(good, most - badShown.length);
  const kept = new Set([...badShown, ...goodShown]);
  const parts = [
    ...(bad.length > 0 ? [`${whole(badShown, bad)} that failed or were aborted`] : []),
    ...(good.length > 0 ? [`${whole(goodShown, good)} that went well`] : []),
  ];
  return {
    spans: inOrder.filter((span) => kept.has(span)),
    note: `${kept.size} of ${count(spans.length, noun)} are drawn, evenly picked: ${parts.join(', ')}.`,
  };
}

const whole = (shown: readonly Span[], of: readonly Span[]): string =>
  shown.length === of.length ? `all ${number(of.length)}` : `${shown.length} of the ${number(of.length)}`;
