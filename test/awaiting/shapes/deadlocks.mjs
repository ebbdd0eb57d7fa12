// Functions that wait for each other, and some that only seem to.
import { gate, keep, ready } from './gates.mjs';

const calls = {};

async function first() {
  await null;
  await calls.second;
}
async function second() {
  await null;
  await calls.first;
}
async function itself() {
  await null;
  await calls.itself;
}
// One of three waits for the whole: only a failure of another would end that.
async function whole() {
  await Promise.all([part(), other()]);
}
async function part() {
  await null;
  await calls.whole;
}
async function other() {
  await gate();
}
// A race has another member that can end it.
async function racing() {
  await Promise.race([runner(), other()]);
}
async function runner() {
  await null;
  await calls.racing;
}
// A time limit by hand ends it too.
async function limited() {
  await new Promise((resolve, reject) => {
    inLimit().then(resolve, reject);
    setTimeout(reject, 1e8);
  });
}
async function inLimit() {
  await null;
  await calls.limited;
}
async function outside() {
  await calls.first;
}

for (const each of [first, second, itself, whole, racing, limited]) calls[each.name] = each();
keep(calls, outside());
ready();

/* shows:
deadlock first second first 6:21
deadlock itself itself 14:22
deadlock whole part whole unless one fails 19:21
first 8:3
  second 12:3
    again first
itself 16:3
  again itself
whole 20:3
  all
    part 24:3
      again whole
    other 27:3
      ? (its resolver is in opened[])
outside 49:3
  first 8:3
    second 12:3
      again first
other 27:3
  ? (its resolver is in opened[])
racing 31:3
  race
    other 27:3
      ? (its resolver is in opened[])
    runner 35:3
      again racing
limited 39:3
  settled by
    inLimit 46:3
      again limited
    a timer, hours left 27 to 27
*/
