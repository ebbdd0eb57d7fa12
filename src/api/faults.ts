// How the API misbehaves, as real ones do. Which request is hit depends on the seed, the order and how often that
// order has been asked for, so a run can be repeated, and a retry can succeed.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { HttpResponse } from 'msw';
import { chance } from './random.ts';

export type FaultName =
  | '500'
  | '503'
  | '429'
  | 'reset'
  | 'reset-body'
  | 'stall'
  | 'drip'
  | 'malformed'
  | 'short'
  | 'redirect'
  | 'endless';

/** The part of all requests that each fault hits, 0 to 1; together at most 1. */
export type Faults = Readonly<Partial<Record<FaultName, number>>>;

/** What a fault has to work with: the right answer as JSON, and the address it was asked at. */
interface Spoilable {
  readonly text: string;
  readonly url: string;
}

interface Fault {
  readonly summary: string;
  /** The whole answer of the fault, or the chunks of a body that is streamed; none for a fault that never answers. */
  readonly answer?: (spoilable: Spoilable) => Response | AsyncGenerator<string>;
  /** The server's end breaks the exchange: the client gets no whole answer. */
  readonly cuts?: true;
  /** msw cannot play it as a connection would: the error has another code, or the client waits in vain. */
  readonly loopbackOnly?: true;
}

const DRIP_MS = 1;
const RETRY_AFTER_SECONDS = 1;
const JSON_TYPE = { 'content-type': 'application/json' };

const failure = (status: number, error: string, headers: Record<string, string> = {}) =>
  HttpResponse.json({ error }, { status, headers });
const half = (text: string) => text.slice(0, text.length / 2);

export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  '500': { summary: 'internal server error', answer: () => failure(500, 'internal server error') },
  '503': { summary: 'service unavailable', answer: () => failure(503, 'service unavailable') },
  '429': {
    summary: 'too many requests, with Retry-After',
    answer: () => failure(429, 'too many requests', { 'retry-after': String(RETRY_AFTER_SECONDS) }),
  },
  reset: {
    summary: 'connection reset instead of an answer',
    answer: () => HttpResponse.error(),
    cuts: true,
    loopbackOnly: true,
  },
  'reset-body': {
    summary: 'connection reset in the middle of the body',
    async *answer({ text }) {
      yield half(text);
      await nextTurn(); // or the half would not leave before the reset
      throw new Error('connection lost');
    },
    loopbackOnly: true,
  },
  stall: { summary: 'no answer, ever' },
  drip: {
    summary: 'the answer byte by byte',
    async *answer({ text }) {
      for (const character of text) {
        yield character;
        await sleep(DRIP_MS);
      }
    },
  },
  malformed: {
    summary: 'JSON that ends too early',
    answer: ({ text }) => new HttpResponse(half(text), { headers: JSON_TYPE }),
  },
  short: {
    summary: 'a body shorter than its content-length',
    answer: ({ text }) =>
      new HttpResponse(half(text), { headers: { ...JSON_TYPE, 'content-length': String(text.length) } }),
    cuts: true,
    loopbackOnly: true,
  },
  redirect: {
    summary: 'a redirect to itself',
    answer: ({ url }) => new HttpResponse(null, { status: 302, headers: { location: url } }),
  },
  endless: {
    summary: 'a body without end',
    async *answer({ text }) {
      for (const plenty = text.repeat(100); ; await nextTurn()) yield plenty;
    },
    loopbackOnly: true,
  },
};

/** The fault that hits the `attempt`th request for order `id`, if one does. */
export function faultOf(faults: Faults, seed: number, id: number, attempt: number): FaultName | undefined {
  let drawn = chance(seed, 'fault', id, attempt);
  for (const [name, rate] of Object.entries(faults) as Array<[FaultName, number]>) {
    if (drawn < rate) return name;
    drawn -= rate;
  }
  return undefined;
}

/** A streamed answer. Without a framing header a torn body would end as a clean, truncated 200. */
export function streamed(chunks: AsyncIterable<Uint8Array>): Response {
  const headers = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
  return new HttpResponse(ReadableStream.from(chunks), { headers });
}
