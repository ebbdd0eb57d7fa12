// The course in reading order. Numbers, neighbours, the list of `npm run lesson` and README.md all come from here.
import { join } from 'node:path';
import type { Prediction } from './prediction.ts';

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
  /** The exercise of the practice in which a program has lost what the lesson is about. */
  readonly practice?: string;
  /** What `--predict` asks before the run. */
  readonly predict: Prediction;
  /** It measures in real time: its figures vary, and its transcript is compared without them. */
  readonly measured?: true;
  /** It is about the event loop itself, so it runs on the real clock too. */
  readonly realClock?: true;
}

/** Finds a figure in the output, in the first group of `pattern`. */
const figureIn =
  (pattern: RegExp) =>
  (output: string): number | undefined => {
    const figure = pattern.exec(output)?.[1];
    return figure === undefined ? undefined : Number(figure.replaceAll(',', ''));
  };

export const lessons: readonly Lesson[] = [
  {
    order: 1,
    name: 'one-waiter',
    title: 'One waiter, many tables',
    claim: 'Dishes of 2, 1 and 3 s take 6 s one by one, and 3 s when all are ordered at once.',
    article: 'Essence',
    hint: 'One by one is the sum of all times. All at once is the largest of them.',
    practice: 'await-in-loop',
    predict: {
      kind: 'number',
      ask: 'Three dishes take 2, 1 and 3 seconds. The waiter takes all three orders at once. After how many seconds is the last dish on the table?',
      unit: 'seconds',
      seen: figureIn(/takes all orders at once: (\d+) s/),
    },
  },
  {
    order: 2,
    name: 'first-fetch',
    title: 'Three URLs at once',
    claim:
      'Three requests with Promise.all take as long as the slowest, and the results stand in the order of the input.',
    article: 'Essence, its first example',
    hint: 'One connection carries one request at a time. In which order do the answers arrive then?',
    predict: {
      kind: 'order',
      ask: 'Three requests start together. Order 1 takes 2.4 s, order 2 takes 2.0 s, order 3 takes 0.9 s. In which order do the results of Promise.all stand?',
      things: ['order 3', 'order 2', 'order 1'],
      seen(output) {
        const [, ids] = /results stand as (.+)$/m.exec(output) ?? [];
        return ids === undefined ? [] : ids.split(', ').map((id) => `order ${id}`);
      },
    },
  },
  {
    order: 3,
    name: 'four-styles',
    title: 'Four ways to write waiting',
    claim:
      'Callbacks, promises, a generator with a runner and async/await do the same in the same time; only where an error goes is different.',
    article: 'Evolution',
    hint: 'The dinner ends with the first error, in every style.',
    predict: {
      kind: 'choice',
      ask: 'A dish fails, and the program forgot to handle the error. In which style does nobody ever hear of it?',
      options: ['callbacks', 'promises', 'generator', 'async/await'],
      seen(output) {
        return this.options.indexOf(/^(\S+) .* silence/m.exec(output)?.[1] ?? '');
      },
    },
  },
  {
    order: 4,
    name: 'event-loop',
    title: 'The event loop',
    claim:
      'Inside an I/O callback the order is always: its own code, nextTick, microtasks, setImmediate, timers. And 1,000 awaits of something ready let no timer run.',
    article: 'Practice',
    hint: 'A module runs as a microtask itself. All microtasks run before Node looks at nextTick again.',
    predict: {
      kind: 'order',
      ask: 'An I/O callback asks for these, in this order: a timer of 0 ms, setImmediate, a microtask, nextTick. Then its own code goes on. In which order do they run?',
      things: ['timer', 'setImmediate', 'microtask', 'nextTick', 'sync code'],
      seen(output) {
        const happened = Array.from(output.matchAll(/^\S.{13} {2}(.+)$/gm), ([, name]) => name!);
        return happened.filter((name) => this.things.includes(name));
      },
    },
    realClock: true,
  },
  {
    order: 5,
    name: 'fetch-and-save',
    title: 'Fetch and save',
    claim:
      'Each saved order reports status and timestamp, a body that breaks off leaves no file, and a session is closed even when an error leaves its block.',
    article: 'Practice',
    hint: 'createWriteStream opens the file before the first byte arrives. The pipeline fails, but the file has its name.',
    practice: 'dispose',
    predict: {
      kind: 'choice',
      ask: 'Order 2 is streamed into its file. After six bytes the connection is lost, and the program reports the error. What is in the folder?',
      options: ['no file for order 2', 'an empty file', 'a file with six bytes'],
      seen(output) {
        const half = /holds only (.*)$/m.exec(output)?.[1];
        if (half !== undefined) return half === '' ? 1 : 2;
        return output.includes('streaming left:') ? 0 : undefined;
      },
    },
  },
  {
    order: 6,
    name: 'outcomes',
    title: 'What became of each order',
    claim:
      'Settling tells every success and every failure. Promise.all tells one failure and loses the rest.',
    article: 'Practice',
    hint: 'The kitchen is empty by then. But what did the caller of Promise.all get?',
    practice: 'outcomes',
    predict: {
      kind: 'number',
      ask: 'Eight orders are sent with Promise.all, and two of them fail. How many of the six good ones does it give you?',
      unit: 'orders',
      seen: figureIn(/^Promise\.all: (\d+) served/m),
    },
  },
  {
    order: 7,
    name: 'bounded-pool',
    title: 'A bounded pool',
    claim:
      'A pool never has more than C orders in flight, and N orders of L seconds take N·L/C. Waves take twice as long where every fourth order is slow.',
    article: 'beyond',
    hint: 'Waves pay for each roast in full. The pool cooks the roasts side by side.',
    practice: 'waves',
    predict: {
      kind: 'number',
      ask: 'Twelve orders of one second each go through a pool with four lanes. After how many seconds are all of them done?',
      unit: 'seconds',
      seen: figureIn(/pool: (\d+) s, at most/),
    },
  },
  {
    order: 8,
    name: 'cancellation',
    title: 'Leaving, and saying so',
    claim:
      'A race against a timer leaves the request running. AbortSignal.timeout ends it, and the API sees that.',
    article: 'beyond',
    hint: 'A signal stops only those who listen to it.',
    practice: 'timeout',
    predict: {
      kind: 'number',
      ask: 'An order takes 5 seconds. The guest gives up after 1 second, by Promise.race against a timer. For how many seconds does the kitchen cook?',
      unit: 'seconds',
      seen: figureIn(/^kitchen .* – ([\d.]+) s$/m),
    },
  },
  {
    order: 9,
    name: 'retry',
    title: 'Trying again without doing harm',
    claim:
      'A retry waits as long as Retry-After says, backs off with jitter, makes a payment once, and keeps to a budget for the whole run.',
    article: 'beyond',
    hint: 'Every guest still asks once.',
    practice: 'retry-after',
    predict: {
      kind: 'number',
      ask: 'The kitchen is down. 20 guests ask, each may try four times, and all of them together have a budget of 5 retries. How many requests arrive?',
      unit: 'requests',
      seen: figureIn(/^a budget of \d+: (\d+) requests/m),
    },
  },
  {
    order: 10,
    name: 'ten-times',
    title: 'Ten times faster?',
    claim:
      'With ten in flight it is about ten times as fast, because ten are in flight. With a thousand it is not even 500 times, because work does not overlap.',
    article: 'Performance',
    hint: 'Multiply the number of requests by the time of one, and divide by the number in flight. The number in flight is also the ratio, as long as the thread has pauses.',
    predict: {
      kind: 'choice',
      ask: 'With ten requests in flight it is about ten times as fast as one by one. And with a thousand in flight?',
      options: [
        'about a thousand times as fast',
        'faster than with ten, but less than 500 times',
        'no faster than with ten',
      ],
      seen(output) {
        const ten = figureIn(/^ +10 .* ([\d.]+)× as fast/m)(output);
        const thousand = figureIn(/^ +1,000 .* ([\d.]+)× as fast/m)(output);
        if (ten === undefined || thousand === undefined) return undefined;
        if (thousand >= 500) return 0;
        return thousand > ten ? 1 : 2;
      },
    },
    measured: true,
  },
  {
    order: 11,
    name: 'cpu-bound',
    title: 'Nothing to wait for',
    claim:
      'Promise.all and a pool compute one order at a time and gain nothing. Threads compute several at once, one on each core.',
    article: 'Performance',
    hint: 'A message to a thread takes longer than such an order. How many orders does a message carry?',
    predict: {
      kind: 'choice',
      ask: '24 orders take 5 ms of pure computing each. How much does Promise.all gain over one by one?',
      options: ['nothing', 'about as much as there are cores', 'nearly 24 times'],
      seen(output) {
        const [, words] = /^promise-all +\d+ {2}(.+)$/m.exec(output) ?? [];
        if (words === undefined) return undefined;
        const gain = figureIn(/^([\d.]+)× as fast/)(words) ?? 1;
        if (gain < 1.25) return 0;
        return gain < 12 ? 1 : 2;
      },
    },
    measured: true,
  },
  {
    order: 12,
    name: 'memory',
    title: 'What waiting costs in memory',
    claim:
      'A thread that waits costs megabytes, a request that waits costs kilobytes. "40 % less memory" is one point of a curve that grows with the threads.',
    article: 'Performance',
    hint: 'Somewhere between one thread and four. Put more points there.',
    predict: {
      kind: 'choice',
      ask: 'Which program takes more memory?',
      options: [
        'a thousand requests that wait, in one thread',
        'sixteen threads, and each waits for one request',
      ],
      seen(output) {
        const thousand = figureIn(/^ +Promise\.all +\S+ ([\d.]+) MiB/m)(output);
        const sixteen = figureIn(/^ +16 threads +\S+ ([\d.]+) MiB/m)(output);
        if (thousand === undefined || sixteen === undefined) return undefined;
        return thousand > sixteen ? 0 : 1;
      },
    },
    measured: true,
  },
  {
    order: 13,
    name: 'worker-costs',
    title: 'What a thread costs',
    claim:
      'A message to a thread costs more than a small task, and starting a thread costs as much as many messages. So batch what is small, and share what is large.',
    article: 'beyond',
    hint: 'To copy some kilobytes takes less time than the trip itself.',
    practice: 'batches',
    predict: {
      kind: 'choice',
      ask: 'A task takes about a thousandth of a millisecond. How long does it take if you send it to a thread that is ready and waiting?',
      options: ['about as long', 'up to ten times as long', 'more than ten times as long'],
      seen(output) {
        // The share of the trip in the first row: two thirds of it are 3 times as long, nine tenths 10 times.
        const share = figureIn(/^ +\S+ [nµm]s .* (\d+) %$/m)(output);
        if (share === undefined) return undefined;
        if (share < 33) return 0;
        return share < 90 ? 1 : 2;
      },
    },
    measured: true,
  },
  {
    order: 14,
    name: 'task-group',
    title: 'A group that ends together',
    claim:
      'One failure stops the other tasks, the group waits for all of them, and all errors arrive together.',
    article: 'Future Outlook',
    hint: 'To wait for all means to wait for their cleaning too.',
    practice: 'task-group',
    predict: {
      kind: 'number',
      ask: 'The trout fails after 2 s. The roast would take 5 s. The flambé needs 1 s to clean up when it is stopped. After how many seconds does the dinner of a task group end?',
      unit: 'seconds',
      seen: figureIn(/^task group\ndinner .* – ([\d.]+) s$/m),
    },
  },
  {
    order: 15,
    name: 'from-asyncio',
    title: 'A map for those who know asyncio',
    claim:
      'Every row of the map does what it says. Most of asyncio has a counterpart, but a coroutine waits to be started, and a promise has begun.',
    article: 'the whole of it',
    hint: 'Up to its first await, an async function runs like any other function.',
    predict: {
      kind: 'choice',
      ask: 'In Python, calling an async function runs nothing yet. You write `cook();` in Node, without await. What has happened when the next line runs?',
      options: ['nothing yet, as in Python', 'cook has begun'],
      seen: (output) => (output.includes('Node: cook has begun.') ? 1 : undefined),
    },
  },
  {
    order: 16,
    name: 'crawler',
    title: 'A crawler, and a polite one',
    claim:
      'Every approach finds the same pages. A polite crawler stays within its limits, and for what it leaves out it says why.',
    article: 'Conclusion',
    hint: 'Which page answers only when it is asked a second time?',
    predict: {
      kind: 'choice',
      ask: 'The obvious crawler fetches each level of a site all at once. The polite one has at most four requests in flight, and waits 2 s because a page asks it to. Compared with the obvious one, the polite one is …',
      options: ['slower', 'as fast', 'faster'],
      seen(output) {
        const obvious = figureIn(/^all at once +━+ (\d+) s/m)(output);
        const polite = figureIn(/^polite +━+ (\d+) s/m)(output);
        if (obvious === undefined || polite === undefined) return undefined;
        return Math.sign(obvious - polite) + 1;
      },
    },
  },
  {
    order: 17,
    name: 'limits',
    title: 'What the other side allows',
    claim:
      'A kitchen with 8 stoves refuses nothing to a pool of 8. All at once loses orders, or with retries is refused hundreds of times. A wider pool only waits longer. A rate limit needs a paced pool.',
    article: 'beyond',
    hint: 'Look at the last column. An order that waits in a queue is not refused, and not served either.',
    practice: 'rate-limit',
    predict: {
      kind: 'choice',
      ask: 'A kitchen with 8 stoves and a queue of 16 gets 100 orders at once. It refuses what it has no room for. A refused order comes again after a second or later. How many refusals are there until all are served?',
      options: ['76 times: 100 less 24', '77 to 200 times', 'more than 200 times'],
      seen(output) {
        const refused = figureIn(/^and with retries +\d+ +(\d+) /m)(output);
        if (refused === undefined) return undefined;
        if (refused <= 76) return 0;
        return refused <= 200 ? 1 : 2;
      },
    },
  },
  {
    order: 18,
    name: 'backpressure',
    title: 'Let the slow side set the pace',
    claim:
      'In front of a pool, a queue without a limit holds nearly all orders, and a queue of 8 places holds 8. A pool that draws from the source needs no queue. All take the same time.',
    article: 'beyond',
    hint: 'Four stoves cook four orders a second. How many are read in a second then? The side that waits is always the faster one.',
    practice: 'backpressure',
    predict: {
      kind: 'number',
      ask: 'A source of 60 orders is a hundred times as fast as a stove. The program puts each order into the queue of p-limit, which lets 4 of them be in flight. At most how many wait in the queue at once?',
      unit: 'orders',
      seen: figureIn(/^queue without a limit +(\d+) /m),
    },
  },
  {
    order: 19,
    name: 'slicing',
    title: 'Work that lets others in between',
    claim:
      'While bills are priced in one go, or with await null between them, no order is answered. In slices with scheduler.yield() all are, and the work can be called off.',
    article: 'beyond',
    hint: 'The answer that calls the work off needs two turns of the event loop. How many are there before the last bill is priced?',
    practice: 'slices',
    predict: {
      kind: 'number',
      ask: 'Three orders were sent, and their answers need no time. Now a function prices 1,000 bills, and after every ten of them it says `await null`. How many orders are answered before the last bill is priced?',
      unit: 'orders',
      seen: figureIn(/^await null .* (\d+) of \d+ /m),
    },
  },
  {
    order: 20,
    name: 'hedging',
    title: 'The slowest of twenty',
    claim:
      'One order in 50 is slow, and about every third table with 20 orders waits for one. A second request after p95 saves nearly all of them, for a twentieth more requests. In a slow kitchen it only adds load.',
    article: 'beyond',
    hint: 'After the time p50 half of all orders are late, and most of them would come soon. Which orders spend the budget first?',
    practice: 'hedge',
    predict: {
      kind: 'choice',
      ask: 'One request in 50 takes 10 seconds, the others take one or two. 25 tables order 20 dishes each, all at once, and a table waits for its last dish. How many tables wait 10 seconds?',
      options: ['none or one', 'two to five', 'six to fourteen', 'more than fourteen'],
      seen(output) {
        const waited = figureIn(/^plain .* (\d+) of \d+ /m)(output);
        if (waited === undefined) return undefined;
        if (waited < 2) return 0;
        if (waited < 6) return 1;
        return waited < 15 ? 2 : 3;
      },
    },
  },
  {
    order: 21,
    name: 'batching',
    title: 'One request for many',
    claim:
      'Single flight turns 30 requests into 6, and batches turn them into 2. One unknown dish fails no other, a failure is not kept, and a request ends when the last guest leaves.',
    article: 'beyond',
    hint: 'Single flight helps if two guests ask for the same dish. A batch helps if two guests ask in the same turn, whatever the dish.',
    practice: 'single-flight',
    predict: {
      kind: 'number',
      ask: '30 guests ask for one of 6 dishes at the same moment. Questions for the same dish share one flight, and up to 4 dishes go into one request. How many requests does the kitchen see?',
      unit: 'requests',
      seen: figureIn(/^and batches of \d+ +(\d+) /m),
    },
  },
  {
    order: 22,
    name: 'context',
    title: 'Whose callback is this?',
    claim:
      'AsyncLocalStorage keeps the context across awaits and timers. A callback in a queue, on a shared connection or in a listener has the context of whoever calls it, unless it is bound.',
    article: 'beyond',
    hint: 'Which table opened which socket? And which socket does the next request get?',
    practice: 'context',
    predict: {
      kind: 'choice',
      ask: 'Tables 3 and 7 share one connection to the kitchen, which table 3 was the first to use. It calls back when a dish is ready. In the callback of table 7, AsyncLocalStorage says …',
      options: ['table 7', 'table 3', 'nothing'],
      seen(output) {
        const [, who] =
          /^on a connection that both share +(?:table \d+|nobody), (table \d+|nobody) /m.exec(output) ?? [];
        return ['table 7', 'table 3', 'nobody'].indexOf(who ?? '');
      },
    },
  },
  {
    order: 23,
    name: 'circuit-breaker',
    title: 'Leave alone what is down',
    claim:
      'Without a breaker 30 guests wait in vain for a kitchen that hangs. With one, only the first few wait, and one for each probe. It finds by itself that the kitchen is back, a few seconds late.',
    article: 'beyond',
    hint: 'Count the probes, and then look at the seconds after the kitchen is back. Who pays for the requests that were saved?',
    practice: 'circuit-breaker',
    predict: {
      kind: 'choice',
      ask: 'A kitchen hangs for 30 seconds. A guest comes every second and gives up after three. A breaker opens after three failures in a row, and sends a probe five seconds later. How many of the 30 guests wait in vain?',
      options: ['three', 'four to twelve', 'more than twelve'],
      seen(output) {
        const waited = figureIn(/^with a breaker +(\d+) /m)(output);
        if (waited === undefined) return undefined;
        if (waited <= 3) return 0;
        return waited <= 12 ? 1 : 2;
      },
    },
  },
  {
    order: 24,
    name: 'where-is-it-stuck',
    title: 'Where is it stuck?',
    claim:
      'A look into a process that hangs prints who awaits whom, and names the circle in which a dish waits for itself. The process goes on.',
    article: 'beyond',
    hint: 'What does the stock wait for then? And what has become of the three tables when the look comes?',
    realClock: true,
    predict: {
      kind: 'choice',
      ask: 'Three tables wait for a pie. The pie needs a sauce, the sauce needs a stock, and the stock is made of what is left of the pie. What does the pie wait for in the end?',
      options: ['a timer', 'a table', 'itself'],
      seen(output) {
        const [, first, last] = /^DEADLOCK: (\w+) .*→ (\w+) /m.exec(output) ?? [];
        return first !== undefined && first === last ? 2 : undefined;
      },
    },
  },
  {
    order: 25,
    name: 'database',
    title: 'The same shape over a database',
    claim:
      'Of 40 queries at once, a pool of ten connections sends ten and queues 30. A bounded pool of ten takes as long and queues none. Tables that hold a connection and ask for a second one wait for ever.',
    article: 'beyond, its asyncpg and motor',
    hint: 'One connection more than there are tables is enough. How many tables come tomorrow? And how many connections does the server accept?',
    practice: 'transaction',
    predict: {
      kind: 'number',
      ask: '40 queries start together. The pool has ten connections, and each query takes a second. A query gives up if it has no connection after 2.5 seconds. How many queries fail?',
      unit: 'queries',
      seen: figureIn(/gives up .*\n+Promise\.all +\d+ +\d+ +(\d+) /),
    },
  },
  {
    order: 26,
    name: 'job-queue',
    title: 'When one machine is not enough',
    claim:
      'Jobs in a queue survive the end of the database and of a worker. Another worker takes over what a dead one had, so some jobs are done twice, and a key makes that harmless. A job takes over a thousand times as long as in a pool.',
    article: 'beyond',
    hint: 'A worker can be slow and alive: the machine was busy, or its thread was blocked. What does the queue do with its jobs then?',
    practice: 'payment',
    predict: {
      kind: 'number',
      ask: 'A queue holds 40 orders, and each one charges a guest. A worker has charged the guests of 4 orders, and is killed before it can report that they are done. Another worker does the rest. How often is a guest charged, if nothing prevents a second time?',
      unit: 'times',
      seen: figureIn(/^guests charged without a key: +(\d+) /m),
    },
    measured: true,
  },
];

/** Whether a lesson waits for real in any case. All others run on virtual time. */
export const isOnRealClock = ({ measured, realClock }: Lesson): boolean => (measured ?? realClock) === true;

export const fileOf = ({ order, name }: Lesson): string => `${String(order).padStart(2, '0')}-${name}.ts`;
export const pathOf = (lesson: Lesson): string => join(import.meta.dirname, fileOf(lesson));
