// What goes to a worker thread is copied (structured clone). A function cannot be copied. An object arrives without its
// class. A large buffer is copied byte by byte, unless it is transferred: then it moves, and is empty on this side.
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { pitfallOf } from './frame/pitfall.ts';

type Photo = Uint8Array<ArrayBuffer>;

/** Three things that are sent to a thread, and what becomes of each over there. */
interface Deliveries {
  readonly callback: () => unknown;
  readonly object: () => unknown;
  readonly buffer: () => unknown;
}

// It looks right because TypeScript accepts it: postMessage takes anything,
// and what arrives has whatever type the receiver claims.
export function wrong(photo: Photo): Deliveries {
  const bill = new Bill([1450, 690]);
  return {
    callback: () => sendToThread({ id: 1, whenServed: () => {} }).id,
    object: () => sendToThread(bill).total(),
    buffer: () => sendToThread(photo).byteLength,
  };
}

// Plain data is sent, and the object is built again over there. After a
// transfer the sender's buffer has length 0, so nobody may use it any more.
export function right(photo: Photo): Deliveries {
  const bill = new Bill([1450, 690]);
  return {
    callback: () => sendToThread({ id: 1, replyWhenServed: true }).id,
    object: () => new Bill(sendToThread(bill.cents)).total(),
    buffer: () => sendToThread(photo, [photo.buffer]).byteLength,
  };
}

export const pitfall = pitfallOf({
  about: {
    title: 'Send a thread what cannot be copied',
    symptom:
      'A callback throws DataCloneError. An object arrives without its methods, so calling one throws TypeError. A large buffer exists twice.',
    remedy:
      'Send plain data, and build objects again over there. Transfer large buffers, or share them (SharedArrayBuffer).',
    foundBy: [],
    shows: {
      wrong: { callback: 'DataCloneError', object: 'TypeError', bytesThere: '1000000', bytesHere: 1_000_000 },
      right: { callback: '1', object: '2140', bytesThere: '1000000', bytesHere: 0 },
    },
  },
  wrong,
  right,
  async show(version: (photo: Photo) => Deliveries) {
    const photo = new Uint8Array(1_000_000);
    const { callback, object, buffer } = version(photo);
    return {
      callback: outcomeOf(callback),
      object: outcomeOf(object),
      bytesThere: outcomeOf(buffer),
      bytesHere: photo.byteLength,
    };
  },
});

class Bill {
  readonly cents: readonly number[];
  constructor(cents: readonly number[]) {
    this.cents = cents;
  }
  total(): number {
    return this.cents.reduce((sum, cents) => sum + cents, 0);
  }
}

/** What a thread would receive: its mailbox is one end of a channel like this. */
function sendToThread<Message>(message: Message, transfer: ArrayBuffer[] = []): Message {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(message, transfer);
    return receiveMessageOnPort(port2)?.message as Message;
  } finally {
    port1.close();
  }
}

/** The result as text, or the name of the error. */
function outcomeOf(action: () => unknown): string {
  try {
    return String(action());
  } catch (error) {
    return (error as Error).name;
  }
}
