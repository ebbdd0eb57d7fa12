// Asks a reader for a line until it is one that can be used. It reads stdin line by line, so an answer can also come
// from a pipe or a file.
import { createInterface } from 'node:readline';

/**
 * The first line that `parse` accepts. For every other line its error goes to stderr. Undefined if the input ends first.
 * @throws when `signal` aborts
 */
export async function ask<Answer>(
  parse: (line: string) => Answer,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const prompt = () => {
    if (process.stdin.isTTY) process.stdout.write('> ');
  };
  // With `terminal: true` the process would no longer get Ctrl-C.
  using lines = createInterface({ input: process.stdin, terminal: false });
  const close = () => lines.close();
  signal.addEventListener('abort', close);
  try {
    prompt();
    for await (const line of lines) {
      try {
        return parse(line);
      } catch (error) {
        process.stderr.write(`${(error as Error).message}\n`);
        prompt();
      }
    }
    signal.throwIfAborted();
    return undefined;
  } finally {
    signal.removeEventListener('abort', close);
  }
}
