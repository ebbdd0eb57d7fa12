// Seen: It was {}.
import type { MessagePort } from 'node:worker_threads';

export async function sendPicture(picture: Uint8Array<ArrayBuffer>, port: MessagePort): Promise<number> {
  const { length, buffer } = picture;
  port.postMessage(buffer, [buffer]);
  return length;
}
