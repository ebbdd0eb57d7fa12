// A worker thread, and a port to one.
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { keep, ready } from './gates.mjs';

const worker = new Worker('require("node:worker_threads").parentPort.on("message", () => {})', {
  eval: true,
});
const { port1, port2 } = new MessageChannel();
keep(worker, port1, port2);
await once(worker, 'online');

async function answerOfWorker() {
  worker.postMessage('question');
  const [answer] = await once(worker, 'message');
  return answer;
}
async function endOfWorker() {
  await once(worker, 'exit');
}
async function answerOfPort() {
  await once(port1, 'message');
}
async function sharedMemory() {
  const { value } = Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  await value;
}

keep(answerOfWorker(), endOfWorker(), answerOfPort(), sharedMemory());
ready();

/* shows:
answerOfWorker 15:20
  event 'message' of a worker thread (thread 1)
endOfWorker 19:3
  event 'exit' of a worker thread (thread 1)
answerOfPort 22:3
  event 'message' of a message port
sharedMemory 26:3
  Atomics.waitAsync
*/
