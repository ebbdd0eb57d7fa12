// Runs a lesson with an ingredient that makes its claim false: the pool that is none, the wait that is none. An
// assertion that still passes would prove nothing.
import { play } from '../../lessons/stage.ts';
import { promiseAll } from '../../src/approaches/promise-all.ts';
import { sequential } from '../../src/approaches/sequential.ts';

const oneByOne: typeof promiseAll = (inputs, task) => sequential(inputs, task);
const atOnce: typeof sequential = async (inputs, task) => promiseAll(await Array.fromAsync(inputs), task);

/** By the lesson's name: each way to make its claim false, one for each assertion that matters. */
export const broken: Record<string, ReadonlyArray<() => Promise<void>>> = {
  'one-waiter': [
    async () => (await import('../../lessons/01-one-waiter.ts')).run({ busy: oneByOne }),
    async () => (await import('../../lessons/01-one-waiter.ts')).run({ patient: atOnce }),
  ],
  'bounded-pool': [
    async () => (await import('../../lessons/07-bounded-pool.ts')).run({ approach: promiseAll }),
    async () => (await import('../../lessons/07-bounded-pool.ts')).run({ approach: oneByOne }),
  ],
};

if (import.meta.main) {
  const [name = '', variant = '0'] = process.argv.slice(2);
  await play(broken[name]![Number(variant)]!);
}
