import { quietFor } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, sameList } from '../frame/verdict.ts';
import type { priceAll as PriceAll } from './solution.ts';

const BILLS = Array.from({ length: 1000 }, (_, index) => index + 1);
const LONGEST_SLICE = 100;

/** Prices bills, and counts how many from one turn of the event loop to the next. */
function calculator() {
  const seen = { priced: 0, turns: 0, longestSlice: 0 };
  let slice = 0;
  let isCounting = false;
  const price = (bill: number): number => {
    seen.priced++;
    slice++;
    seen.longestSlice = Math.max(seen.longestSlice, slice);
    // An immediate runs in the next turn. One at a time is enough, and it keeps nobody waiting.
    if (!isCounting) {
      isCounting = true;
      setImmediate(() => {
        seen.turns++;
        slice = 0;
        isCounting = false;
      });
    }
    return bill * 100;
  };
  return { seen, price, quiet: () => quietFor(() => seen.priced) };
}

export default async function check(priceAll: typeof PriceAll): Promise<void> {
  const whole = calculator();
  const outcome = watched(() => priceAll(BILLS, whole.price, new AbortController().signal));
  await whole.quiet();
  demand(
    whole.seen.priced === BILLS.length,
    'It prices each bill once.',
    `It priced ${whole.seen.priced} of them.`,
  );
  demand(
    whole.seen.longestSlice <= LONGEST_SLICE,
    `The event loop turns after ${LONGEST_SLICE} bills or earlier.`,
    `It priced ${whole.seen.longestSlice} bills without a turn of the event loop.`,
  );
  demand(
    whole.seen.turns < BILLS.length / 4,
    'A turn costs more than a bill, so several bills share one.',
    `It took ${whole.seen.turns} turns for ${BILLS.length} bills.`,
  );
  const prices = BILLS.map((bill) => bill * 100);
  demand(
    outcome.state === 'fulfilled' && sameList(outcome.value, prices),
    'It fulfils with the prices in the order of the bills.',
    outcome.state === 'fulfilled' ? 'It fulfilled with something else.' : told(outcome),
  );

  const called = calculator();
  const stop = new AbortController();
  const reason = new Error('the guests have left');
  let pricedAtAbort = 0;
  const price = (bill: number): number => {
    if (bill === 300) {
      setImmediate(() => {
        pricedAtAbort = called.seen.priced;
        stop.abort(reason);
      });
    }
    return called.price(bill);
  };
  const stopped = watched(() => priceAll(BILLS, price, stop.signal));
  await called.quiet();
  const after = called.seen.priced - pricedAtAbort;
  demand(
    after <= LONGEST_SLICE,
    'After the abort it soon stops.',
    `It priced ${after} bills after it was called off.`,
  );
  const isReason = stopped.state === 'rejected' && stopped.value === reason;
  demand(isReason, "It rejects with the signal's reason.", told(stopped));

  const early = calculator();
  const refused = watched(() => priceAll(BILLS, early.price, AbortSignal.abort(reason)));
  await early.quiet();
  demand(
    early.seen.priced === 0,
    'If the signal has aborted before, nothing is priced.',
    `It priced ${early.seen.priced} bills.`,
  );
  demand(
    refused.state === 'rejected' && refused.value === reason,
    "It rejects with the signal's reason.",
    told(refused),
  );

  const broken = watched(() =>
    priceAll(
      BILLS,
      (bill) => {
        if (bill === 7) throw new Error('no such dish');
        return bill;
      },
      new AbortController().signal,
    ),
  );
  await quietFor(() => 0);
  const isFailure = broken.state === 'rejected' && (broken.value as Error)?.message === 'no such dish';
  demand(isFailure, 'If a bill cannot be priced, it rejects with that.', told(broken));
}
