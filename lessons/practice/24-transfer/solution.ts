// The second argument lists what changes its owner: not the view, but the buffer below it. The length is read
// before that, because afterwards it is 0.
import type { MessagePort } from 'node:worker_threads';

export async function sendPicture(picture: Uint8Array<ArrayBuffer>, port: MessagePort): Promise<number> {
  const { length } = picture;
  port.postMessage(picture, [picture.buffer]);
  return length;
}
