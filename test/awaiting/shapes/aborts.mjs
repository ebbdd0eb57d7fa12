// A signal that somebody could abort. Beside something else it is not what one waits for.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventEmitter } from 'node:events';
import { keep, ready } from './gates.mjs';

const closing = new AbortController();
const bell = new EventEmitter();
keep(closing, bell);
const { signal } = closing;

async function byListener() {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });
}
async function onceAborted() {
  await once(signal, 'abort');
}
async function eventOrAbort() {
  await once(bell, 'ring', { signal });
}
async function sleepOrAbort() {
  await sleep(1e9, undefined, { signal });
}

keep(byListener(), onceAborted(), eventOrAbort(), sleepOrAbort());
ready();

/* shows:
byListener 13:3
  an abort signal
onceAborted 18:3
  an abort signal
eventOrAbort 21:3
  event 'ring' of EventEmitter
sleepOrAbort 24:3
  a timer, hours left 277 to 277
*/
