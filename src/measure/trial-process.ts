// The process of one trial. Setup and warm-up are outside the timed part, everything a run does is inside.
import { once } from 'node:events';
import { Bench } from 'tinybench';
import { Counters } from '../api/counters.ts';
import { APPROACHES } from '../running/registry.ts';
import { receiveSettings } from '../child.ts';
import type { JobSettings } from '../jobs/job.ts';
import { loadJob } from '../jobs/open.ts';
import { windowOf, type Recorded } from '../running/recorded.ts';
import { tableOf } from '../running/span-table.ts';
import { watchMemoryIfKnown } from './memory.ts';
import { observe, wholeTurn } from './observe.ts';
import type { Measurement, TrialSettings } from './trial.ts';
import { workOf } from '../running/job-work.ts';

const { approach: name, size, work, retryBudget, warmup, samples } = await receiveSettings<TrialSettings>();
const approach = APPROACHES[name];
const counters = new Counters();
const retries = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
const settings: JobSettings =
  work.kind === 'io' ? { ...work, counters: counters.buffer, ...(retryBudget > 0 && { retries }) } : work;
await Promise.all([approach.load?.(), loadJob(work)]);
const inputs = Array.from({ length: size.requests }, (_, index) => index + 1);
const memory = watchMemoryIfKnown();

const opened = await approach.open(workOf(settings), size);
await opened.run(inputs.slice(0, warmup));
counters.reset();
process.send!({ ready: true });
await once(process, 'message');

const failuresIn = (records: readonly Recorded[]) =>
  records.filter(({ span }) => span.outcome !== 'ok').length;
let records: Recorded[] = [];
let peakMiB: number | undefined;
// Its defaults would call the task 80 times; `throws`, because otherwise a failed task is a fast one.
const bench = new Bench({
  iterations: samples.atLeast,
  time: samples.forMs,
  warmup: false,
  throws: true,
  retainSamples: true,
});
bench.add(
  name,
  async () => {
    new Int32Array(retries)[0] = retryBudget;
    const next = await opened.run(inputs);
    // A failure in any sample must show, also when a later one went well.
    if (failuresIn(next) >= failuresIn(records)) records = next;
  },
  {
    async: true,
    async afterEach() {
      peakMiB ??= memory?.stop();
      await wholeTurn();
    },
  },
);
const stop = await observe();
const [task] = await bench.run();
const { observation, loop } = await stop();
const { result } = task!;
if (result.state !== 'completed') throw new Error(`expected a completed benchmark, got one ${result.state}`);
const timesMs = result.latency.samples!;
const spans = records.map(({ span }) => span);
const measurement: Measurement = {
  ...observation,
  cpuMs: observation.cpuMs / timesMs.length,
  timesMs,
  memory: memory && peakMiB !== undefined ? { baselineMiB: memory.baselineMiB, peakMiB } : null,
  spans: tableOf(spans),
  loopTrack: loop.between(...windowOf(spans)),
  ...(work.kind === 'io' && work.network === 'intercepted' && { stats: counters.read() }),
};
await opened[Symbol.asyncDispose]();
// Only when it has left: a disconnect would cut off what is still on its way of a long message.
process.send!(measurement, () => process.disconnect?.());
