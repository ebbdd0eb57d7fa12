// Async generators and for await: over a generator, over an array of promises, over an iterator made by hand.
import { gate, keep, ready } from './gates.mjs';

async function cook() {
  await gate();
}
async function* dishes() {
  yield 'soup';
  await cook();
}
async function* menus() {
  yield* dishes();
}
async function eat() {
  for await (const dish of dishes()) keep(dish);
}
async function eatMenus() {
  for await (const dish of menus()) keep(dish);
}
async function eatArray() {
  for await (const dish of [1, cook()]) keep(dish);
}
const byHand = {
  [Symbol.asyncIterator]: () => ({ next: () => cook().then(() => ({ done: true })) }),
};
async function eatByHand() {
  for await (const dish of byHand) keep(dish);
}
async function twice() {
  const iterator = dishes();
  await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
}

keep(eat(), eatMenus(), eatArray(), eatByHand(), twice());
ready();

/* shows:
eat 15:20
  dishes 9:3
    cook 5:3
      ? (its resolver is in opened[])
eatMenus 18:20
  menus 12:3
    dishes 9:3
      cook 5:3
        ? (its resolver is in opened[])
eatArray 21:20
  cook 5:3
    ? (its resolver is in opened[])
eatByHand 27:20
  then (anonymous) 24:60
    cook 5:3
      ? (its resolver is in opened[])
twice 31:3
  all
    dishes 9:3
      cook 5:3
        ? (its resolver is in opened[])
*/
