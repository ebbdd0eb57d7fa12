// A program on virtual time that tells what it saw, as JSON: for virtual-time.test.ts, because the clock jumps when
// the event loop is empty, and that of a test runner never is.
import { readFile } from 'node:fs/promises';
import { setTimeout as importedTimeout } from 'node:timers';
import { scheduler, setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { virtualTime } from '../../lessons/virtual-time.ts';
import { INSTANT } from '../../src/api/conditions.ts';
import { now } from '../../src/api/clock.ts';
import { ORIGIN } from '../../src/api/origin.ts';
import { intercept } from '../../src/api/intercept.ts';
import { Session } from '../../src/api/session.ts';

const patched = () =>
  Object.entries({
    setTimeout,
    Date,
    wait,
    ...Object.getOwnPropertyDescriptors(AbortSignal),
    beforeExit: process.listenerCount('beforeExit'),
    now: Reflect.get(performance, 'now'),
  });
const before = patched();
const seen: Record<string, unknown> = {};
const time = () => performance.now();
{
  using _ = virtualTime();
  await wait(1000);
  await scheduler.wait(500);
  seen['waited'] = { performance: time(), date: new Date().toISOString(), dateNow: Date.now() - now() };

  let at = time();
  await wait(2.9);
  seen['whole milliseconds'] = time() - at;

  const order: string[] = [];
  at = time();
  setTimeout(() => order.push('late'), 20);
  importedTimeout(() => {
    order.push(`first at ${time() - at}`);
    queueMicrotask(() => order.push('microtask of first'));
  }, 10);
  setTimeout(() => order.push('second'), 10.9);
  clearTimeout(setTimeout(() => order.push('cleared'), 5));
  setTimeout(() => order.push('unref'), 15).unref();
  await wait(30);
  seen['order'] = order;

  const ticks: number[] = [];
  const interval = setInterval(() => ticks.push(time()), 100);
  await wait(350);
  clearInterval(interval);
  await wait(350);
  seen['ticks'] = ticks.map((tick) => tick - ticks[0]!);

  at = time();
  const error = (await wait(1000, null, { signal: AbortSignal.timeout(250) }).catch(
    (error) => error,
  )) as Error;
  seen['aborted'] = [error.name, (error.cause as Error).name, time() - at];

  // Files are real. The clock stands still while one is read, though a timer is set.
  at = time();
  let fired = false;
  setTimeout(() => (fired = true), 1);
  for (let count = 0; count < 20; count++) await readFile(import.meta.filename);
  seen['files'] = { elapsed: time() - at, fired };

  for (const [name, latencyMs] of [
    ['instant', 0],
    ['slow', 700],
  ] as const) {
    using _ = intercept({ conditions: { ...INSTANT, latencyMs } });
    await using session = new Session({ origin: ORIGIN, connections: 10 });
    at = time();
    await Promise.all([1, 2, 3].map((id) => session.getJson(`/orders/${id}`)));
    await session.getJson('/orders/4');
    seen[name] = time() - at;
  }
}
seen['restored'] = isDeepStrictEqual(patched(), before);
console.log(JSON.stringify(seen));
