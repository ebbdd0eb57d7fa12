// A program hangs. It prints nothing, it uses no CPU, and its stack is empty. A function that
// awaits is not on the stack. It is only an object in the heap, the memory for objects. On Linux
// `npm run awaiting -- PID` reads the heap of a running Node process. It prints which function
// awaits which, and lets the process go on. (`--port 9229` does it for a program with --inspect.)
//
// Claim: three tables wait for one pie. The look finds the circle in which the pie waits for itself
// (a deadlock): pie, sauce, stock, pie. After the look the process goes on as before.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { connect } from '../src/awaiting/inspector.ts';
import { Observer, shortUrl } from '../src/awaiting/look.ts';
import { treeLines } from '../src/awaiting/text.ts';
import { play } from './stage.ts';

// In this kitchen the stock is made from what is left of the pie.
const STOCK_OF = 'pie';

const KITCHEN = new URL('./stuck/kitchen.ts', import.meta.url);

// The kitchen runs in a process of its own, with its inspector open. The inspector is the port that
// debuggers use, and the look uses it too. A process that was started without it opens it on the
// signal SIGUSR1, and the command sends this signal.
function openKitchen(stockOf: string) {
  const args = ['--inspect=127.0.0.1:0', fileURLToPath(KITCHEN), stockOf];
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

  // The look takes a heap snapshot, a list of all objects. A suspended async function is one of
  // them. The promise that it awaits holds it, so the look can follow from one function to the
  // next.
  await using session = await connect(/ws:\S+/.exec(`${address}`)![0]);
  await using observer = new Observer(session);
  const { tree } = await observer.look({ all: false, locals: false, mayPause: async () => true });

  // Each line is a function with the place of the await at which it stands. Below it is what it
  // waits for.
  const withoutFolder = (text: string) => text.replaceAll(shortUrl(KITCHEN.href), 'kitchen.ts');
  console.log(withoutFolder(treeLines(tree).join('\n')));

  // What is surely wrong, such as a deadlock, is also there as data.
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
// Notice that no function alone is wrong. Each awaits what it needs. Only the circle is wrong, and
// no stack and no log shows it. A cache of promises can make such circles. So can a task that needs
// a second place in its own pool, or two locks that are taken in different orders.
//
// Look into a process of yours: `npm run awaiting -- PID`. If the heap does not show who will
// settle a promise, the tree says `?` and never guesses. The function that settles a promise is
// called its resolver. If it is stored somewhere, the tree says where.
//
// Question: the stock is now made of water. What does the look show, and why does the claim fail?
// Change `STOCK_OF = 'pie'` in line 19.
