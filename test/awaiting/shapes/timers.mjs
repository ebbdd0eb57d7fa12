// Timers of both kinds. Their time is long, so that what is left reads the same on any machine.
import { setInterval as ticks, setTimeout as sleep } from 'node:timers/promises';
import { keep, ready } from './gates.mjs';

const HOUR = 3_600_000;

async function slept() {
  await sleep(20.5 * HOUR);
}
async function byHand() {
  await new Promise((resolve) => {
    setTimeout(resolve, 10.5 * HOUR);
  });
}
async function ticking() {
  for await (const _ of ticks(20.5 * HOUR)) keep(_);
}
async function manyTimes() {
  await Promise.all([3.5, 5.5, 9.5].map((hours) => sleep(hours * HOUR)));
}
async function limited() {
  await Promise.race([sleep(20.5 * HOUR), slept()]);
}

keep(slept(), byHand(), ticking(), manyTimes(), limited());
ready();

/* shows:
slept 8:3
  a timer, hours left 20 to 20
byHand 11:3
  a timer, hours left 10 to 10
ticking 16:20
  a timer, hours left 20 to 20
manyTimes 19:3
  all
    a timer, hours left 3 to 9 × 3
limited 22:3
  race
    slept 8:3
      a timer, hours left 20 to 20
    a timer, hours left 20 to 20
*/
