// Events: once, on, by hand, with a timer beside, and of an EventTarget.
import { EventEmitter, on, once } from 'node:events';
import { keep, ready } from './gates.mjs';

const bell = new EventEmitter();
const target = new EventTarget();
keep(bell, target);

async function onceRung() {
  await once(bell, 'ring');
}
async function onRung() {
  for await (const event of on(bell, 'ring')) keep(event);
}
async function byHand() {
  await new Promise((resolve, reject) => {
    bell.once('ring', resolve);
    bell.once('error', reject);
  });
}
async function eitherEvent() {
  await new Promise((resolve) => {
    bell.once('ring', () => resolve('rung'));
    bell.once('knock', () => resolve('knocked'));
  });
}
async function withLimit() {
  await new Promise((resolve, reject) => {
    bell.once('ring', resolve);
    setTimeout(reject, 1e8);
  });
}
async function ofTarget() {
  await once(target, 'ring');
}
async function byResolvers() {
  const later = {};
  later.promise = new Promise((resolve, reject) => Object.assign(later, { resolve, reject }));
  bell.on('ring', () => later.resolve());
  await later.promise;
}

keep(onceRung(), onRung(), byHand(), eitherEvent(), withLimit(), ofTarget(), byResolvers());
ready();

/* shows:
onceRung 10:3
  event 'ring' of EventEmitter
onRung 13:20
  event 'ring' of EventEmitter
byHand 16:3
  event 'ring' of EventEmitter
eitherEvent 22:3
  settled by
    event 'knock' of EventEmitter
    event 'ring' of EventEmitter
withLimit 28:3
  settled by
    a timer, hours left 27 to 27
    event 'ring' of EventEmitter
ofTarget 34:3
  event 'ring' of EventTarget
byResolvers 40:3
  event 'ring' of EventEmitter
*/
