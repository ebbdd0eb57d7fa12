// The answer to a request that the kitchen has not cooked.
import { HttpResponse } from 'msw/http';
import { refusal } from './answers.ts';
import type { Outcome } from './kitchen.ts';

const WHY = {
  429: 'too many requests: the API lets in only so many in a second',
  503: 'too many requests at once: the queue for the stoves is full',
} as const;

export function notCooked(outcome: Exclude<Outcome, 'cooked'>): Response {
  // Nobody reads this answer.
  if (outcome === 'left') return HttpResponse.error();
  const { status, retryAfterMs } = outcome;
  return refusal(status, WHY[status], {
    // HTTP's own field knows whole seconds only. A client that waits a second for what is free in ten milliseconds would
    // use a hundredth of the rate. So the second field says it exactly, as some large services do.
    'retry-after': String(Math.ceil(retryAfterMs / 1000)),
    'retry-after-ms': String(retryAfterMs),
  });
}
