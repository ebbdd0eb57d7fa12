// Every fault by every approach on every network, in ten runs: each run meets all faults, drawn by order, and each
// order's outcome is compared with what its fault must lead to.
import assert from 'node:assert/strict';
import { mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Counters } from '../../src/api/counters.ts';
import { faultNamed, faultOf, FAULTS, type FaultName, type Faults } from '../../src/api/faults.ts';
import { orderOf } from '../../src/api/orders.ts';
import { ORIGIN } from '../../src/api/origin.ts';
import { startApi, type ApiProcess } from '../../src/api/start.ts';
import { APPROACHES, IN_MEMORY, type Approach } from '../../src/running/registry.ts';
import type { Network } from '../../src/jobs/job.ts';
import { workOf } from '../../src/running/job-work.ts';
import { withPatience } from '../patience.ts';

const IDS = Array.from({ length: 30 }, (_, index) => index + 1);
/** With this one, every fault is drawn on either network, and no more stalls than one. */
const SEED = 8;
/** Each stall costs a whole timeout. An honest order of a run takes some milliseconds. */
const FIRST_TIMEOUT_MS = 250;
/** Rare for the same reason. */
const STALL_RATE = 0.02;
const SIZE = { requests: IDS.length, concurrency: 8, threads: 2 };

const OUTCOMES: Readonly<Record<FaultName, string>> = {
  '500': 'StatusError 500',
  '503': 'StatusError 503',
  '429': 'StatusError 429',
  reset: 'Error ECONNRESET',
  'reset-body': 'Error ECONNRESET',
  stall: 'TimeoutError',
  drip: 'ok',
  malformed: 'SyntaxError',
  short: 'SocketError UND_ERR_SOCKET',
  redirect: 'StatusError 302',
  endless: 'ResponseExceededMaxSizeError UND_ERR_RES_EXCEEDED_MAX_SIZE',
};

/** With these the API refuses an order without having done anything for it. */
const REFUSALS = new Set<FaultName | undefined>(['429', '503']);

/** All faults that the network can play, equally often; some requests stay whole. */
function faultsOn(network: Network): Faults {
  const names = (Object.keys(FAULTS) as FaultName[]).filter(
    (name) => network === 'loopback' || !faultNamed(name).loopbackOnly,
  );
  return Object.fromEntries(names.map((name) => [name, name === 'stall' ? STALL_RATE : 0.9 / names.length]));
}

/** In a process of its own: a server in this thread could not answer while `blocking` holds it. */
let starting: Promise<ApiProcess> | undefined;
after(async () => (await starting)?.[Symbol.asyncDispose]());

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

for (const network of ['loopback', 'intercepted'] as const) {
  const faults = faultsOn(network);

  test(`the draw on ${network} has every fault in it`, () => {
    const drawn = new Set(IDS.map((id) => faultOf(faults, SEED, id, 0)));
    assert.deepEqual(
      Object.keys(faults).filter((name) => !drawn.has(name as FaultName)),
      [],
    );
  });

  for (const approach of IN_MEMORY.map((name) => APPROACHES[name])) {
    test(`${approach.name} on ${network}: each order ends as its fault says, in order, and nothing is left`, async () => {
      const tries = IDS.map((id) => triesOf(approach, faults, id));
      const expected = tries.map((faultsMet) => {
        const last = faultsMet.at(-1);
        return last ? OUTCOMES[last] : 'ok';
      });
      const requests = tries.flat().length;
      const runFor = (timeoutMs: number) => runOnce(approach, network, faults, timeoutMs);
      const didNotStall = (tried: Awaited<ReturnType<typeof runOnce>>) =>
        tried.records.every(
          ({ span }, index) => span.error !== OUTCOMES.stall || expected[index] === OUTCOMES.stall,
        );
      const { records, seen, files } = await withPatience(runFor, didNotStall, FIRST_TIMEOUT_MS);
      assert.deepEqual(
        records.map(({ span }) => span.input),
        IDS,
      );
      assert.deepEqual(
        records.map(({ span }) => span.error ?? span.outcome),
        expected,
      );
      assert.deepEqual([seen.started, seen.completed + seen.aborted], [requests, requests]);
      const whole = IDS.filter((_, index) => expected[index] === 'ok');
      assert.deepEqual([...files.keys()].toSorted(), whole.map((id) => `order-${id}.json`).toSorted());
      for (const id of whole) assert.deepEqual(JSON.parse(files.get(`order-${id}.json`)!), orderOf(id));
      assert.deepEqual(unhandled, []);
    });
  }
}

/** What an order meets, try by try. Most approaches try once; some send again what was refused. */
function triesOf(approach: Approach, faults: Faults, id: number): Array<FaultName | undefined> {
  const met = [faultOf(faults, SEED, id, 0)];
  while (approach.triesRefusedAgain && REFUSALS.has(met.at(-1)))
    met.push(faultOf(faults, SEED, id, met.length));
  return met;
}

/** One run over all orders: what became of each, what the API saw, and the files that were saved. */
async function runOnce(approach: Approach, network: Network, faults: Faults, timeoutMs: number) {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await mkdtempDisposable(join(tmpdir(), 'async-workbench-test-'))).path;
  const conditions = { latencyMs: 1, jitterMs: 1, seed: SEED, faults };
  const counters = new Counters();
  const api = network === 'loopback' ? await (starting ??= startApi(conditions)) : undefined;
  await api?.behave(conditions);
  const settings = {
    kind: 'io',
    job: 'save-order',
    network,
    origin: api?.origin ?? ORIGIN,
    connections: approach.connections(SIZE),
    conditions,
    counters: counters.buffer,
    folder,
    timeoutMs,
  } as const;
  const opened = resources.use(await approach.open(workOf(settings), SIZE));
  const records = await opened.run(IDS);
  const look = async () => (await api?.stats()) ?? counters.read();
  let seen = await look();
  // A server learns a moment later that its client has gone; the run ends only when it has.
  while (seen.inFlight > 0) {
    await nextTurn();
    seen = await look();
  }
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return { records, seen, files: new Map(names.map((name, index) => [name, texts[index]!])) };
}
