import assert from 'node:assert/strict';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { BUSY, lookForOthers } from '../../bench/environment.ts';

test('a machine whose cores are all at work is found busy', async (t) => {
  const source = 'require("worker_threads").parentPort.postMessage("burning"); for (;;);';
  const burners = Array.from({ length: availableParallelism() }, () => new Worker(source, { eval: true }));
  t.after(() => Promise.all(burners.map((burner) => burner.terminate())));
  await Promise.all(burners.map((burner) => once(burner, 'message')));
  const taken = await lookForOthers();
  assert.ok(taken > BUSY && taken <= 1, String(taken));
});
