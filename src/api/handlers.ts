// The mocked API, defined once, as a list of msw handlers. `intercept` and `serve` are two doors to this list. Nothing
// else says what the API answers.
import { once } from 'node:events';
import type { RequestHandler } from 'msw';
import { http, HttpResponse } from 'msw/http';
import { json, refusal, streamed } from './answers.ts';
import { checkConditions, latencyOf, type Conditions } from './conditions.ts';
import { Counters } from './counters.ts';
import { Attempts, faultNamed, faultOf } from './faults.ts';
import { frontPage } from './front-page.ts';
import type { Gate } from './gate.ts';
import { Kitchen } from './kitchen.ts';
import { isLaneName } from './lanes.ts';
import { orderOf } from './orders.ts';
import { ORIGIN } from './origin.ts';
import { notCooked } from './not-cooked.ts';
import { handlerOf, type Answer, type Route } from './routes.ts';
import { siteRoutes } from './site.ts';
import { SPOILED } from './spoiled.ts';

export interface ApiOptions {
  readonly conditions: Conditions;
  readonly counters?: Counters;
  /** Holds every order back until a test lets it go; the latency counts from there. */
  readonly gate?: Gate;
}

/** Servers should read at least this many characters of a path (RFC 9112). msw itself fails at 8,192. */
const LONGEST_PATH = 8000;

/**
 * The handlers of the API under these conditions. The last one refuses everything the others do not know.
 * @throws {RangeError} if the conditions make no sense
 */
export function ordersApi({ conditions, counters = new Counters(), gate }: ApiOptions): RequestHandler[] {
  checkConditions(conditions);
  const kitchen = new Kitchen({ conditions, counters, gate });
  const getOrder = answerOrders(conditions, counters, kitchen);
  const routes: Route[] = [
    {
      path: '/orders/:id',
      summary: 'an order by its number, from 1 up; it takes the latency',
      example: '/orders/7',
      get: getOrder,
    },
    {
      path: '/health',
      summary: 'whether the API is there; it takes no time',
      example: '/health',
      get: () => json({ status: 'ok' }),
    },
    {
      path: '/stats',
      summary: 'what the API has seen; DELETE counts anew',
      example: '/stats',
      get: () => json(counters.read()),
      delete: () => {
        counters.reset();
        return new HttpResponse(null, { status: 204 });
      },
    },
    ...siteRoutes(conditions, counters, kitchen),
    {
      path: '/:lane/orders/:id',
      summary: 'the same order for a lane of your own, which npm run race shows',
      example: '/me/orders/7',
      get: getOrder,
    },
  ];
  return [
    http.all(
      ({ request }) => request.url.length > ORIGIN.length + LONGEST_PATH,
      () => refusal(414, `expected a path of at most ${LONGEST_PATH} characters`),
    ),
    ...[...routes, frontPage(routes, conditions)].map(handlerOf),
    http.all(`${ORIGIN}/*`, ({ request }) =>
      refusal(
        404,
        `nothing at ${shown(new URL(request.url).pathname)}; try /orders/1, or / for all there is`,
      ),
    ),
    // msw lets *.json, *.txt and the like through to the real network even when told to refuse what is
    // unhandled. A handler that matches everything leaves nothing unhandled.
    http.all('*', () => HttpResponse.error()),
  ];
}

function answerOrders(conditions: Conditions, counters: Counters, kitchen: Kitchen): Answer {
  const { faults, seed } = conditions;
  const attempts = new Attempts(counters);
  return async ({ request, params }) => {
    const asked = String(params['id']);
    if (!/^[1-9]\d{0,14}$/.test(asked)) {
      return refusal(404, `expected an order id from 1 up, got ${JSON.stringify(shown(asked))}`);
    }
    const id = Number(asked);
    const lane = params['lane'] === undefined ? undefined : String(params['lane']);
    if (lane !== undefined && !isLaneName(lane)) {
      return refusal(
        404,
        `expected the name of a lane of up to 40 letters, digits, ".", "_" or "-", got ${JSON.stringify(shown(lane))}`,
      );
    }
    // A lane meets the faults that it would meet alone, whoever runs beside it.
    const fault = faults && faultOf(faults, seed, id, attempts.next(id, lane));
    const outcome = await kitchen.cook(latencyOf(id, conditions), request.signal);
    if (outcome !== 'cooked') return notCooked(outcome);
    if (fault === 'stall') {
      if (!request.signal.aborted) await once(request.signal, 'abort');
      counters.end('aborted');
      return HttpResponse.error();
    }
    const order = orderOf(id);
    if (!fault || (faultNamed(fault).inBody && request.method === 'HEAD')) {
      counters.end('completed');
      return json(order);
    }
    const spoiled = SPOILED[fault](JSON.stringify(order), request.url);
    // A body that is under way is a request in flight, until its last piece was taken.
    if (!(spoiled instanceof Response)) return streamed(spoiled, (outcome) => counters.end(outcome));
    counters.end(faultNamed(fault).cuts ? 'aborted' : 'completed');
    return spoiled;
  };
}

/** What a client sent, cut to what a line of an answer has room for. */
const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
