import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { quietFor } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand, shown } from '../frame/verdict.ts';
import type { sendPicture as SendPicture } from './solution.ts';

const SIZE = 4096;

export default async function check(sendPicture: typeof SendPicture): Promise<void> {
  const { port1: ours, port2: theirs } = new MessageChannel();
  try {
    const picture = new Uint8Array(SIZE).map((_, index) => index % 251);
    const outcome = watched(() => sendPicture(picture, ours));
    await quietFor(() => 0);
    const message = receiveMessageOnPort(theirs)?.message as unknown;
    demand(message !== undefined, 'One message arrives.', 'No message arrived.');
    demand(message instanceof Uint8Array, 'The message is a Uint8Array.', `It was ${shown(message)}.`);
    const bytes = message as Uint8Array;
    const isWhole = bytes.length === SIZE && bytes.every((byte, index) => byte === index % 251);
    demand(isWhole, `All ${SIZE} bytes arrive.`, `${bytes.length} bytes arrived, or other ones.`);
    demand(
      picture.length === 0,
      'The sender no longer has the bytes.',
      `The sender still held all ${picture.length} bytes: the message was a copy.`,
    );
    const more = receiveMessageOnPort(theirs);
    demand(more === undefined, 'One message is sent.', 'A second message was sent.');
    demand(outcome.state === 'fulfilled', 'It is done.', told(outcome));
    demand(outcome.value === SIZE, `It fulfils with ${SIZE}.`, told(outcome));
  } finally {
    ours.close();
  }
}
