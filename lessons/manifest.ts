// The course in reading order. Numbers, neighbours, the list of `npm run lesson` and README.md all come from here.
import { join } from 'node:path';

export interface Lesson {
  readonly order: number;
  readonly name: string;
  readonly title: string;
  /** What the run proves, in one sentence. */
  readonly claim: string;
  /** The section of the article that it belongs to; "beyond" for what the article leaves out. */
  readonly article: string;
  /** For the reader who is stuck on the question at the lesson's end. */
  readonly hint: string;
  /** It measures in real time: its figures vary, and its transcript is compared without them. */
  readonly measured?: true;
}

export const lessons: readonly Lesson[] = [
  {
    order: 1,
    name: 'one-waiter',
    title: 'One waiter, many tables',
    claim: 'Dishes of 2, 1 and 3 s take 6 s one by one, and 3 s when all are ordered at once.',
    article: 'Essence',
    hint: 'One by one is the sum, together is the maximum.',
  },
  {
    order: 2,
    name: 'first-fetch',
    title: 'Three URLs at once',
    claim:
      'Three requests with Promise.all take as long as the slowest, and the results keep the order of the input.',
    article: 'Essence, its first example',
    hint: 'One connection carries one request at a time: look at the order of arrival.',
  },
  {
    order: 3,
    name: 'four-styles',
    title: 'Four ways to write waiting',
    claim:
      'Callbacks, promises, a generator with a runner and async/await leave the same trace, errors included.',
    article: 'Evolution',
    hint: 'The dinner ends with the first error, in every style.',
  },
  {
    order: 4,
    name: 'event-loop',
    title: 'The event loop',
    claim:
      'From an I/O callback: sync code, nextTick, microtasks, setImmediate, timers, always; 1,000 awaits of what is ready let no timer run.',
    article: 'Practice',
    hint: 'Microtasks are emptied before Node looks at nextTick again, and the module runs as one of them.',
  },
  {
    order: 5,
    name: 'fetch-and-save',
    title: 'Fetch and save',
    claim:
      'Status and timestamp for each order; a body that breaks off leaves no file; a session is closed even when its block fails.',
    article: 'Practice',
    hint: 'createWriteStream opens the file before the first byte. The pipeline rejects, but the name stays.',
  },
  {
    order: 6,
    name: 'outcomes',
    title: 'What became of each order',
    claim: 'Settling tells every success and failure; Promise.all tells one failure and loses the rest.',
    article: 'Practice',
    hint: 'The kitchen is empty by then, but what did the caller of Promise.all get?',
  },
  {
    order: 7,
    name: 'bounded-pool',
    title: 'A bounded pool',
    claim:
      'Never more than C in flight, N·L/C for N orders of latency L; waves take twice as long where every fourth order is slow.',
    article: 'beyond',
    hint: 'Waves pay for each roast in full. The pool cooks the roasts side by side.',
  },
  {
    order: 8,
    name: 'cancellation',
    title: 'Leaving, and saying so',
    claim:
      'A race against a timer leaves the request running; AbortSignal.timeout ends it, and the API sees it.',
    article: 'beyond',
    hint: 'A signal that nobody listens to stops nobody.',
  },
  {
    order: 9,
    name: 'retry',
    title: 'Trying again without doing harm',
    claim:
      'Retry-After is kept, backoff grows with jitter, a payment is tried once, and a budget bounds the whole run.',
    article: 'beyond',
    hint: 'Every guest still asks once.',
  },
  {
    order: 10,
    name: 'ten-times',
    title: 'Ten times faster?',
    claim:
      'About ten times with ten in flight, because ten are in flight; with a thousand not even 500: work does not overlap.',
    article: 'Performance',
    hint: 'Divide N·L by the number in flight; then look at what one request costs in CPU time.',
    measured: true,
  },
  {
    order: 11,
    name: 'cpu-bound',
    title: 'Nothing to wait for',
    claim:
      'Promise.all and a pool compute one order at a time and gain nothing; threads compute several at once, one on each core.',
    article: 'Performance',
    hint: 'A message to a thread takes longer than such an order. How many orders does a message carry?',
    measured: true,
  },
  {
    order: 12,
    name: 'memory',
    title: 'What waiting costs in memory',
    claim:
      'A thread costs megabytes, a waiting request kilobytes: "40 % less memory" is one point of a curve that grows with the threads.',
    article: 'Performance',
    hint: 'Somewhere between one thread and four.',
    measured: true,
  },
  {
    order: 13,
    name: 'worker-costs',
    title: 'What a thread costs',
    claim:
      'A message costs as much as a small task and a thread as much as many messages: batch what is small, share what is large.',
    article: 'beyond',
    hint: 'A copy of some kilobytes takes less than the trip itself.',
    measured: true,
  },
  {
    order: 14,
    name: 'task-group',
    title: 'A group that ends together',
    claim: 'One failure stops the siblings, the group waits for all of them, and all errors arrive together.',
    article: 'Future Outlook',
    hint: 'Waiting for all means for the cleaning too.',
  },
  {
    order: 15,
    name: 'from-asyncio',
    title: 'A map for those who know asyncio',
    claim:
      'Every row of the map does what it says: most of asyncio has a counterpart, but a coroutine is lazy and a promise is not.',
    article: 'the whole of it',
    hint: 'Up to its first await, an async function is a plain one.',
  },
  {
    order: 16,
    name: 'crawler',
    title: 'A crawler, and a polite one',
    claim:
      'Every approach finds the same pages; a polite crawler stays within its limits and says why it left out whatever it left out.',
    article: 'Conclusion',
    hint: 'Which page answers only when it is asked a second time?',
  },
];

export const fileOf = ({ order, name }: Lesson): string => `${String(order).padStart(2, '0')}-${name}.ts`;
export const pathOf = (lesson: Lesson): string => join(import.meta.dirname, fileOf(lesson));
