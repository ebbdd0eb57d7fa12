// Promise.all and its kin over two functions each. The pending ones are shown, not the one that is done.
import { gate, keep, ready } from './gates.mjs';

async function cook() {
  await gate();
}
async function done() {}
async function all() {
  await Promise.all([cook(), done(), cook()]);
}
async function allSettled() {
  await Promise.allSettled([cook(), cook()]);
}
async function race() {
  await Promise.race([cook(), cook()]);
}
async function any() {
  await Promise.any([cook(), cook()]);
}
async function nested() {
  await Promise.race([Promise.all([cook(), cook()]), all()]);
}

keep(all(), allSettled(), race(), any(), nested());
ready();

/* shows:
all 9:3
  all
    cook 5:3 × 2
      ? (its resolver is in opened[])
allSettled 12:3
  allSettled
    cook 5:3 × 2
      ? (its resolver is in opened[])
race 15:3
  race
    cook 5:3 × 2
      ? (its resolver is in opened[])
any 18:3
  any
    cook 5:3 × 2
      ? (its resolver is in opened[])
nested 21:3
  race
    all 9:3
      all
        cook 5:3 × 2
          ? (its resolver is in opened[])
    all
      cook 5:3 × 2
        ? (its resolver is in opened[])
*/
