// The article's first example fetches three URLs at once and waits for all of them. What Python
// calls asyncio.gather, JavaScript calls Promise.all: it takes an array of promises and gives you
// one promise for the array of their results.
//
// Claim: three requests with Promise.all take as long as the slowest of them. The results stand in
// the order of the input, although the answers arrive in another order.
import assert from 'node:assert/strict';
import { intercept } from '../src/api/intercept.ts';
import type { Order } from '../src/api/orders.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session } from '../src/api/session.ts';
import { promiseAll } from '../src/approaches/promise-all.ts';
import { Timeline } from './picture.ts';
import { play, seconds } from './stage.ts';

const IDS = [1, 2, 3];

// This is the whole idea, as you would write it in any program. `fetch` starts a request when you
// call it, so after `map` all three are on their way. Promise.all starts nothing, it only waits.
// (Python's gather starts what it is given.)
async function plainFetch(): Promise<Order[]> {
  const responses = await Promise.all(IDS.map((id) => fetch(`${ORIGIN}/orders/${id}`)));
  return Promise.all(responses.map((response) => response.json() as Promise<Order>));
}

export async function run({ gather = promiseAll } = {}): Promise<void> {
  // A mocked API answers for the network: each order takes between half a second and three. The
  // seed decides how long, so it is the same in every run. `using` takes the mock away at the end
  // of this block (lesson 5).
  using _ = intercept({ conditions: { latencyMs: 500, jitterMs: 2500, seed: 21 } });
  const plain = await plainFetch();
  console.log(`plain fetch: orders ${plain.map(({ id }) => id).join(', ')}\n`);

  // Now the same once more, with a clock beside it. A session keeps connections open and limits how
  // many there are, as aiohttp's ClientSession does. The other lessons use it for all their
  // requests.
  await using session = new Session({ origin: ORIGIN, connections: IDS.length });
  const timeline = new Timeline();
  const arrived: number[] = [];
  async function fetchOrder(id: number): Promise<Order> {
    const { body } = await timeline.during(`/orders/${id}`, () => session.getJson(`/orders/${id}`));
    arrived.push(id);
    return body as Order;
  }

  // `gather` calls fetchOrder for all ids, one right after the other, and then waits for all.
  const start = performance.now();
  const orders = await gather(IDS, fetchOrder);
  const total = seconds(performance.now() - start);

  const results = orders.map(({ id }) => id);
  console.log(timeline.rows());
  console.log(
    `\nanswers arrived in the order ${arrived.join(', ')}; the results stand as ${results.join(', ')}`,
  );
  console.log(`all three: ${total.toFixed(1)} s, the slowest: ${timeline.longest.toFixed(1)} s`);

  assert.equal(`${total} s`, `${timeline.longest} s`, 'all three take as long as the slowest');
  assert.deepEqual(results, IDS, 'the results stand in the order of the input');
  // If they arrived in that order anyway, the line above would prove nothing.
  assert.notDeepEqual(arrived, IDS, 'the answers arrive in another order than the input');
}

if (import.meta.main) await play(run);

// Output:
//
// plain fetch: orders 1, 2, 3
//
// /orders/1  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  0.0 – 2.4 s
// /orders/2  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━        0.0 – 2.0 s
// /orders/3  ━━━━━━━━━━━━━                         0.0 – 0.9 s
//
// answers arrived in the order 3, 2, 1; the results stand as 1, 2, 3
// all three: 2.4 s, the slowest: 2.4 s
//
// Notice that order 3 arrived first and stands last. You never have to sort the results, or to
// remember who asked for what.
//
// Question: give the session a single connection. Which part of the claim fails, and why?
// Change `connections: IDS.length` in line 37.
