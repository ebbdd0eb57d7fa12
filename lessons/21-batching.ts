// Thirty guests read the same menu. Each of them asks the kitchen what the dish of the day is, and
// the kitchen answers the same question thirty times. Two things help.
//
// Single flight: if a request for the same thing is already in flight, wait for its answer, and
// send no second one. In code, store the promise under the key and not the value, because the
// promise exists from the first question on. Batching: collect everything that is asked for in the
// same turn of the event loop, and send it in one request, if the API can answer many at once.
// GraphQL servers call the two together a data loader.
//
// Both are easy to start and easy to get wrong. One unknown dish must not make the other dishes of
// its batch fail. A failure must not be kept for the next guest. If one guest leaves, the request
// must go on for the others. If the last guest leaves, it must end. lessons/batching/loader.ts does
// all of this. You can copy that file.
//
// Claim: 30 guests ask for 6 dishes at once. If each asks alone, that makes 30 requests. Single
// flight makes 6, and batches of 4 make 2. Only the guest who asks for an unknown dish gets an
// error. After a failure the kitchen is asked again. A request ends when the last guest leaves.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { http } from 'msw';
import { json } from '../src/api/answers.ts';
import { INSTANT } from '../src/api/conditions.ts';
import { intercept } from '../src/api/intercept.ts';
import { orderOf, type Order } from '../src/api/orders.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session } from '../src/api/session.ts';
import { Loader, type FetchMany } from './batching/loader.ts';
import { play } from './stage.ts';

// Few dishes and many guests: that is when single flight gains most.
const GUESTS = 30;
const DISHES = 6;
const MOST_KEYS = 4;
const NO_SUCH_DISH = 404;

// A kitchen with an address for many orders (`/orders?ids=1,2`), and a function that asks it. If
// `fails` is set, it answers the first request with 503. It counts all requests, and those that the
// guest ended.
async function openKitchen(fails = false) {
  await using resources = new AsyncDisposableStack();
  const api = resources.use(intercept({ conditions: INSTANT }));
  const session = resources.use(new Session({ origin: ORIGIN, connections: GUESTS }));
  const seen = { requests: 0, ended: 0 };
  api.use(
    http.get(`${ORIGIN}/orders`, async ({ request }) => {
      seen.requests++;
      if (fails && seen.requests === 1) return json({ error: 'the kitchen is full' }, 503);
      await wait(1000, undefined, { signal: request.signal }).catch(() => seen.ended++);
      const ids = new URL(request.url).searchParams.get('ids')!.split(',').map(Number);
      return json(ids.filter((id) => id !== NO_SUCH_DISH).map(orderOf));
    }),
  );
  const fetchMany: FetchMany<number, Order> = async (ids, signal) => {
    const { body } = await session.getJson(`/orders?ids=${ids.join()}`, signal);
    return new Map((body as Order[]).map((order) => [order.id, order]));
  };
  const owned = resources.move();
  return { seen, fetchMany, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

// This is all that a guest knows: `load` gets a dish, and the signal tells that the guest leaves.
type Load = Loader<number, Order>['load'];
type MakeLoader = (fetchMany: FetchMany<number, Order>, mostKeys: number) => { readonly load: Load };

// `mostKeys` is how many orders the API takes in one request. With 1 only single flight is left.
const withLoader: MakeLoader = (fetchMany, mostKeys) => new Loader(fetchMany, mostKeys);
// For comparison: each guest sends a request of their own, for one dish.
const alone: MakeLoader = (fetchMany) => ({
  load: async (id, signal = new AbortController().signal) => (await fetchMany([id], signal)).get(id)!,
});

export async function run({ makeLoader = withLoader } = {}): Promise<void> {
  console.log(`${`${GUESTS} guests, ${DISHES} dishes`.padEnd(32)}requests   ended  served  failed`);
  const rows: number[][] = [];
  // Each line below is an evening with a kitchen of its own. It prints what the kitchen saw, and
  // how many guests were served.
  async function evening(
    name: string,
    guests: (load: Load) => Promise<ReadonlyArray<PromiseSettledResult<Order>>>,
    { make = makeLoader, mostKeys = MOST_KEYS, fails = false } = {},
  ): Promise<void> {
    await using kitchen = await openKitchen(fails);
    const loader = make(kitchen.fetchMany, mostKeys);
    const outcomes = await guests((id, signal) => loader.load(id, signal));
    const served = outcomes.filter(({ status }) => status === 'fulfilled').length;
    const row = [kitchen.seen.requests, kitchen.seen.ended, served, outcomes.length - served];
    console.log(name.padEnd(32) + row.map((count) => String(count).padStart(8)).join(''));
    rows.push(row);
  }

  // The dish that each guest wants. All of them ask in the same turn of the event loop. They sit at
  // different tables, and know nothing of each other.
  const wishes = Array.from({ length: GUESTS }, (_, guest) => 1 + (guest % DISHES));
  const ask = (ids: readonly number[]) => (load: Load) => Promise.allSettled(ids.map((id) => load(id)));
  await evening('each asks alone', ask(wishes), { make: alone });
  await evening('single flight', ask(wishes), { mostKeys: 1 });
  await evening(`and batches of ${MOST_KEYS}`, ask(wishes));
  console.log();
  // One guest wants a dish that does not exist. 404 is its number here, and not an HTTP status.
  await evening('one more dish does not exist', ask([...wishes, NO_SUCH_DISH]));
  // Two guests wait for a request that fails. After that one of them asks again.
  const twice = async (load: Load) => [...(await ask([1, 1])(load)), ...(await ask([1])(load))];
  await evening('a request fails, one asks again', twice, { fails: true });
  // Two guests wait for the same dish. After half a second one of them leaves, or both do.
  for (const leavers of [1, 2]) {
    const name = leavers === 1 ? 'one of two guests leaves' : 'both guests leave';
    await evening(name, async (load) => {
      const controllers = [new AbortController(), new AbortController()];
      const answers = Promise.allSettled(controllers.map(({ signal }) => load(1, signal)));
      await wait(500);
      for (const controller of controllers.slice(0, leavers)) controller.abort();
      return answers;
    });
  }

  // A guest who left and a guest who was told of a failure are both "failed": they have no dish.
  // All of these are counts, the same on every machine.
  const [apart, shared, batched, missing, again, oneLeaves, bothLeave] = rows;
  const counts = 'requests, those ended, guests served, guests who failed';
  assert.deepEqual(apart, [GUESTS, 0, GUESTS, 0], `${counts}: each alone`);
  assert.deepEqual(shared, [DISHES, 0, GUESTS, 0], `${counts}: single flight`);
  assert.deepEqual(batched, [Math.ceil(DISHES / MOST_KEYS), 0, GUESTS, 0], `${counts}: in batches`);
  assert.deepEqual(missing?.slice(1), [0, GUESTS, 1], 'ended, served, failed: one dish does not exist');
  assert.deepEqual(again, [2, 0, 1, 2], `${counts}: asked again after a failure`);
  assert.deepEqual(oneLeaves, [1, 0, 1, 1], `${counts}: one of two guests leaves`);
  assert.deepEqual(bothLeave, [1, 1, 0, 2], `${counts}: both guests leave`);
}

if (import.meta.main) await play(run);

// Output:
//
// 30 guests, 6 dishes             requests   ended  served  failed
// each asks alone                       30       0      30       0
// single flight                          6       0      30       0
// and batches of 4                       2       0      30       0
//
// one more dish does not exist           2       0      30       1
// a request fails, one asks again        2       0       1       2
// one of two guests leaves               1       0       1       1
// both guests leave                      1       1       0       2
//
// Notice that no guest changed anything. Each still says `load(id)` and gets one dish. Only the
// loader knows how the questions travel.
//
// A loader is not a cache. It shares a request while it is in flight, and forgets it when the
// answer is there, so nobody gets an old answer. If users may see different things, make one loader
// for each user. Otherwise the second guest gets what only the first one may see.
//
// Question: every guest wants another dish. What do single flight and batches gain then?
// Change `DISHES = 6` in line 32.
