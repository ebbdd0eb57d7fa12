// Part 1 of the map: starting tasks, waiting for some or for all of them, giving up. In Node all of it is done with promises
// and signals.
import { execFile } from 'node:child_process';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TaskGroup } from '../../src/approaches/task-group.ts';
import type { Row } from './row.ts';

const soup = () => sleep(1000, 'soup');
const trout = () => sleep(2000, 'trout');
const burnt = async () => {
  await sleep(500);
  throw new Error('burnt');
};
const nameOf = (promise: Promise<unknown>) => promise.catch((error: Error) => error.name);
const node = (...args: string[]) => promisify(execFile)(process.execPath, args);

export const tasks: readonly Row[] = [
  {
    python: 'create_task(cook())',
    node: 'const task = cook()',
    differs: 'Python begins at the next turn of the event loop, Node at once.',
    async run() {
      const log: string[] = [];
      const cook = async () => {
        log.push('begins');
        await turn();
        log.push('goes on');
      };
      const task = cook();
      log.push('caller');
      await task;
      return log;
    },
    expect: ['begins', 'caller', 'goes on'],
  },
  {
    python: 'python -m asyncio pstree PID',
    node: 'npm run awaiting -- PID',
    differs: 'Built into Python 3.14. For Node it is in this repository (lesson 24).',
  },
  {
    python: 'asyncio.run(main())',
    node: 'await main()',
    differs: 'If main never settles, Python hangs. Node ends with exit code 13.',
    run: () =>
      node('--input-type=module', '-e', 'await new Promise(() => {})').catch(({ code }) => code as number),
    expect: 13,
  },
  {
    python: 'gather(return_exceptions)',
    node: 'Promise.allSettled([...])',
    differs: 'Python mixes results and exceptions. Node labels each of them.',
    run: async () => (await Promise.allSettled([soup(), burnt()])).map(({ status }) => status),
    expect: ['fulfilled', 'rejected'],
  },
  {
    python: 'wait(FIRST_COMPLETED)',
    node: 'Promise.race, Promise.any',
    differs: 'race throws if the first one failed, and does not say who is left.',
    run: async () => [await nameOf(Promise.race([burnt(), soup()])), await Promise.any([burnt(), soup()])],
    expect: ['Error', 'soup'],
  },
  {
    python: 'as_completed([...])',
    node: 'asCompleted of tasks.ts',
    differs: 'Not built in. Ours ends at the first failure.',
    run: () => Array.fromAsync(asCompleted([trout(), soup()])),
    expect: ['soup', 'trout'],
  },
  {
    python: 'wait_for(cook(), 1)',
    node: 'cook(AbortSignal.timeout(1000))',
    differs: 'Python cancels cook. In Node, cook must listen to the signal.',
    async run() {
      const hearing = sleep(2000, 'done', { signal: AbortSignal.timeout(1000) });
      const deaf = (_signal: AbortSignal) => sleep(2000, 'done');
      return [await nameOf(hearing), await deaf(AbortSignal.timeout(1000))];
    },
    expect: ['AbortError', 'done'],
  },
  {
    python: 'task.cancel()',
    node: 'controller.abort()',
    differs: 'Python throws into the task. A promise has no cancel, only a signal.',
    async run() {
      const controller = new AbortController();
      const listening = sleep(1000, 'soup', { signal: controller.signal });
      const shielded = soup(); // it gets no signal: that is what asyncio.shield does
      controller.abort();
      return [await nameOf(listening), await shielded];
    },
    expect: ['AbortError', 'soup'],
  },
  {
    python: 'async with TaskGroup()',
    node: 'TaskGroup.run of src/approaches',
    differs: 'Not built in. There is no except* for its AggregateError.',
    async run() {
      const log: string[] = [];
      const group = TaskGroup.run(async (group) => {
        void group.start((signal) => sleep(5000, '', { signal })).catch(() => log.push('sibling stopped'));
        await group.start(burnt);
      });
      await group.catch(({ name, errors }: AggregateError) => log.push(`${name} of ${errors.length}`));
      return log;
    },
    expect: ['sibling stopped', 'AggregateError of 1'],
  },
  {
    python: 'call_soon, call_later',
    node: 'setImmediate, setTimeout',
    differs: 'queueMicrotask runs before both, and can keep them from ever running.',
    async run() {
      const log: string[] = [];
      const later = sleep(50).then(() => log.push('timer'));
      setImmediate(() => log.push('immediate'));
      queueMicrotask(() => log.push('microtask'));
      await turn();
      await later;
      return log;
    },
    expect: ['microtask', 'immediate', 'timer'],
  },
];

/** Like Python's as_completed: results in the order in which they come. But here the first failure ends it. */
async function* asCompleted<Output>(promises: Array<Promise<Output>>): AsyncGenerator<Output> {
  const left = new Map(
    promises.map((promise, index) => [index, promise.then((value) => ({ index, value }))]),
  );
  while (left.size > 0) {
    const { index, value } = await Promise.race(left.values());
    left.delete(index);
    yield value;
  }
}
