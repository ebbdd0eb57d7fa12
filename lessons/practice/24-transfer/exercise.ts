// A picture goes to a worker thread. postMessage copies what it is given, and for sixteen megabytes that
// takes longer than the work. The bytes can be handed over instead: that takes no time, but afterwards the
// sender no longer has them.
//
// What is wanted: `sendPicture` hands the bytes of `picture` over to the other side without a copy, and
// returns how many there are. The message is the picture itself, a Uint8Array.
import type { MessagePort } from 'node:worker_threads';

export async function sendPicture(picture: Uint8Array<ArrayBuffer>, port: MessagePort): Promise<number> {
  port.postMessage(picture);
  return picture.length;
}
