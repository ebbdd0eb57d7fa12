// A log line should say which table it belongs to. But the function that writes the line is ten
// calls below the one that knows the table. AsyncLocalStorage carries such a value along. This is
// called a context. `run(value, work)` sets it, and `getStore()` returns it in everything that
// `work` starts, also after awaits and in timers. Python has contextvars for this.
//
// After an await, a function goes on in its own context, whoever settles the promise. A callback is
// different: it runs in the context of its caller. The caller may be the worker that empties a
// queue, the code that opened a shared connection, or the code that emits an event. Then the
// context is lost. Or it is the wrong one, which is worse. AsyncResource.bind(callback) makes a
// callback run in the context of the moment of bind. AsyncLocalStorage.snapshot() keeps that
// context for later.
//
// Claim: two tables find their own number after an await, in a timer, and when the cook settles
// their promise. In a queue of callbacks, on a shared connection and in a listener they do not.
// With bind they do. The messages that undici publishes on diagnostics channels have the same
// problem and the same cure.
import assert from 'node:assert/strict';
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { INSTANT } from '../src/api/conditions.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session } from '../src/api/session.ts';
import { play } from './stage.ts';

/** What undici sends on its channels, as far as it is needed here. */
interface RequestMessage {
  readonly request: object;
}

// The numbers of the tables are the numbers of their orders as well.
const TABLES = [3, 7];
const CONNECTIONS = 1;

// One storage for each kind of context. It is a constant of the module.
const table = new AsyncLocalStorage<number>();
/** What a log line would say. No parameter tells this function which table it is. */
const whoOrders = (): string => {
  const number = table.getStore();
  return number === undefined ? 'nobody' : `table ${number}`;
};

type Callback = () => void;
/** Keeps a callback for later. The id is the number of the table, and of its order. */
type Place = (id: number, callback: Callback) => unknown;

// One connection to the kitchen for all tables, like that of a database driver. The first table
// that asks starts it, and it also works for the tables that ask later.
//
// No line of it is wrong. But something is missing: nothing keeps the context of `ask`.
class SharedLine {
  readonly #session: Session;
  readonly #waiting: Array<{ readonly id: number; readonly callback: Callback }> = [];
  #isAtWork = false;
  constructor(session: Session) {
    this.#session = session;
  }

  ask(id: number, callback: Callback): void {
    this.#waiting.push({ id, callback });
    if (!this.#isAtWork) void this.#work();
  }

  // Everything below runs in the context of the table that asked first.
  async #work(): Promise<void> {
    this.#isAtWork = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      await this.#session.getJson(`/orders/${next.id}`);
      next.callback();
    }
    this.#isAtWork = false;
  }
}

// The two remedies: `keep` makes a callback keep its context, and `snapshot` keeps a context for
// later.
interface Ingredients {
  readonly keep?: (callback: Callback) => Callback;
  readonly snapshot?: () => <Result>(work: () => Result) => Result;
}

export async function run({
  keep = (callback) => AsyncResource.bind(callback),
  snapshot = () => AsyncLocalStorage.snapshot(),
}: Ingredients = {}): Promise<void> {
  using _ = intercept({ conditions: INSTANT });
  await using session = new Session({ origin: ORIGIN, connections: CONNECTIONS });
  const cooked = Promise.withResolvers<void>();
  const queue: Callback[] = [];
  const line = new SharedLine(session);
  const kitchen = new EventEmitter();
  const places: Record<string, Place> = {
    // Here Node calls back, and it does so in the right context.
    'after an await': async (id, callback) => {
      await session.getJson(`/orders/${id}`);
      callback();
    },
    'in a timer': (_, callback) => void setTimeout(callback, 100),
    'when the cook settles a promise': async (_, callback) => {
      await cooked.promise;
      callback();
    },
    // Here the program calls back. Node cannot know for which table.
    'in a queue that the cook empties': (_, callback) => queue.push(callback),
    'on a connection that both share': (id, callback) => line.ask(id, callback),
    'in a listener, when table 7 emits': (_, callback) => kitchen.once('served', callback),
  };

  // Each of the two tables leaves a callback at the place. Later the cook calls them. The cook sits
  // at no table: he works in this function, which has no context.
  async function seenAt(place: Place, wrap: (callback: Callback) => Callback): Promise<string> {
    const seen = TABLES.map((id) =>
      table.run(id, () => {
        const { promise, resolve } = Promise.withResolvers<string>();
        // The callback tells in whose context it runs. It was made in that of this table.
        const callback = wrap(() => resolve(whoOrders()));
        place(id, callback);
        return promise;
      }),
    );
    // Long enough for the timers and for both orders.
    await wait(500);
    cooked.resolve();
    for (const callback of queue.splice(0)) callback();
    table.run(7, () => kitchen.emit('served'));
    return (await Promise.all(seen)).join(', ');
  }

  // `bind` is called while the table's context is set, and gives a function that brings it back. It
  // is the only difference between the two columns.
  const rows = new Map<string, { readonly plain: string; readonly bound: string }>();
  for (const [name, place] of Object.entries(places)) {
    const plain = await seenAt(place, (callback) => callback);
    rows.set(name, { plain, bound: await seenAt(place, keep) });
  }

  // On a diagnostics channel a library publishes what it does, for logs and traces. A program that
  // wants to know subscribes. Neither imports the other, and without a subscriber a channel costs
  // next to nothing.
  //
  // A subscriber is a callback too. undici creates a request in the context of the code that asks.
  // But it reads the answer in the context of the code that opened the socket. So we take a
  // snapshot when the request is created. It is a function that runs other functions in the context
  // of that moment.
  const contexts = new WeakMap<object, ReturnType<typeof snapshot>>();
  const created: string[] = [];
  const answered: string[] = [];
  const remembered: string[] = [];
  const onCreate = (message: unknown): void => {
    contexts.set((message as RequestMessage).request, snapshot());
    created.push(whoOrders());
  };
  const onHeaders = (message: unknown): void => {
    const inItsContext = contexts.get((message as RequestMessage).request)!;
    answered.push(whoOrders());
    remembered.push(inItsContext(whoOrders));
  };
  subscribe('undici:request:create', onCreate);
  subscribe('undici:request:headers', onHeaders);
  await Promise.all(TABLES.map((id) => table.run(id, () => session.getJson(`/orders/${id}`))));
  unsubscribe('undici:request:create', onCreate);
  unsubscribe('undici:request:headers', onHeaders);
  rows.set('undici creates a request', { plain: created.join(', '), bound: created.join(', ') });
  rows.set('undici has its answer', { plain: answered.join(', '), bound: remembered.join(', ') });

  console.log(`${'who am I, at tables 3 and 7?'.padEnd(35)}plain             bound`);
  for (const [name, { plain, bound }] of rows) console.log(`${name.padEnd(35)}${plain.padEnd(16)}  ${bound}`);

  // What Node keeps is right without help. The others are wrong, and every one of them can be
  // cured.
  const all = TABLES.map((id) => `table ${id}`).join(', ');
  const lost = [...rows].filter(([, { plain }]) => plain !== all).map(([name]) => name);
  const expected = [...rows.keys()].filter((name) => /queue|share|listener|has its answer/.test(name));
  assert.deepEqual(lost, expected, 'places where the context is lost');
  for (const [name, { bound }] of rows) assert.equal(bound, all, `who a bound callback works for, ${name}`);
}

if (import.meta.main) await play(run);

// Output:
//
// who am I, at tables 3 and 7?       plain             bound
// after an await                     table 3, table 7  table 3, table 7
// in a timer                         table 3, table 7  table 3, table 7
// when the cook settles a promise    table 3, table 7  table 3, table 7
// in a queue that the cook empties   nobody, nobody    table 3, table 7
// on a connection that both share    table 3, table 3  table 3, table 7
// in a listener, when table 7 emits  table 7, table 7  table 3, table 7
// undici creates a request           table 3, table 7  table 3, table 7
// undici has its answer              table 3, table 3  table 3, table 7
//
// Notice the shared connection. Table 3 opened it, so the dish of table 7 goes onto the bill of
// table 3. You notice a lost context, because it is undefined. You do not notice a wrong one. Queue
// libraries differ here: p-limit and p-queue run a task in the context of the code that added it.
// fastq and async.queue run it in the context of the code that started the queue.
//
// Call bind where the callback is handed over. It is better to call it in the class that keeps the
// callback, so that no user can forget it. And prefer promises: after an await your context is your
// own, whatever the other side does.
//
// Question: with two connections undici's answers seem right without a snapshot. Why is that luck?
// Change `CONNECTIONS = 1` in line 35.
