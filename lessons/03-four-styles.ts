// JavaScript learned to wait in four steps: callbacks, promises, generators with a runner,
// async/await. Python went a similar way: callbacks, generators with `yield from` (3.4),
// async/await (3.5). You will meet all four in old code.
//
// The four do the same work in the same time. What differs is where an error goes, and what happens
// if you forget it.
//
// Claim: the same dinner in four styles leaves the same trace at the same times, errors included. A
// forgotten error is silent with callbacks, and an unhandled rejection in the other three. Only
// with async/await does its stack trace (the list of calls that led to it) name the line that was
// waiting.
import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { plain } from '../src/report/paint.ts';
import { table } from '../src/report/table.ts';
import { play, seconds } from './stage.ts';

const DINNER = ['soup', 'trout', 'risotto'];
const SPOILED = 'trout';
type Log = (event: string) => void;
type OnError = (error: Error) => void;

// The kitchen of the oldest style. You hand it a function, and it calls you back: with an error in
// the first place, or with null there and a dish in the second. It has no result: when it returns,
// the dish is not cooked yet.
function cook(dish: string, callback: (error: Error | null, dish: string) => void): void {
  setTimeout(() => callback(dish === SPOILED ? new Error(`${dish} is off`) : null, `hot ${dish}`), 1000);
}

// The kitchen of the other three gives you a promise at once. The promise is fulfilled with the
// dish after a second, or rejected with the error.
async function cooked(dish: string): Promise<string> {
  await wait(1000);
  if (dish === SPOILED) throw new Error(`${dish} is off`);
  return `hot ${dish}`;
}

// 1. Callbacks. Each step stands inside the one before it, so a loop becomes a function that calls
//    itself. Every callback must look at its error and hand it on. A try around this would catch
//    nothing: it is over before the first dish is cooked.
function callbacks(dishes: readonly string[], log: Log, onError: OnError, done: () => void): void {
  const [first, ...rest] = dishes;
  if (first === undefined) return done();
  cook(first, (error, dish) => {
    if (error) {
      onError(error);
      return done();
    }
    log(dish);
    callbacks(rest, log, onError, done);
  });
}

// 2. Promises. The steps stand one below the other. An error skips all steps that follow, until it
//    meets a catch.
function promises(dishes: readonly string[], log: Log, onError: OnError): Promise<void> {
  let chain = Promise.resolve();
  for (const dish of dishes) chain = chain.then(() => cooked(dish)).then(log);
  return chain.catch(onError);
}

// 3. A generator. Loops and try are back, because a generator can stop in the middle of them: at
//    each `yield`.
type Steps = Generator<Promise<string>, void, string>;
function* generator(dishes: readonly string[], log: Log, onError: OnError): Steps {
  try {
    for (const dish of dishes) log(yield cooked(dish));
  } catch (error) {
    onError(error as Error);
  }
}
// The runner waits for the promise that was yielded. Then it lets the generator go on with the
// result, or throws the error into it, at the place where it stopped.
async function runner(steps: Steps, step = steps.next()): Promise<void> {
  if (step.done) return undefined;
  const proceed = (dish: string) => runner(steps, steps.next(dish));
  return step.value.then(proceed, (error) => runner(steps, steps.throw(error)));
}

// 4. async/await. The same code as 3, with the runner inside the language.
async function asyncAwait(dishes: readonly string[], log: Log, onError: OnError): Promise<void> {
  try {
    for (const dish of dishes) log(await cooked(dish));
  } catch (error) {
    onError(error as Error);
  }
}

// The last way to handle an error is to forget it. Here each style cooks the spoiled dish and does
// not look.
const forgetful = {
  callbacks: () => cook(SPOILED, () => {}),
  promises: () => cooked(SPOILED).then(() => {}),
  generator: () => runner((function* (): Steps { yield cooked(SPOILED); })()), // prettier-ignore
  'async/await': () => (async () => void (await cooked(SPOILED)))(),
};

// Node reports a rejected promise that nobody handled, and ends the process, unless somebody
// listens as we do here.
async function unhandledIn(work: () => unknown): Promise<number> {
  let unhandled = 0;
  const count = () => unhandled++;
  process.on('unhandledRejection', count);
  void work();
  await wait(2000);
  await nextTurn();
  process.off('unhandledRejection', count);
  return unhandled;
}

export async function run({ modern = asyncAwait } = {}): Promise<void> {
  const styles: Array<[name: keyof typeof forgetful, handler: string, dinner: typeof promises]> = [
    // promisify gives a function that takes a last argument `done` and returns a promise instead. So
    // from outside, the first style looks like the others.
    ['callbacks', 'an if in each callback', promisify(callbacks)],
    ['promises', 'a catch for the chain', promises],
    ['generator', 'a try around the loop', (...of) => runner(generator(...of))],
    ['async/await', 'a try around the loop', modern],
  ];
  // What every style must leave behind: a dish a second, until one fails.
  const good = DINNER.slice(0, DINNER.indexOf(SPOILED)).map((dish, index) => `${index + 1} s hot ${dish}`);
  const expected = [...good, `${good.length + 1} s ${SPOILED} is off`];

  const rows: string[][] = [];
  for (const [name, handler, dinner] of styles) {
    const start = performance.now();
    const trace: string[] = [];
    const log = (event: string) => void trace.push(`${seconds(performance.now() - start)} s ${event}`);
    let stack = '';
    await dinner(DINNER, log, (error) => {
      log(error.message);
      stack = error.stack ?? '';
    });
    assert.deepEqual(trace, expected, `${name} leaves the same trace as the others`);

    const unhandled = await unhandledIn(forgetful[name]);
    assert.equal(unhandled, name === 'callbacks' ? 0 : 1, `unhandled rejections with ${name}`);
    // A stack trace knows only the calls that are open. When an error comes out of a timer, none of
    // ours is. For `await` the engine remembers who waits, and writes it down as "at async
    // asyncAwait (file:line:column)".
    const [, line] = /at async asyncAwait .*:(\d+):\d+/.exec(stack) ?? [];
    rows.push([
      name,
      handler,
      unhandled > 0 ? 'unhandled rejection' : 'silence',
      line ? `line ${line}` : 'no',
    ]);
  }
  console.log(`all four: ${expected.join(', ')}\n`);
  const titles = ['style', 'the error is handled by', 'if you forget it', 'stack shows'];
  console.log(table(titles.map((title) => ({ title })), rows, plain).join('\n')); // prettier-ignore
  // Only one style is left if we ask whose stack trace shows a line of the dinner.
  const named = rows.filter(([, , , stack]) => stack !== 'no').map(([name]) => name);
  assert.deepEqual(named, ['async/await'], 'styles whose stack trace shows the line that was waiting');
}

if (import.meta.main) await play(run);

// Output:
//
// all four: 1 s hot soup, 2 s trout is off
//
// style        the error is handled by  if you forget it     stack shows
// callbacks    an if in each callback   silence              no
// promises     a catch for the chain    unhandled rejection  no
// generator    a try around the loop    unhandled rejection  no
// async/await  a try around the loop    unhandled rejection  line 84
//
// Notice that no style is faster than another: they are the same waiting, written down four times.
// The last column is what you see at night in a log file. Only async/await tells you which line was
// waiting when the dish failed.
//
// Question: what does the trace show if the soup is off instead?
// Change `SPOILED = 'trout'` in line 20.
