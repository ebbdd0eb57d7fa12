// Programs for the tests to look into. Each opens its inspector on a port of its own, so that tests that run at the
// same time do not take it from one another, and says on stdout when it waits.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect, type Connection } from '../../src/awaiting/inspector.ts';

export interface Target extends AsyncDisposable {
  readonly session: Connection;
  readonly pid: number;
}

/** @throws {Error} if the program ends before it waits */
export async function targetOf(node: string, program: string, args: readonly string[] = []): Promise<Target> {
  const child = spawn(node, ['--inspect=127.0.0.1:0', join(import.meta.dirname, program), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const early = Promise.withResolvers<never>();
  early.promise.catch(() => {});
  child.once('close', () => early.reject(new Error(`the program ended before it waited: ${stderr}`)));
  await Promise.race([once(createInterface(child.stdout), 'line'), early.promise]);
  const session = await connect(/ws:\/\/\S+/.exec(stderr)![0]);
  return {
    session,
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      const isOver = child.exitCode !== null || child.signalCode !== null;
      const ended = isOver ? undefined : once(child, 'exit');
      // What the program holds outside, such as a named pipe, goes when it is told to end.
      child.kill('SIGTERM');
      await ended;
    },
  };
}
