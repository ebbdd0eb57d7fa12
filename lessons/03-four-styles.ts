// How JavaScript learned to wait: callbacks, promises, generators with a runner, async/await. Python went the same
// way: callbacks, generators with `yield from` in 3.4, async/await in 3.5.
//
// Claim: the same dinner in four styles leaves the same trace at the same times, whether all goes well or a dish
// fails. Only the shape differs, and the place where the error comes out.
import assert from 'node:assert/strict';
import { promisify } from 'node:util';
import { play, seconds } from './stage.ts';

type Log = (event: string) => void;
const DINNER = ['soup', 'trout', 'risotto'];
const SPOILED = 'trout';

// What all four stand on: a function that calls back later, with an error or with a result.
function cook(dish: string, callback: (error: Error | null, dish: string) => void): void {
  setTimeout(() => callback(dish === SPOILED ? new Error(`${dish} is off`) : null, `hot ${dish}`), 1000);
}
const cooked = promisify(cook);

// Each step stands inside the one before. The error is an argument, handed on by hand; whoever forgets it loses it.
function callbacks(dishes: readonly string[], log: Log, done: () => void): void {
  const [first, ...rest] = dishes;
  if (first === undefined) return done();
  cook(first, (error, dish) => {
    log(error ? error.message : dish);
    if (error) done();
    else callbacks(rest, log, done);
  });
}

// Steps follow each other. One catch takes the error of any of them.
function promises(dishes: readonly string[], log: Log): Promise<void> {
  const steps = dishes.reduce((before, dish) => before.then(() => cooked(dish)).then(log), Promise.resolve());
  return steps.catch((error: Error) => log(error.message));
}

// Ordinary code again, loops and try included: the runner throws the error back in where the generator waits.
function* generator(dishes: readonly string[], log: Log): Generator<Promise<string>, void, string> {
  try {
    for (const dish of dishes) log(yield cooked(dish));
  } catch (error) {
    log((error as Error).message);
  }
}
function runner(steps: ReturnType<typeof generator>, step = steps.next()): Promise<void> | undefined {
  const resume = (dish: string) => runner(steps, steps.next(dish));
  return step.done ? undefined : step.value.then(resume, (error) => runner(steps, steps.throw(error)));
}

// The same, with the runner inside the language.
async function asyncAwait(dishes: readonly string[], log: Log): Promise<void> {
  try {
    for (const dish of dishes) log(await cooked(dish));
  } catch (error) {
    log((error as Error).message);
  }
}

export async function run({ modern = asyncAwait } = {}): Promise<void> {
  const styles = {
    callbacks: promisify(callbacks),
    promises,
    generator: async (dishes: readonly string[], log: Log) => runner(generator(dishes, log)),
    'async/await': modern,
  };
  for (const dishes of [DINNER, DINNER.filter((dish) => dish !== SPOILED)]) {
    // A dish a second, until one fails.
    const good = dishes.includes(SPOILED) ? dishes.slice(0, dishes.indexOf(SPOILED)) : dishes;
    const expected = good.map((dish, index) => `${index + 1} s hot ${dish}`);
    if (good !== dishes) expected.push(`${good.length + 1} s ${SPOILED} is off`);
    console.log(dishes.join(', '));
    for (const [name, dinner] of Object.entries(styles)) {
      const [start, trace] = [performance.now(), [] as string[]];
      await dinner(dishes, (event) => void trace.push(`${seconds(performance.now() - start)} s ${event}`));
      console.log(`  ${name.padEnd(11)}  ${trace.join(', ')}`);
      assert.deepEqual(trace, expected, 'every style leaves the same trace');
    }
  }
}

if (import.meta.main) await play(run);

// Output:
//
// soup, trout, risotto
//   callbacks    1 s hot soup, 2 s trout is off
//   promises     1 s hot soup, 2 s trout is off
//   generator    1 s hot soup, 2 s trout is off
//   async/await  1 s hot soup, 2 s trout is off
// soup, risotto
//   callbacks    1 s hot soup, 2 s hot risotto
//   promises     1 s hot soup, 2 s hot risotto
//   generator    1 s hot soup, 2 s hot risotto
//   async/await  1 s hot soup, 2 s hot risotto
//
// Notice that no style is faster: they are the same waiting, written down four times. From the second on a
// forgotten error is at least an unhandled rejection; in the first it is silence.
//
// Question: which traces come out if the soup is off instead? Change `SPOILED = 'trout'` in line 12.
