// Namespaces of Linux for tests: a network, or mounts, that only the processes see that the test starts in it. A namespace
// lives as long as its holder, a process that ends with the test, also after kill -9: it reads to the end of a pipe whose
// other end is here. So nothing is ever left behind.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

export interface Namespace extends AsyncDisposable {
  readonly pid: number;
  /** The words before a command that make it run there. */
  readonly within: readonly string[];
  run(...command: readonly string[]): Promise<unknown>;
}

/** Makes a namespace of this kind, and runs a shell's command in it. @throws if that fails */
export async function namespace(kind: 'net' | 'mount', command = ':'): Promise<Namespace> {
  const holder = spawn('unshare', [`--${kind}`, 'sh', '-ec', `${command}; echo ready; exec cat`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [ready] = (await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])) as [unknown];
  if (!Buffer.isBuffer(ready)) throw new Error(`there is no namespace: ${command} failed`);
  const pid = holder.pid!;
  const within = ['nsenter', `--target=${pid}`, `--${kind}`];
  return {
    pid,
    within,
    run: (...words) => runFile('nsenter', [...within.slice(1), ...words]),
    async [Symbol.asyncDispose]() {
      const ended = once(holder, 'exit');
      holder.stdin.end();
      await ended;
    },
  };
}

/** Why there can be no such namespace here, or false. For a test's `skip`. */
export function noNamespace(kind: 'net' | 'mount', probe: string): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux makes namespaces';
  try {
    execFileSync('unshare', [`--${kind}`, 'sh', '-ec', probe], { stdio: 'ignore' });
    return false;
  } catch {
    return `this system makes no namespaces, or has no command for: ${probe}`;
  }
}
