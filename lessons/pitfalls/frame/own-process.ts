// What crashes, hangs or deadlocks does so in a process of its own. Nearly like fork: the child loads the same module
// and calls the same function, and where that arrives at `ownProcess`, the child runs the body and nothing else.
// So the code that goes wrong stands inside `wrong`, where readers and linters look for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type Ended = {
  /** The lines of stdout. */
  readonly printed: readonly string[];
  readonly exitCode: number | 'killed';
  /** The first line of stderr that names an error or a warning, without its place; '' without one. */
  readonly complaint: string;
};

export interface ProcessOptions {
  /** Kill the child once it has printed this line: for a child that would never end. */
  readonly killAt?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The most files that the child may have open (ulimit -n); not on Windows. */
  readonly openFiles?: number;
}

export interface OwnProcess extends ProcessOptions {
  /** `import.meta.url` of the pitfall. */
  readonly module: string;
  /** The function that this is called from. */
  readonly version: 'wrong' | 'right';
}

const CHILD = fileURLToPath(import.meta.resolve('./child.ts'));
const isChild = process.argv[1] === CHILD;
/** In the child: what child.ts waits for, and runs. */
export const bodyOfChild = Promise.withResolvers<() => unknown>();

/** Says nothing about any pitfall: it ends a demonstration that is broken, so that its test fails and not waits. */
const BROKEN_AFTER_MS = 60_000;

/**
 * Runs `body` in a process of its own and tells how that ended.
 * @throws if the child neither ends nor prints `killAt`
 */
export async function ownProcess(
  { module, version, ...options }: OwnProcess,
  body: () => unknown,
): Promise<Ended> {
  if (isChild) {
    bodyOfChild.resolve(body);
    return new Promise(() => {}); // what follows in `wrong` is the parent's
  }
  const { exitCode, printed, complaint } = await run([CHILD, module, version], options);
  return { printed, exitCode, complaint };
}

/** Runs Node with `args` and tells how that ended, with all of stderr. */
export async function run(
  args: readonly string[],
  { killAt, environment, openFiles }: ProcessOptions = {},
): Promise<Ended & { readonly stderr: string }> {
  // Without NODE_TEST_CONTEXT: node --test would make the child speak its own binary protocol.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, FORCE_COLOR: ___, ...inherited } = process.env;
  const command =
    openFiles === undefined ? [] : ['/bin/sh', '-c', 'ulimit -n "$0" && exec "$@"', String(openFiles)];
  const [file, ...rest] = [...command, process.execPath, ...args] as [string, ...string[]];
  const child = spawn(file, rest, {
    env: { ...inherited, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: BROKEN_AFTER_MS,
    killSignal: 'SIGKILL',
  });
  const endChild = () => child.kill('SIGKILL');
  process.once('exit', endChild);
  const printed: string[] = [];
  let stderr = '';
  let killed = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  createInterface(child.stdout).on('line', (line) => {
    printed.push(line);
    if (line === killAt) killed = endChild();
  });
  const [exitCode, signal] = (await once(child, 'close')) as [number | null, string | null];
  process.removeListener('exit', endChild);
  if (signal !== null && !killed) throw new Error(`the child did not end by itself (${signal}): ${stderr}`);
  const complaint =
    stderr.match(/^(?:\(node:\d+\) )?(\S*(?:Error|Warning)\b.*?)(?: at file:.*)?$/m)?.[1] ?? '';
  return { printed, exitCode: killed ? 'killed' : exitCode!, complaint, stderr };
}
