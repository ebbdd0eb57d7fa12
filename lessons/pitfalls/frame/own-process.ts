// What crashes, hangs or deadlocks does so in a process of its own. Nearly like fork: the child loads the same module
// and calls the same function, and where that arrives at `ownProcess`, the child runs the body and nothing else.
// So the code that goes wrong stands inside `wrong`, where readers and linters look for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './turns.ts';

export interface OwnProcess {
  /** `import.meta.url` of the pitfall. */
  readonly module: string;
  /** The function that this is called from. */
  readonly version: 'wrong' | 'right';
  /** For a child that would never end: once it has printed this line and does not end by itself, it is killed. */
  readonly killAfter?: string;
  /** The most files that the child may have open (ulimit -n); not on Windows. */
  readonly openFiles?: number;
}

export type Ended = {
  /** The lines of stdout. */
  readonly printed: readonly string[];
  readonly exitCode: number | 'killed';
  /** The first line of stderr that names an error or a warning, without its place; '' without one. */
  readonly complaint: string;
};

const CHILD = fileURLToPath(import.meta.resolve('./child.ts'));
const isChild = process.argv[1] === CHILD;
/** In the child: what child.ts waits for, and runs. */
export const bodyOfChild = Promise.withResolvers<() => unknown>();

/** It says nothing about any pitfall: it ends a demonstration that is broken, so that its test fails and not waits. */
const BROKEN_AFTER_MS = 60_000;

/** Settings of the reader's shell that would change what is shown; and with NODE_TEST_CONTEXT, which node --test
 * sets, the child would speak a binary protocol. */
const KEPT_FROM_THE_CHILD = new Set([
  'NODE_OPTIONS',
  'NODE_TEST_CONTEXT',
  'FORCE_COLOR',
  'UV_THREADPOOL_SIZE',
]);

/**
 * Runs `body` in a process of its own and tells how that ended.
 * @throws if something else than this function ended the child by a signal
 */
export async function ownProcess(
  { module, version, killAfter, openFiles }: OwnProcess,
  body: () => unknown,
): Promise<Ended> {
  if (isChild) {
    bodyOfChild.resolve(body);
    return new Promise(() => {}); // what follows in `wrong` is for the parent
  }
  const limited = openFiles ? ['/bin/sh', '-c', 'ulimit -n "$0" && exec "$@"', `${openFiles}`] : [];
  const [file, ...args] = [...limited, process.execPath, CHILD, module, version];
  const inherited = Object.entries(process.env).filter(([name]) => !KEPT_FROM_THE_CHILD.has(name));
  const child = spawn(file, args, {
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: BROKEN_AFTER_MS,
    killSignal: 'SIGKILL',
  });
  const endChild = () => child.kill('SIGKILL');
  process.once('exit', endChild);

  const printed: string[] = [];
  let [stderr, killed] = ['', false];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const endIfItHangs = async () => {
    await until(() => child.exitCode !== null, 1000);
    killed = child.exitCode === null && endChild();
  };
  createInterface(child.stdout).on('line', (line) => {
    printed.push(line);
    if (line === killAfter) void endIfItHangs();
  });

  const [exitCode, signal] = (await once(child, 'close')) as [number | null, string | null];
  process.removeListener('exit', endChild);
  if (signal !== null && !killed) throw new Error(`the child was ended by ${signal}: ${stderr}`);
  const [, complaint = ''] =
    /^(?:\(node:\d+\) )?(\S*(?:Error|Warning)\b.*?)(?: at file:.*)?$/m.exec(stderr) ?? [];
  return { printed, exitCode: killed ? 'killed' : exitCode!, complaint };
}
