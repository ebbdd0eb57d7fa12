// A program hangs. It prints nothing, it uses no CPU, and its stack is empty: who awaits is no call
// on the stack, only an object in the heap. `npm run awaiting -- PID` reads the heap of a running
// Node process, whoever started it. It prints who awaits whom, and lets the process go on.
//
// Claim: three tables wait for one pie, and the look names the circle in which the pie waits for
// itself (a deadlock): pie, sauce, stock, pie. The process answers the look and goes on as before.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { connect } from '../src/awaiting/inspector.ts';
import { Observer } from '../src/awaiting/look.ts';
import { treeLines } from '../src/awaiting/text.ts';
import { play } from './stage.ts';

// In this kitchen somebody makes the stock of what is left of the pie.
const STOCK_OF = 'pie';

const KITCHEN = fileURLToPath(new URL('./stuck/kitchen.ts', import.meta.url));

// The kitchen runs in a process of its own, with its inspector open: that is the door through which
// debuggers come, and so do we. A process that was started without it opens it on a signal
// (SIGUSR1), which is what the command sends.
function openKitchen(stockOf: string) {
  const args = ['--inspect=127.0.0.1:0', KITCHEN, stockOf];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  return {
    printed: createInterface(child.stdout),
    errors: createInterface(child.stderr),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export async function run({ stockOf = STOCK_OF } = {}): Promise<void> {
  await using kitchen = openKitchen(stockOf);
  const [[line], [address]] = await Promise.all([
    once(kitchen.printed, 'line'),
    once(kitchen.errors, 'line'),
  ]);
  console.log(`it prints: ${line}\n`);

  // The look takes a heap snapshot. In it a suspended async function is an object, and the promise
  // that it awaits holds it: that is the edge from one to the next.
  await using session = await connect(/ws:\S+/.exec(`${address}`)![0]);
  await using observer = new Observer(session);
  const { tree } = await observer.look({ all: false, locals: false, mayPause: async () => true });

  // Each line is a function with the place of the await at which it stands. Below it stands what it
  // waits for.
  const withoutFolder = (text: string) => text.replaceAll(/[^\s(]*\/(kitchen\.ts)/g, '$1');
  console.log(withoutFolder(treeLines(tree).join('\n')));

  // What is proven to be wrong is said first, and as data it can be asked for.
  const paths = tree.findings.flatMap((finding) => (finding.kind === 'deadlock' ? [finding.path] : []));
  assert.deepEqual(paths, [['pie', 'sauce', 'stock', 'pie']], 'the circle in which a dish waits for itself');
  assert.ok(kitchen.isAlive(), 'the process goes on after the look');
}

if (import.meta.main) await play(run, { clock: 'real' });

// Output:
//
// it prints: the kitchen has nothing left to do
//
// DEADLOCK: pie → sauce → stock → pie (kitchen.ts:17:19): each waits for the next
//
// pie  kitchen.ts:19:3
// └─ Promise.all
//    └─ sauce  kitchen.ts:28:3
//       └─ stock  kitchen.ts:33:26
//          └─ pie again: it waits for itself
//
// (top level)  kitchen.ts:48:1
// └─ evening  kitchen.ts:42:3
//    └─ Promise.all
//       └─ serve × 3  kitchen.ts:37:3
//          └─ pie  kitchen.ts:19:3
//             └─ Promise.all
//                └─ sauce  kitchen.ts:28:3
//                   └─ stock  kitchen.ts:33:26
//                      └─ pie again: it waits for itself
//
// 11 async functions wait; 3 of Node and of libraries are folded, --all shows them
//
// Notice that no function is to blame. Each awaits what it needs, and each line is right. Only the
// circle is wrong, and no stack and no log would have shown it. A cache of promises makes such
// circles, and so do a pool that is taken twice and two locks that are taken in turn.
//
// Look into a process of yours: `npm run awaiting -- PID`. Where no graph tells who will settle a
// promise, it says `?` and where the resolver lies, and never a guess.
//
// Question: what does the look show if the stock is made of water, and why does the claim fall?
// Change `STOCK_OF = 'pie'` in line 18.
