// What goes to a worker thread is copied (structured clone). A function cannot be copied, and an object arrives
// without its class. A large buffer is copied byte by byte, unless it is transferred: then it is empty here.
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { About } from './frame/pitfall.ts';

type Seen = { aCallback: string; anObject: string; bytesHere: number; bytesThere: number };

export const about: About<Seen> = {
  title: 'Send a thread what cannot be copied',
  symptom:
    'A callback throws DataCloneError, an object has lost its methods, and a large buffer exists twice.',
  remedy: 'Send plain data and rebuild objects over there; transfer or share large buffers.',
  foundBy: [],
  shows: {
    wrong: {
      aCallback: 'DataCloneError',
      anObject: 'TypeError',
      bytesHere: 1_000_000,
      bytesThere: 1_000_000,
    },
    right: { aCallback: 'arrives', anObject: 'total 2140', bytesHere: 0, bytesThere: 1_000_000 },
  },
};

// TypeScript says nothing: postMessage takes anything, and what arrives has the type that its reader claims.
export async function wrong(): Promise<Seen> {
  const job = { order: 1, whenServed: () => {} };
  const bill = new Bill([1450, 690]);
  const photo = new Uint8Array(1_000_000);
  return {
    aCallback: outcome(() => {
      sendToThread(job);
      return 'arrives';
    }),
    anObject: outcome(() => `total ${sendToThread(bill).total()}`),
    bytesThere: sendToThread(photo).byteLength,
    bytesHere: photo.byteLength,
  };
}

// After a transfer the sender's buffer has length 0: right for whoever is done with it, a trap for whoever is not.
export async function right(): Promise<Seen> {
  const job = { order: 1, replyWhenServed: true };
  const bill = new Bill([1450, 690]);
  const photo = new Uint8Array(1_000_000);
  return {
    aCallback: outcome(() => {
      sendToThread(job);
      return 'arrives';
    }),
    anObject: outcome(() => `total ${new Bill(sendToThread(bill.cents)).total()}`),
    bytesThere: sendToThread(photo, [photo.buffer]).byteLength,
    bytesHere: photo.byteLength,
  };
}

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

function outcome(action: () => string): string {
  try {
    return action();
  } catch (error) {
    return (error as Error).name;
  }
}
