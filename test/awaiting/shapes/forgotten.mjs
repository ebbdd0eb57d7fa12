// Whose promise nobody awaits, now or any more.
import { gate, keep, ready } from './gates.mjs';

async function forgotten() {
  await gate();
}
async function caller() {
  void forgotten();
  await gate();
}
// The second is started, and the first is awaited.
async function starter() {
  const dish = cook('soup');
  const wine = pour('red');
  await dish;
  await wine;
}
async function cook() {
  await gate();
}
async function pour() {
  await gate();
}
// Promise.all has failed, and the other member goes on.
async function member() {
  await gate();
}
async function failing() {
  await null;
  throw new Error('burnt');
}
async function gaveUp() {
  try {
    await Promise.all([member(), failing()]);
  } catch {
    await gate();
  }
}
// A race that was lost.
async function loser() {
  await gate();
}
async function winner() {
  return { id: 1 };
}
async function raced() {
  await Promise.race([loser(), winner()]);
  await gate();
}

keep(caller(), starter(), gaveUp(), raced());
ready();

/* shows:
never awaited forgotten 1 4:25
not awaited yet pour 1 21:20 by starter
abandoned member 1 25:22
abandoned loser 1 40:21
forgotten 5:3
  ? (its resolver is in opened[])
caller 9:3
  ? (its resolver is in opened[])
starter 15:3
  cook 19:3
    ? (its resolver is in opened[])
pour 22:3
  ? (its resolver is in opened[])
member 26:3
  ? (its resolver is in opened[])
gaveUp 36:5
  ? (its resolver is in opened[])
loser 41:3
  ? (its resolver is in opened[])
raced 48:3
  ? (its resolver is in opened[])
*/
