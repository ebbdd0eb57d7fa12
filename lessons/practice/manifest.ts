// The exercises in the order in which one should do them: each needs at most one idea more than the last.
import { join } from 'node:path';

export const CHAPTERS = ['waiting', 'failing', 'bounding', 'stopping', 'threads and beyond'] as const;

export interface Exercise {
  readonly order: number;
  readonly name: string;
  readonly chapter: (typeof CHAPTERS)[number];
  readonly title: string;
  /** The function that a file must export. */
  readonly exported: string;
  /** For a learner who is stuck. It names the idea and not the code. */
  readonly hint: string;
  /** What the check says that it sees in the file as it is shipped. */
  readonly seenAsShipped: string;
}

const list: ReadonlyArray<Omit<Exercise, 'order'>> = [
  {
    name: 'forgotten-await',
    chapter: 'waiting',
    title: 'The guest gets a promise',
    exported: 'bring',
    hint: 'An async function returns a promise. `await` turns it into what it will become.',
    seenAsShipped: 'The table got [object Promise] before the dish was ready.',
  },
  {
    name: 'for-each',
    chapter: 'waiting',
    title: 'forEach does not wait',
    exported: 'serveAll',
    hint: 'forEach throws away what its callback returns, so nobody waits for those promises. A loop can wait.',
    seenAsShipped: 'Order 2 was started before order 1 was ready.',
  },
  {
    name: 'await-in-loop',
    chapter: 'waiting',
    title: 'One by one, although nobody needs that',
    exported: 'dinner',
    hint: 'First start everything, then wait for all of it. One function of Promise does the waiting.',
    seenAsShipped: 'Only order 1 was in the kitchen.',
  },
  {
    name: 'read-a-stream',
    chapter: 'waiting',
    title: 'A stream that does not wait for its reader',
    exported: 'serveStream',
    hint: 'A stream is an async iterable: `for await` reads the next item only when the loop body has ended.',
    seenAsShipped: 'It took order 2 before order 1 was ready.',
  },
  {
    name: 'debounce',
    chapter: 'waiting',
    title: 'The last wish counts',
    exported: 'debounced',
    hint: 'Every call makes the timer of the call before it pointless. What must the timer know when it fires?',
    seenAsShipped: 'It saved "s" and not "soup".',
  },
  {
    name: 'outcomes',
    chapter: 'failing',
    title: 'One burnt dish spoils the evening',
    exported: 'inspect',
    hint: 'Promise.all ends with the first failure. Its sibling waits for all and tells what became of each.',
    seenAsShipped: 'It was rejected with Error: order 2 burnt.',
  },
  {
    name: 'dispose',
    chapter: 'failing',
    title: 'The table that nobody clears',
    exported: 'withTable',
    hint: 'A `finally` block runs on every way out. It can wait, too.',
    seenAsShipped: 'The table was not cleared after the work had failed.',
  },
  {
    name: 'listener-errors',
    chapter: 'failing',
    title: 'An error that has nowhere to go',
    exported: 'listen',
    hint: 'An emitter does not look at what a listener returns. So the listener itself has to catch its errors.',
    seenAsShipped: 'Nobody handled this rejection: Error: order 1 burnt.',
  },
  {
    name: 'retry-after',
    chapter: 'failing',
    title: 'Come back later',
    exported: 'askAgain',
    hint: 'The answer 503 says in its header Retry-After how many seconds to wait. Timers count milliseconds.',
    seenAsShipped: 'It asked again after 0 s.',
  },
  {
    name: 'payment',
    chapter: 'failing',
    title: 'Paid twice',
    exported: 'send',
    hint: 'Nobody can know whether a request that failed has arrived. When does it matter?',
    seenAsShipped: 'The payment without a key was sent 3 times.',
  },
  {
    name: 'waves',
    chapter: 'bounding',
    title: 'Cold stoves',
    exported: 'cookAll',
    hint: 'Three cooks, one list: a cook who is done takes the next order from the list.',
    seenAsShipped: 'Order 2 was done, but nobody took the next order: 2 orders were in the kitchen.',
  },
  {
    name: 'pool-after-failure',
    chapter: 'bounding',
    title: 'A pool that goes on after a failure',
    exported: 'cookAll',
    hint: 'The lanes do not know of each other. What could they all look at before they take the next order?',
    seenAsShipped: 'Order 3 was started after order 1 had burnt.',
  },
  {
    name: 'single-flight',
    chapter: 'bounding',
    title: 'Ten guests, one soup',
    exported: 'cached',
    hint: 'Two guests ask before the first answer is there. What could you keep at the moment of the first question?',
    seenAsShipped: 'The kitchen cooked order 1 2 times.',
  },
  {
    name: 'rate-limit',
    chapter: 'bounding',
    title: 'Three a second, in every second',
    exported: 'limited',
    hint: 'Look at the start that came three starts earlier: the next one may not come within a second of it.',
    seenAsShipped: 'From 900 ms to 1000 ms there were 6 starts.',
  },
  {
    name: 'nested-limit',
    chapter: 'bounding',
    title: 'Waiting for oneself',
    exported: 'serveTables',
    hint: 'A task that holds a place waits for a second place of the same limit. Who should hold a place: the table, the dish, or both?',
    seenAsShipped: 'No order reached the kitchen: every place is held by a table that waits for a place.',
  },
  {
    name: 'backpressure',
    chapter: 'bounding',
    title: 'Read ahead of the reader',
    exported: 'orders',
    hint: 'A generator stands still at `yield` until the consumer asks again. Where should the next page be fetched?',
    seenAsShipped: 'It fetched 3 pages before the consumer had taken the first order.',
  },
  {
    name: 'timeout',
    chapter: 'stopping',
    title: 'The loser runs on',
    exported: 'cookWithin',
    hint: 'Promise.race stops waiting, it stops nobody. A signal can tell the kitchen.',
    seenAsShipped: 'The kitchen was still cooking order 1 after the timeout.',
  },
  {
    name: 'abort',
    chapter: 'stopping',
    title: 'A stop that nobody hears',
    exported: 'loadOrders',
    hint: 'fetch listens to a signal, but only to one that it is given.',
    seenAsShipped: 'The API was still busy with 2 requests after the abort.',
  },
  {
    name: 'task-group',
    chapter: 'stopping',
    title: 'Live and die together',
    exported: 'serveMenu',
    hint: 'Three steps at the first failure: tell the siblings, wait until all have ended, then report the failure.',
    seenAsShipped: 'Orders 2 and 3 were not told to stop.',
  },
  {
    name: 'shutdown',
    chapter: 'stopping',
    title: 'Closing time',
    exported: 'openCounter',
    hint: 'Remember what is in flight. Closing means two things: nothing new, and wait for the rest.',
    seenAsShipped: 'It said that it was closed while order 1 was in the kitchen.',
  },
  {
    name: 'lost-update',
    chapter: 'threads and beyond',
    title: 'The bill that forgets',
    exported: 'bill',
    hint: '`total += await …` reads total before it waits, and writes it after. What happens in between?',
    seenAsShipped: 'It fulfilled with 30.',
  },
  {
    name: 'lock',
    chapter: 'threads and beyond',
    title: 'Two hands in one till',
    exported: 'openBank',
    hint: 'Keep for each account the promise of its last deposit. The next deposit begins when that has settled.',
    seenAsShipped: 'Two deposits on the account of Ada read the same balance, 0.',
  },
  {
    name: 'batches',
    chapter: 'threads and beyond',
    title: 'A message for every bean',
    exported: 'priceAll',
    hint: 'A message costs more than a small task. Cut the list into pieces, and send each piece as one message.',
    seenAsShipped: 'It sent 7 messages.',
  },
  {
    name: 'transfer',
    chapter: 'threads and beyond',
    title: 'Sixteen megabytes, copied',
    exported: 'sendPicture',
    hint: 'postMessage takes a second argument: what is handed over instead of copied. Afterwards the sender no longer has it.',
    seenAsShipped: 'The sender still held all 4096 bytes: the message was a copy.',
  },
  {
    name: 'slices',
    chapter: 'threads and beyond',
    title: 'A thousand bills in one breath',
    exported: 'priceAll',
    hint: 'What is awaited here is ready, so the next line runs before the event loop can turn. timers/promises has two functions that wait for a turn.',
    seenAsShipped: 'It priced 1000 bills without a turn of the event loop.',
  },
  {
    name: 'hedge',
    chapter: 'threads and beyond',
    title: 'Ask twice, but only when it is late',
    exported: 'hedged',
    hint: 'Three things have to end when there is an answer: the other question, the timer, and whatever the timer would do.',
    seenAsShipped: 'A timer was still set.',
  },
  {
    name: 'context',
    chapter: 'threads and beyond',
    title: 'Whose callback is this?',
    exported: 'openQueue',
    hint: 'When is the context still the right one: when the callback is handed in, or when it is called? Node has a function that binds the two.',
    seenAsShipped: 'They worked for nobody and nobody.',
  },
  {
    name: 'circuit-breaker',
    chapter: 'threads and beyond',
    title: 'A circuit that never closes again',
    exported: 'guarded',
    hint: 'Remember until when the circuit is open. The first question after that is a probe: what does its outcome change, and what are the others told meanwhile?',
    seenAsShipped: 'The time was over, and still nobody was let through.',
  },
  {
    name: 'transaction',
    chapter: 'threads and beyond',
    title: 'Begun here, committed there',
    exported: 'inTransaction',
    hint: '`pool.connect()` lends a connection until its `release`. Which queries belong on it, and which way out could miss the `release`?',
    seenAsShipped: '"begin" went over connection 1, and "take 5 from Ada" over connection 2.',
  },
];

export const exercises: readonly Exercise[] = list.map((exercise, index) => ({
  order: index + 1,
  ...exercise,
}));

/** For instance `01-forgotten-await`. */
export const stemOf = ({ order, name }: Exercise): string => `${String(order).padStart(2, '0')}-${name}`;

/** Where an exercise is shipped. Nothing in it is ever changed for a learner. */
export const folderOf = (exercise: Exercise): string => join(import.meta.dirname, stemOf(exercise));
