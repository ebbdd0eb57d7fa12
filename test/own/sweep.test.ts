// A sweep of own work, as its users meet it: a server of theirs that takes four at once.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { SweepDocument } from '../../src/report/sweep-document.ts';
import { askingModule, farSide, folder, run } from './modules.ts';

/** As many as `places` are served at once; the others wait for a place. */
function semaphore(places: number) {
  let free = places;
  const waiting: Array<() => void> = [];
  return async (serve: () => Promise<void>): Promise<void> => {
    if (free > 0) free--;
    else {
      const turn = Promise.withResolvers<void>();
      waiting.push(turn.resolve);
      await turn.promise;
    }
    await serve();
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
}

// Which C is the knee is proven exactly in test/measure/sweep.test.ts, over computed trials. Here real processes ask a real
// server. A busy machine may leave the sweep in doubt, and between two requests of a lane its place is free, so that eight
// lanes may still gain a little over four. The sweep then says so; what it must never do is name a C that is wrong.
test('a sweep of a server with four places names a C within one step of four or none, and never has more than --most in flight', async () => {
  await using made = await folder();
  const place = semaphore(4);
  await using server = await farSide(async () => {
    await place(() => wait(40));
    return 200;
  });
  const name = await made.write('asks.ts', askingModule(server.origin, 40));
  const { stdout, stderr } = await run(made.path, 'sweep', `./${name}`, '--most', '8', '--json');
  const document = JSON.parse(stdout) as SweepDocument;
  const { calls, mostInFlight } = server;
  if (document.knee) {
    assert.ok([2, 4, 8].includes(document.knee.concurrency), document.advice);
    assert.match(document.advice, /^take C = \d+: \d+ % of the best throughput at \d\.\d\d× the latency/);
  } else {
    assert.match(document.advice, /^(no advice: |throughput still grows at C = 8)/);
  }
  assert.ok(mostInFlight <= 8, String(mostInFlight));
  // On a machine that suddenly gets slow it may end sooner. If it ends at two already, two must not be its answer.
  const last = document.points.at(-1)!.concurrency;
  assert.ok([4, 8].includes(last) || (last === 2 && !document.knee), String(last));
  assert.deepEqual(Object.keys(document.points[0]!).toSorted(), [
    'concurrency',
    'failed',
    'latencyMs',
    'memoryMiB',
    'tasks',
    'throughputPerS',
    'trials',
  ]);
  // 10 to look at; then each C three times, with a warm-up of ten or of C.
  const tasks = document.points.reduce(
    (sum, point) => sum + 3 * (point.tasks + Math.max(10, point.concurrency)),
    0,
  );
  assert.equal(calls, 10 + tasks);
  const [, most] = /at most ([\d,]+) calls of the task/.exec(stderr.replaceAll('\n', ' '))!;
  assert.ok(calls <= Number(most!.replaceAll(',', '')));
});

test('a sweep draws its curve, writes a page, and says where the server refuses', async () => {
  await using made = await folder();
  let inFlight = 0;
  await using server = await farSide(async () => {
    inFlight++;
    await wait(50);
    // Whoever has more than three in flight is refused.
    return inFlight-- > 3 ? 429 : 200;
  });
  const name = await made.write('asks.ts', askingModule(server.origin, 20));
  const args = ['sweep', `./${name}`, '--most', '8', '--repeats', '1', '--html', 'curve.html'];
  const { code, stdout } = await run(made.path, ...args);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ *C +throughput +latency +p95 +memory +failed$/m);
  assert.match(
    stdout.replaceAll('\n', ' '),
    /C = \d: stopped when \d+ of \d+ tasks had failed, more than a fifth: \d+ × StatusError 429/,
  );
  assert.match(stdout, /Throughput over C, from 0 up:/);
  assert.ok(server.mostInFlight <= 8);
  const page = await readFile(join(made.path, 'curve.html'), 'utf8');
  assert.match(page, /Throughput over C\. C = 1: /);
});
