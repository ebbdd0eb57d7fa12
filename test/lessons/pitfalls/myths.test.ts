// Common claims about asynchronous code that do not hold. Each title states what is true; the control in it shows
// that the check would see the opposite.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import pMap from 'p-map';
import { boundedPool } from '../../../src/approaches/bounded-pool.ts';
import { fetchOrder, openRestaurant } from '../../../lessons/pitfalls/frame/restaurant.ts';
import { until } from '../../../lessons/pitfalls/frame/turns.ts';
import { runSource } from '../../processes.ts';

test('a late rejection inside Promise.all does not crash the process: it is handled, and nobody hears of it', async () => {
  const secondFails = (wait: string) => `
    const { promise: second, reject } = Promise.withResolvers();
    await ${wait}.catch((error) => console.log(error.message));
    reject(new Error('second'));`;
  const together = secondFails("Promise.all([Promise.reject(new Error('first')), second])");
  const alone = secondFails("Promise.reject(new Error('first'))");
  assert.deepEqual(await runSource(together), { code: 0, stdout: 'first\n', stderr: '' });
  const { code, stderr } = await runSource(alone);
  assert.equal(code, 1);
  assert.match(stderr, /Error: second/);
});

test('p-limit does not stop after an error: it runs all that was submitted', async () => {
  using restaurant = openRestaurant();
  const limit = pLimit(1);
  const tasks = [0, 1, 2, 3].map((id) => limit(() => fetchOrder(id)));
  await assert.rejects(Promise.all(tasks), /order 0: status 404/);
  await Promise.allSettled(tasks);
  assert.equal(restaurant.stats.completed, 3);
});

test('a pool can stop after an error: p-map does, and so does the bounded pool of this project', async () => {
  const pools = {
    pMap: (task: (id: number) => Promise<unknown>) => pMap([0, 1, 2, 3], task, { concurrency: 1 }),
    boundedPool: (task: (id: number) => Promise<unknown>) =>
      boundedPool([0, 1, 2, 3], (id) => task(id), { concurrency: 1 }),
  };
  for (const [name, pool] of Object.entries(pools)) {
    using restaurant = openRestaurant();
    await assert.rejects(
      pool((id) => fetchOrder(id)),
      /order 0: status 404/,
    );
    await until(() => restaurant.stats.started > 0, 1000);
    assert.equal(restaurant.stats.started, 0, name);
  }
});

test('an AbortSignal does not warn of its listeners, however many: only an EventEmitter does', async () => {
  const with100Listeners = (target: string) => `
    import { EventEmitter, getEventListeners } from 'node:events';
    const target = ${target};
    const add = target.addEventListener ?? target.on;
    for (let count = 0; count < 100; count++) add.call(target, 'abort', () => {});
    console.log(getEventListeners(target, 'abort').length);`;
  const signal = await runSource(with100Listeners('new AbortController().signal'));
  assert.deepEqual(signal, { code: 0, stdout: '100\n', stderr: '' });
  const emitter = await runSource(with100Listeners('new EventEmitter()'));
  assert.match(emitter.stderr, /MaxListenersExceededWarning/);
});

test('more concurrency is not always faster: past what the kitchen can cook at once, orders only queue', async () => {
  const STOVES = 5;
  const ORDERS = 20;
  const evening = async (concurrency: number) => {
    using restaurant = openRestaurant({ gated: true });
    const ids = Array.from({ length: ORDERS }, (_, index) => index + 1);
    const served = boundedPool(ids, (id) => fetchOrder(id), { concurrency });
    let [rounds, mostInQueue] = [0, 0];
    while (restaurant.stats.completed < ORDERS) {
      const { completed } = restaurant.stats;
      const inFlight = Math.min(concurrency, ORDERS - completed);
      await restaurant.gate.waitFor(inFlight);
      const cooked = Math.min(STOVES, inFlight);
      mostInQueue = Math.max(mostInQueue, restaurant.gate.held - cooked);
      restaurant.gate.letGo(cooked);
      await until(() => restaurant.stats.completed === completed + cooked);
      rounds++;
    }
    await served;
    return { rounds, mostInQueue };
  };
  assert.deepEqual(await evening(1), { rounds: 20, mostInQueue: 0 });
  assert.deepEqual(await evening(5), { rounds: 4, mostInQueue: 0 });
  assert.deepEqual(await evening(20), { rounds: 4, mostInQueue: 15 });
});

test('an async listener need not end the process: with captureRejections its error becomes an error event', async () => {
  const bell = new EventEmitter({ captureRejections: true });
  bell.on('ring', (): unknown => Promise.reject(new Error('the bell is broken')));
  const heard = once(bell, 'heard').catch((error: Error) => error.message);
  bell.emit('ring');
  assert.equal(await heard, 'the bell is broken');
});

test('a time limit does not save a synchronous wait for an answer: it arrives right after the limit', async () => {
  const cells = () => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const [sent, received] = [cells(), cells()];
  const cook = new Worker(
    `const { parentPort, workerData: sent } = require('node:worker_threads');
    parentPort.postMessage('lentil soup');
    Atomics.store(sent, 0, 1);
    Atomics.notify(sent, 0);`,
    { eval: true, workerData: sent },
  );
  let dish = '';
  cook.on('message', (answer: string) => {
    dish = answer;
    Atomics.notify(received, 0);
  });
  Atomics.wait(sent, 0, 0); // ends when the cook has answered
  assert.equal(Atomics.wait(received, 0, 0, 20), 'timed-out');
  assert.equal(dish, '');
  await once(cook, 'exit');
  assert.equal(dish, 'lentil soup');
});
