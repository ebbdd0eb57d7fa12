// A time limit as a wrapper around a task. When the time is up the task's signal aborts, and the call counts as failed. But
// it keeps its place until it has really ended: a task that does not hear its signal still uses the server that it asked.
// If its place were given away, there would be more in flight than was allowed.
import type { Task } from '../approaches/task.ts';
import { timerLength } from '../api/clock.ts';
import { isThenable } from '../thenable.ts';

export interface TimedOptions<Input> {
  /** How long a call may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Called if a call has not ended GRACE_MS after its signal aborted. It then counts as hanging. */
  readonly onHanging: (input: Input) => void;
}

/** A task that hears its signal ends within this time, in milliseconds. */
export const GRACE_MS = 1000;

/** `task` with a time limit. A task that returns no promise has no limit: nothing can stop it. */
export function timed<Input, Output>(
  task: (input: Input, signal: AbortSignal) => Output | PromiseLike<Output>,
  { timeoutMs, onHanging }: TimedOptions<Input>,
): Task<Input, Output> {
  return (input, outer) => {
    const stop = new AbortController();
    const returned = task(input, outer ? AbortSignal.any([outer, stop.signal]) : stop.signal);
    return isThenable(returned) ? inTime(returned) : returned;

    async function inTime(running: PromiseLike<Output>): Promise<Output> {
      let hanging: NodeJS.Timeout | undefined;
      const lastWord = () => {
        hanging ??= setTimeout(() => onHanging(input), GRACE_MS);
      };
      const timer = setTimeout(() => {
        stop.abort(new DOMException(`took longer than ${timeoutMs} ms`, 'TimeoutError'));
        lastWord();
      }, timerLength(timeoutMs));
      outer?.addEventListener('abort', lastWord, { once: true });
      try {
        const output = await running;
        // It came, but too late to count.
        stop.signal.throwIfAborted();
        return output;
      } catch (error) {
        stop.signal.throwIfAborted();
        throw error;
      } finally {
        clearTimeout(timer);
        clearTimeout(hanging);
        outer?.removeEventListener('abort', lastWord);
      }
    }
  };
}
