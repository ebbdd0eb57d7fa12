// A thread beside the one that is checked. A program that blocks its thread (`for (;;);`) cannot be told to stop, so this
// thread ends the process. It looks at CPU time and not at a clock. On a busy machine a good program takes long too, but it
// does not burn seconds of CPU time within one turn of its event loop.
import { parentPort, workerData } from 'node:worker_threads';

export interface Watch {
  /** A number that grows with every turn of the event loop of the program. */
  readonly turns: SharedArrayBuffer;
  /** How much CPU time the program may burn within one turn. */
  readonly mostCpuMs: number;
}

const LOOK_EVERY_MS = 250;
/** A check takes a tenth of a second of CPU time. A program that takes so much more never comes to rest. */
const CPU_IN_ALL_MS = 60_000;
/** A thread that sleeps in Atomics.wait burns no CPU time. After so many looks without a turn it is ended too. */
const LOOKS_WITHOUT_TURN = 240;

const { turns: counter, mostCpuMs } = workerData as Watch;
const turns = new Int32Array(counter);
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
  // The parent process knows by this signal that the watchdog has ended the program.
  if (cpuMs - cpuAtTurnMs > mostCpuMs || looks > LOOKS_WITHOUT_TURN) process.kill(process.pid, 'SIGKILL');
}

setInterval(look, LOOK_EVERY_MS);
parentPort!.unref();
