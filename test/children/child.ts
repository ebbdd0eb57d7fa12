// A child process that does as its settings say.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { receiveSettings, startChild } from '../../src/child.ts';

const settings = await receiveSettings<{ readonly do: string }>();
switch (settings.do) {
  case 'answer':
    process.send!({ pid: process.pid, settings });
    process.on('message', (message) => process.send!({ echo: message }));
    break;
  case 'write lines':
    process.send!('they follow');
    writeSync(4, 'one\ntwo\n');
    writeSync(4, 'three\n');
    process.disconnect?.();
    break;
  case 'throw':
    throw new TypeError('the kitchen burnt down');
  case 'exit':
    process.exit(7);
    break;
  case 'answer and exit':
    process.send!('the last word');
    process.disconnect?.();
    break;
  case 'hang':
    process.send!({ pid: process.pid }, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    break;
  case 'wait for ever':
    process.channel!.unref();
    await new Promise(() => {});
    break;
  case 'crash in a thread':
    await once(new Worker(new URL('./burning-thread.ts', import.meta.url)), 'exit');
    break;
  case 'start another': {
    const child = startChild(new URL(import.meta.url), { do: 'answer' });
    process.send!(await child.receive());
    break;
  }
}
