// The conversation with a program that we started: relay.cjs, inside it, answers while the program stands still.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { Conversation, type Session } from './inspector.ts';

const RELAY_FILE = fileURLToPath(new URL('relay.cjs', import.meta.url));

/**
 * What a program is started with. A program that computes has to be looked at through a port: with 0 the system gives a free
 * one, so that it does not matter who has Node's own, 9229.
 */
export const RELAY_FLAGS = ['--inspect-port=0', '--require', RELAY_FILE];

/**
 * `out of work`: nothing keeps the program alive, and its top level is unsettled. `end`: it ended with the same code, 13,
 * for a reason of its own. `asked`: somebody asked.
 */
export type WhyStopped = 'out of work' | 'end' | 'asked';

export interface Relay {
  readonly session: Session;
  /** Resolves when the program can be asked by SIGQUIT: before that the signal ends it. */
  readonly ready: Promise<void>;
  /** The program goes on. */
  readonly goOn: () => void;
}

export function relayOver(channel: Duplex, onStop: (why: WhyStopped) => void): Relay {
  const conversation = new Conversation((text) => channel.write(`${text}\n`));
  // The program may end while we write. The code that waits for its end handles that.
  channel.on('error', () => {});
  // Not readline, which takes more than a line feed for the end of a line.
  let pending = '';
  channel.setEncoding('utf8').on('data', (text: string) => {
    const lines = (pending + text).split('\n');
    pending = lines.pop()!;
    for (const line of lines) conversation.receive(line);
  });
  channel.on('close', () => conversation.end('the program ended before it had answered'));
  const ready = Promise.withResolvers<void>();
  conversation.on('Relay.ready', () => ready.resolve());
  conversation.on('Relay.stopped', ({ why }: { readonly why: WhyStopped }) => onStop(why));
  const session: Session = {
    on: (method, listener) => conversation.on(method, listener),
    async post<Result>(method: string, params?: object, options?: { readonly withinMs?: number }) {
      if (method !== 'HeapProfiler.takeHeapSnapshot')
        return conversation.post<Result>(method, params, options);
      return (await takeSnapshot(conversation)) as Result;
    },
  };
  return { session, ready: ready.promise, goOn: () => channel.write('{"method":"Relay.goOn"}\n') };
}

/** A program that ends runs no more tasks, and the inspector takes a snapshot in one. Node writes a file all the same. */
async function takeSnapshot(conversation: Conversation): Promise<object> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'heap.json');
  await conversation.post('Relay.writeSnapshot', { file });
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    conversation.emit('HeapProfiler.addHeapSnapshotChunk', { chunk: chunk as Uint8Array });
  }
  return {};
}
