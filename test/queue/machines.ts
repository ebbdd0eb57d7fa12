// Two machines on one: two network namespaces with a cable (a pair of virtual network cards) between them. Each has a
// 127.0.0.1 of its own, so what listens there on one of them cannot be reached from the other. A namespace lives as long
// as its process, so nothing is left when the test ends, however it ends.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

export interface Machine {
  /** The words before a command that make it run there. */
  readonly within: readonly string[];
  /** Of its end of the cable. */
  readonly address: string;
}

/** Why there can be no second machine here, or false. For a test's `skip`. */
export function noMachines(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root on Linux may make namespaces';
  try {
    const make = 'ip link set lo up && ip link add probe0 type veth peer name probe1';
    execFileSync('unshare', ['--net', 'sh', '-c', make], { stdio: 'ignore' });
    return false;
  } catch {
    return 'this system makes no network namespaces, or has no `ip`';
  }
}

export async function twoMachines(): Promise<
  AsyncDisposable & { readonly machines: readonly [Machine, Machine] }
> {
  await using resources = new AsyncDisposableStack();
  const first = resources.use(await namespace());
  const second = resources.use(await namespace());
  // The addresses are of a block that is kept for examples, so they can be nobody's.
  const machines = [
    { within: first.within, address: '192.0.2.1' },
    { within: second.within, address: '192.0.2.2' },
  ] as const;
  const on = async ({ within: [program = '', ...words] }: Machine, ...command: readonly string[]) =>
    runFile(program, [...words, ...command]);
  await on(
    machines[0],
    'ip',
    'link',
    'add',
    'cable0',
    'type',
    'veth',
    'peer',
    'name',
    'cable0',
    'netns',
    String(second.pid),
  );
  for (const machine of machines) {
    await on(machine, 'ip', 'address', 'add', `${machine.address}/24`, 'dev', 'cable0');
    for (const card of ['lo', 'cable0']) await on(machine, 'ip', 'link', 'set', card, 'up');
  }
  const owned = resources.move();
  return { machines, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

interface Namespace extends AsyncDisposable {
  readonly pid: number;
  readonly within: readonly string[];
}

async function namespace(): Promise<Namespace> {
  // It ends with this process, even after kill -9: `cat` reads to the end of a pipe whose other end is here.
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const pid = holder.pid!;
  return {
    pid,
    within: ['nsenter', `--target=${pid}`, '--net'],
    async [Symbol.asyncDispose]() {
      const ended = once(holder, 'exit');
      holder.stdin.end();
      await ended;
    },
  };
}
