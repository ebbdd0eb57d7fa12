// Promise.withResolvers: in a variable, in a field, in a Map, and used by another function.
import { EventEmitter } from 'node:events';
import { gate, keep, ready } from './gates.mjs';

const bell = new EventEmitter();
const byId = new Map();

async function inVariable() {
  const { promise, resolve } = Promise.withResolvers();
  bell.once('ring', resolve);
  await promise;
}
async function whole() {
  const later = Promise.withResolvers();
  bell.once('ring', () => later.resolve());
  await later.promise;
}
class Door {
  opened = Promise.withResolvers();
}
const door = new Door();
async function atDoor() {
  await door.opened.promise;
}
async function called() {
  byId.set(1, Promise.withResolvers());
  await byId.get(1).promise;
}
const done = Promise.withResolvers();
async function settler() {
  await gate();
  done.resolve();
}
async function settled() {
  await done.promise;
}
// A variable that is passed on holds nothing any more.
async function giver() {
  const { promise, resolve } = Promise.withResolvers();
  bell.once('ring', resolve);
  keep(receiver(promise));
  await gate();
}
async function receiver(promise) {
  await promise;
}

keep(bell, door, inVariable(), whole(), atDoor(), called(), settler(), settled(), giver());
ready();

/* shows, from Node 22:
inVariable 11:3
  event 'ring' of EventEmitter
whole 16:3
  event 'ring' of EventEmitter
atDoor 23:3
  ? (its resolver is in Door.opened)
called 27:3
  ? (its resolver is in byId[])
settled 35:3
  settled by
    settler 31:3
      ? (its resolver is in opened[])
giver 42:3
  ? (its resolver is in opened[])
receiver 45:3
  event 'ring' of EventEmitter
*/
