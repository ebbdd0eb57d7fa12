// A bare thread that sends back what it gets, the way it got it, after a look at both ends.
import { parentPort } from 'node:worker_threads';
import type { Parcel } from './measure.ts';

parentPort!.on('message', (parcel: Parcel) => {
  const { bytes, how } = parcel;
  if (bytes[0] !== bytes.at(-1)) throw new Error('expected both ends to be equal');
  parentPort!.postMessage(parcel, how === 'transfer' ? [bytes.buffer as ArrayBuffer] : []);
});
