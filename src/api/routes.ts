// What HTTP promises of every path, in one place: HEAD where there is GET, OPTIONS that says what is allowed, and 405
// for any other method. A route says what is at a path; `handlerOf` makes an msw handler of it.
import type { PathParams, RequestHandler } from 'msw';
import { http, HttpResponse } from 'msw/http';
import { headOf, refusal } from './answers.ts';
import { ORIGIN } from './origin.ts';

export type Answer = (asked: {
  readonly request: Request;
  readonly params: PathParams;
}) => Response | Promise<Response>;

export interface Route {
  /** As msw writes paths, for instance `/orders/:id`. */
  readonly path: string;
  /** One line for the front page. */
  readonly summary: string;
  /** A path to try, for instance `/orders/7`. */
  readonly example: string;
  readonly get: Answer;
  readonly delete?: Answer;
}

/** The methods of a route, in the form of the Allow field. */
export const allowedBy = (route: Route): string =>
  ['GET', 'HEAD', ...(route.delete ? ['DELETE'] : []), 'OPTIONS'].join(', ');

export function handlerOf(route: Route): RequestHandler {
  const allow = allowedBy(route);
  return http.all(ORIGIN + route.path, async (asked) => {
    const { method } = asked.request;
    if (method === 'GET') return route.get(asked);
    if (method === 'HEAD') {
      const answer = await route.get(asked);
      return answer.type === 'error' ? answer : headOf(answer);
    }
    if (method === 'DELETE' && route.delete) return route.delete(asked);
    if (method === 'OPTIONS') return new HttpResponse(null, { status: 204, headers: { allow } });
    return refusal(405, `${method} is not allowed at ${route.path}; allowed: ${allow}`, { allow });
  });
}
