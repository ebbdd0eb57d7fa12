// What each fault makes of a right answer.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HttpResponse } from 'msw/http';
import { jsonText, refusal, TextAnswer } from './answers.ts';
import type { FaultName } from './faults.ts';

/** The whole answer of a fault, or the pieces of a body that is streamed. */
type Spoil = (text: string, url: string) => Response | AsyncGenerator<string>;

const RETRY_AFTER_SECONDS = 1;

const half = (text: string) => text.slice(0, text.length / 2);

/** From the right answer as JSON, and the address it was asked at. A stall has no answer at all. */
export const SPOILED: Readonly<Record<Exclude<FaultName, 'stall'>, Spoil>> = {
  '500': () => refusal(500, 'internal server error'),
  '503': () => refusal(503, 'service unavailable'),
  '429': () => refusal(429, 'too many requests', { 'retry-after': String(RETRY_AFTER_SECONDS) }),
  reset: () => HttpResponse.error(),
  async *'reset-body'(text) {
    yield half(text);
    await nextTurn(); // or the half would not leave before the reset
    throw new Error('connection lost');
  },
  async *drip(text) {
    for (const character of text) {
      yield character;
      await nextTurn();
    }
  },
  malformed: (text) => jsonText(half(text)),
  short: (text) => jsonText(half(text), 200, { 'content-length': String(text.length) }),
  // Without the origin: handlers know the intercepted one only, and a client of the server would be led away.
  redirect: (_text, url) => {
    const { pathname, search } = new URL(url);
    return new TextAnswer('', 302, { location: pathname + search });
  },
  async *endless(text) {
    for (const plenty = text.repeat(100); ; await nextTurn()) yield plenty;
  },
};
