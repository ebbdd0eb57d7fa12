// Two machines in one: two network namespaces, joined by a cable (a pair of virtual network cards). Each has a 127.0.0.1 of
// its own, so a server on this address cannot be reached from the other one.
import { namespace, noNamespace } from './holder.ts';

export interface Machine {
  /** The words before a command that make it run there. */
  readonly within: readonly string[];
  /** The address of its end of the cable. */
  readonly address: string;
}

/** Why there can be no second machine here, or false. For a test's `skip`. */
export const noMachines = (): string | false =>
  noNamespace('net', 'ip link set lo up; ip link add probe0 type veth peer name probe1');

export async function twoMachines(): Promise<
  AsyncDisposable & { readonly machines: readonly [Machine, Machine] }
> {
  await using resources = new AsyncDisposableStack();
  const first = resources.use(await namespace('net'));
  const second = resources.use(await namespace('net'));
  await first.run(...'ip link add cable0 type veth peer name cable0 netns'.split(' '), String(second.pid));
  // The addresses come from a block that is reserved for examples, so no real machine has them.
  const machines = [
    { within: first.within, address: '192.0.2.1' },
    { within: second.within, address: '192.0.2.2' },
  ] as const;
  for (const [place, machine] of [first, second].entries()) {
    await machine.run('ip', 'address', 'add', `${machines[place]!.address}/24`, 'dev', 'cable0');
    for (const card of ['lo', 'cable0']) await machine.run('ip', 'link', 'set', card, 'up');
  }
  const owned = resources.move();
  return { machines, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
