// The mocked API, defined once as msw handlers. `intercept` and `serve` are two doors to this list; nothing
// else says what the API answers.
import { once } from 'node:events';
import { http, HttpResponse, type RequestHandler } from 'msw';
import { now } from './clock.ts';
import { latencyOf, type Conditions, type Gate } from './conditions.ts';
import { Counters } from './counters.ts';
import { faultNamed, faultOf } from './faults.ts';
import { Kitchen } from './kitchen.ts';
import { orderOf } from './orders.ts';
import { ORIGIN } from './origin.ts';
import { siteHandlers } from './site.ts';
import { SPOILED, streamed } from './spoiled.ts';

export interface ApiOptions {
  readonly conditions: Conditions;
  readonly counters?: Counters;
  /** Holds every order back until a test lets it go; the latency counts from there. */
  readonly gate?: Gate;
}

const refusal = (status: number, error: string) => HttpResponse.json({ error }, { status });

/** The handlers of the API under these conditions. The last one refuses everything the others do not know. */
export function ordersApi({ conditions, counters = new Counters(), gate }: ApiOptions): RequestHandler[] {
  const kitchen = new Kitchen();
  const { faults, seed } = conditions;
  /** How often each order was asked for since the counts were reset; kept only where faults are drawn. */
  const asked = new Map<number, number>();
  let { epoch } = counters;
  const nextFault = (id: number) => {
    if (!faults) return undefined;
    if (counters.epoch !== epoch) asked.clear();
    epoch = counters.epoch;
    const attempt = asked.get(id) ?? 0;
    asked.set(id, attempt + 1);
    return faultOf(faults, seed, id, attempt);
  };
  return [
    http.get(`${ORIGIN}/orders/:id`, async ({ request, params }) => {
      const arrivedAt = now();
      const id = Number(params['id']);
      if (!/^[1-9]\d{0,14}$/.test(String(params['id']))) {
        return refusal(404, `expected an order id from 1 up, got ${JSON.stringify(params['id'])}`);
      }
      const fault = nextFault(id);
      counters.start();
      try {
        await gate?.pass(request.signal);
        await kitchen.until((gate ? now() : arrivedAt) + latencyOf(id, conditions), request.signal);
        if (fault === 'stall') await once(request.signal, 'abort');
        request.signal.throwIfAborted();
      } catch {
        counters.end('aborted');
        return HttpResponse.error();
      }
      const order = orderOf(id);
      const whole = fault === undefined || fault === 'stall';
      const answer = whole ? HttpResponse.json(order) : SPOILED[fault](JSON.stringify(order), request.url);
      if (!(answer instanceof Response)) return streamed(countedToEnd(answer, counters));
      counters.end(fault && faultNamed(fault).cuts ? 'aborted' : 'completed');
      return answer;
    }),
    ...siteHandlers({ conditions, counters, ...(gate && { gate }) }, kitchen),
    http.get(`${ORIGIN}/health`, () => HttpResponse.json({ status: 'ok' })),
    http.get(`${ORIGIN}/stats`, () => HttpResponse.json(counters.read())),
    http.delete(`${ORIGIN}/stats`, () => {
      counters.reset();
      return new HttpResponse(null, { status: 204 });
    }),
    http.all(`${ORIGIN}/*`, ({ request }) =>
      refusal(404, `nothing at ${request.method} ${new URL(request.url).pathname}; try GET /orders/1`),
    ),
    // msw lets *.json, *.txt and the like through to the real network even when told to refuse what is
    // unhandled. A handler that matches everything leaves nothing unhandled.
    http.all('*', () => HttpResponse.error()),
  ];
}

/** A body in flight counts as a request in flight, until its last chunk is taken or its client has gone. */
async function* countedToEnd(chunks: AsyncGenerator<string>, counters: Counters): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let outcome: 'completed' | 'aborted' = 'aborted';
  try {
    for await (const chunk of chunks) yield encoder.encode(chunk);
    outcome = 'completed';
  } finally {
    counters.end(outcome);
  }
}
