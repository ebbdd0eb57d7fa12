// Seen: It fulfilled with 0.
import type { MessagePort } from 'node:worker_threads';

export async function sendPicture(picture: Uint8Array<ArrayBuffer>, port: MessagePort): Promise<number> {
  port.postMessage(picture, [picture.buffer]);
  return picture.length;
}
