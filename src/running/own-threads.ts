// How the threads of a pool put away what each of them has set up. A pool ends its threads at once, and hands them no last
// message; a channel of their own reaches all of them.

/** A thread that has not put its things away after so long, in milliseconds, is ended all the same. */
const PATIENCE_MS = 500;

interface Message {
  readonly what: 'end' | 'ended';
}

/** In a thread: runs `end` when the message 'end' comes, and answers 'ended'. */
export function endWith(channel: string, end: () => Promise<void>): void {
  const port = new BroadcastChannel(channel);
  port.addEventListener('message', ({ data }: MessageEvent) => {
    if ((data as Message).what !== 'end') return;
    // A failure here belongs to no task, so nobody is told.
    void end()
      .catch(() => {})
      .then(() => port.postMessage({ what: 'ended' } satisfies Message));
  });
  // The port alone must not keep the thread alive.
  port.unref();
}

/** In the main thread: tells all threads to end, and waits until `threads` of them have answered. */
export async function endThreads(channel: string, threads: number): Promise<void> {
  const port = new BroadcastChannel(channel);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PATIENCE_MS);
  let left = threads;
  port.addEventListener('message', ({ data }: MessageEvent) => {
    if ((data as Message).what === 'ended' && --left === 0) resolve();
  });
  port.postMessage({ what: 'end' } satisfies Message);
  await promise;
  clearTimeout(timer);
  port.close();
}
