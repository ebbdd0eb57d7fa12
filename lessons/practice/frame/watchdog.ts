// A thread beside the one that is checked. A program that blocks its thread (`for (;;);`) can neither be
// asked nor told to stop, so this thread ends the process. It looks at CPU time and not at a clock: on a busy
// machine a good program takes long too, but it does not burn seconds of CPU time within one turn of its
// event loop.
import { parentPort, workerData } from 'node:worker_threads';

const LOOK_EVERY_MS = 250;
const CPU_BURNT_MS = 4000;
/** A check takes a tenth of a second of CPU time. A program that never rests would keep it from ending. */
const CPU_IN_ALL_MS = 60_000;
/** A thread that sleeps in Atomics.wait burns nothing: so many looks without any turn are the end of it too. */
const LOOKS_WITHOUT_TURN = 240;

const turns = new Int32Array(workerData as SharedArrayBuffer);
let knownTurns = -1;
let cpuAtTurnMs = 0;
let looks = 0;

function look(): void {
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system) / 1000;
  if (cpuMs > CPU_IN_ALL_MS) process.kill(process.pid, 'SIGKILL');
  const now = Atomics.load(turns, 0);
  if (now !== knownTurns) {
    knownTurns = now;
    cpuAtTurnMs = cpuMs;
    looks = 0;
    return;
  }
  looks++;
  // The parent process knows what this signal means here: nobody else sends it.
  if (cpuMs - cpuAtTurnMs > CPU_BURNT_MS || looks > LOOKS_WITHOUT_TURN) process.kill(process.pid, 'SIGKILL');
}

setInterval(look, LOOK_EVERY_MS);
parentPort!.unref();
