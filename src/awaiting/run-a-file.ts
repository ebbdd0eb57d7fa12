// What `npm run awaiting -- FILE` does: runs the program as it would run without us, and looks when it ends with its top
// level unsettled (exit code 13), on Ctrl-\ (SIGQUIT), and after `--after`.
import { spawn } from 'node:child_process';
import { EventEmitter, on } from 'node:events';
import { stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { basename } from 'node:path';
import type { Duplex } from 'node:stream';
import { isatty } from 'node:tty';
import type { Result } from '../command-line.ts';
import { typedPath } from '../files/typed-path.ts';
import { print } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { attachToPid } from './attach.ts';
import { AttachError } from './examine.ts';
import { InspectorError } from './inspector.ts';
import { KEEP_FILE, measureKeep, type KeepPrice } from './keep.ts';
import type { AwaitingOptions } from './options.ts';
import { RELAY_FLAGS, relayOver, type WhyStopped } from './relay.ts';
import { keepLine, lookLines } from './report.ts';
import { followThreads, type ThreadLook } from './threads.ts';

type Happening =
  /** The program stands still and answers. */
  | { readonly kind: 'stopped'; readonly why: WhyStopped }
  /** Somebody wants to look. */
  | { readonly kind: 'asked' }
  /** Somebody asked, and the program did not stop. */
  | { readonly kind: 'overdue' }
  | { readonly kind: 'ended' };

/** The terminal sends Ctrl-\ to the program too; kill sends it to us alone. */
const FROM_TERMINAL_MS = 300;
const OVERDUE_MS = 1500;
const GRACE_MS = 5000;

/** @throws {UsageError} if there is no such file */
export async function runFile(
  file: string,
  args: readonly string[],
  options: AwaitingOptions,
  signal: AbortSignal,
): Promise<Result> {
  const path = await programAt(file);
  const parent = process.ppid;
  const keep = options.keep ? ['--require', KEEP_FILE] : [];
  const child = spawn(process.execPath, [...RELAY_FLAGS, ...keep, path, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    cwd: typedPath('.'),
  });
  const happened = new EventEmitter();
  const tell = (happening: Happening) => void happened.emit('happening', happening);
  const happenings = on(happened, 'happening');
  const relay = relayOver(child.stdio[3] as Duplex, (why) => tell({ kind: 'stopped', why }));
  child.once('exit', () => tell({ kind: 'ended' }));
  const timers = new Set<NodeJS.Timeout>();
  const tellLater = (kind: 'asked' | 'overdue', ms: number) =>
    timers.add(setTimeout(tell, ms, { kind } satisfies Happening));

  const onQuit = () => tell({ kind: 'asked' });
  process.on('SIGQUIT', onQuit);
  const endChild = () => void child.kill('SIGKILL');
  process.on('exit', endChild);
  const onAbort = () => {
    // On a terminal Ctrl-C went to the program too. It may want to put things away first.
    if (!isOnTerminal()) child.kill('SIGINT');
    timers.add(setTimeout(endChild, GRACE_MS));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (options.after !== undefined) tellLater('asked', options.after * 1000);
  if (process.stderr.isTTY) process.stderr.write(`Ctrl-\\ shows who awaits whom in ${basename(path)}\n`);

  /** Asked, and not yet answered. */
  let isDue = false;
  /** We have looked from outside already. When the program gets the old request at last, it need not stop. */
  let isLate = false;
  let looks = 0;
  let keepPrice: KeepPrice | undefined;
  try {
    for await (const [happening] of happenings as AsyncIterable<[Happening]>) {
      if (happening.kind === 'ended') break;
      if (happening.kind === 'asked' && !isDue) {
        isDue = true;
        if (options.threads) tell({ kind: 'overdue' });
        else {
          const ms = isOnTerminal() ? FROM_TERMINAL_MS : 0;
          void relay.ready.then(() => {
            const ask = () => {
              if (isDue) child.kill('SIGQUIT');
            };
            timers.add(setTimeout(ask, ms));
            tellLater('overdue', OVERDUE_MS);
          });
        }
      }
      if (happening.kind === 'stopped') {
        if (!isLate && !signal.aborted) {
          await lookInside(happening.why);
          looks++;
        }
        isLate = false;
        isDue = false;
        relay.goOn();
      }
      if (happening.kind === 'overdue' && isDue && !signal.aborted) {
        await lookFromOutside();
        looks++;
        isLate = !options.threads;
        isDue = false;
      }
      // npm does not handle SIGQUIT, so Ctrl-\ has ended npm. Without npm, Ctrl-C would not end the program any more.
      if (looks > 0 && process.ppid !== parent) endChild();
    }
  } finally {
    for (const timer of timers) clearTimeout(timer);
    process.off('SIGQUIT', onQuit);
    process.off('exit', endChild);
    signal.removeEventListener('abort', onAbort);
  }
  const { exitCode, signalCode } = child;
  if (looks === 0 && !signal.aborted) {
    const how = signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`;
    process.stderr.write(
      `no tree: ${basename(path)} ended ${how}, and nobody had asked; --after 5s looks while it runs\n`,
    );
  }
  return { exitCode: signalCode === null ? (exitCode ?? 1) : 128 + constants.signals[signalCode] };

  async function lookInside(why: WhyStopped): Promise<void> {
    const started = performance.now();
    try {
      await using threads = await followThreads(relay.session, options, true);
      const [look] = await threads.look(signal);
      // Unlike a process that we attach to, this one stands still until we are done.
      const seen = standingStill(look!, performance.now() - started);
      await show([why === 'out of work' ? outOfWork(seen) : seen]);
    } catch (error) {
      tellTrouble(error);
    }
  }

  async function lookFromOutside(): Promise<void> {
    try {
      await using target = await attachToPid(child.pid!);
      await using threads = await followThreads(target.session, options);
      await show(await threads.look(signal));
    } catch (error) {
      tellTrouble(error);
    }
  }

  async function show(seen: readonly ThreadLook[]): Promise<void> {
    keepPrice ??= options.keep ? await measureKeep(signal) : undefined;
    if (options.json) return print([JSON.stringify({ looks: seen, ...(keepPrice ? { keepPrice } : {}) })]);
    const [main] = seen;
    const kept = main && 'kept' in main ? main.kept : undefined;
    print([...lookLines(seen), ...(kept && keepPrice ? [keepLine(kept, keepPrice)] : [])]);
  }

  /** The program goes on, and with it the command: a later look may succeed. */
  function tellTrouble(error: unknown): void {
    if (signal.aborted) return;
    if (!(error instanceof AttachError || error instanceof InspectorError)) throw error;
    process.stderr.write(`no tree: ${error.message}\n`);
  }
}

async function programAt(file: string): Promise<string> {
  const path = typedPath(file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  throw new UsageError(
    found
      ? `expected a PID or a program, got the folder ${path}`
      : `expected a PID or a program: there is no file ${path}`,
  );
}

function isOnTerminal(): boolean {
  // Not process.stdin, which would open the stream that the program reads.
  return [0, 1, 2].some((descriptor) => isatty(descriptor));
}

function standingStill(look: ThreadLook, ms: number): ThreadLook {
  if ('trouble' in look) return look;
  return { ...look, price: { ...look.price, pauseMs: ms - look.price.lookupMs } };
}

function outOfWork(look: ThreadLook): ThreadLook {
  if ('trouble' in look) return look;
  const { tree } = look;
  return { ...look, tree: { ...tree, findings: [{ kind: 'ends with 13' }, ...tree.findings] } };
}
