// The article's first example: fetch three URLs at once with one session, and wait for all. What Python spells
// asyncio.gather, JavaScript spells Promise.all.
//
// Claim: three requests with Promise.all take as long as the slowest of them, and the results stand in the order of
// the input, although they arrive in another.
import assert from 'node:assert/strict';
import type { Order } from '../src/api/orders.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session } from '../src/api/session.ts';
import { promiseAll } from '../src/approaches/promise-all.ts';
import { Timeline } from './picture.ts';
import { play, seconds } from './stage.ts';

const IDS = [1, 2, 3];

export async function run({ gather = promiseAll } = {}): Promise<void> {
  // The kitchen needs from half a second to three, by the seed. Leaving the block ends both, the mocked API and the
  // session: that is what `using` is for (lesson 5).
  using _ = intercept({ conditions: { latencyMs: 500, jitterMs: 2500, seed: 21 } });
  await using session = new Session({ origin: ORIGIN, connections: IDS.length });
  const timeline = new Timeline();
  const arrived: number[] = [];

  async function fetchOrder(id: number): Promise<Order> {
    const { body } = await timeline.during(`/orders/${id}`, () => session.getJson(`/orders/${id}`));
    arrived.push(id);
    return body as Order;
  }

  // Calling an async function starts it: that is all "at once" means here. In Python gather has to start what
  // it is given; Promise.all finds it started, and only waits.
  const start = performance.now();
  const orders = await gather(IDS, fetchOrder);
  const total = seconds(performance.now() - start);

  const results = orders.map(({ id }) => id);
  console.log(timeline.rows());
  console.log(`\narrived: ${arrived.join(', ')}; results: ${results.join(', ')}`);
  console.log(`all three: ${total.toFixed(1)} s, longest of them: ${timeline.longest.toFixed(1)} s`);

  assert.equal(total, timeline.longest, 'as long as the slowest');
  assert.deepEqual(results, IDS, 'results in the order of the input');
  assert.notDeepEqual(arrived, IDS, 'they arrived in another order, or this would show nothing');
}

if (import.meta.main) await play(run);

// Output:
//
// /orders/1  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  0.0 – 2.4 s
// /orders/2  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━        0.0 – 2.0 s
// /orders/3  ━━━━━━━━━━━━━                         0.0 – 0.9 s
//
// arrived: 3, 2, 1; results: 1, 2, 3
// all three: 2.4 s, longest of them: 2.4 s
//
// Notice that order 3 was first to arrive and stands last. Nobody has to sort, or to remember who asked what.
//
// Question: with a single connection in the session, which assertion fails, and why?
// Change `connections: IDS.length` in line 21.
