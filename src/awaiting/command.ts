// What `npm run awaiting` does once it knows what for.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Result } from '../command-line.ts';
import { print } from '../output.ts';
import { attachToPid, attachToPort } from './attach.ts';
import { connect, followWorkers, InspectorError, type Session } from './inspector.ts';
import { Observer, shortUrl, type Look, type LookOptions } from './look.ts';
import { treeLines } from './text.ts';

export interface AwaitingOptions {
  readonly port?: number;
  readonly all?: true;
  readonly locals?: true;
  readonly json?: true;
  readonly yes?: true;
  readonly threads?: true;
  readonly watch?: number;
  readonly after?: number;
  readonly keep?: true;
}

interface Thread {
  /** Of a worker thread its `threadId`; 0 is the main thread. */
  readonly id: number;
  readonly name: string;
  readonly url: string;
}

/** A thread that cannot be looked at hides none of the others. */
export type ThreadLook = { readonly thread: Thread } & (Look | { readonly trouble: string });

const MAIN: Thread = { id: 0, name: 'main', url: '' };

export async function lookAtProcess(
  pid: number | undefined,
  options: AwaitingOptions,
  signal: AbortSignal,
): Promise<Result> {
  await using target = await (pid === undefined ? attachToPort(options.port!) : attachToPid(pid));
  await using threads = await followThreads(target.session, options);
  let before = '';
  for (;;) {
    signal.throwIfAborted();
    const looks = await threads.look(signal);
    const shown = JSON.stringify(looks, (key, value: unknown) =>
      key === 'price' || key === 'ageMs' ? undefined : value,
    );
    if (shown !== before) printLooks(looks, options);
    before = shown;
    if (options.watch === undefined) return 'done';
    await sleep(options.watch * 1000, undefined, { signal });
  }
}

export interface Threads extends AsyncDisposable {
  readonly look: (signal: AbortSignal) => Promise<ThreadLook[]>;
}

export async function followThreads(session: Session, options: AwaitingOptions): Promise<Threads> {
  const main = new Observer(session);
  const observers = new Map<Session, Observer>();
  const workers = options.threads ? await followWorkers(session) : () => [];
  return {
    async look(signal) {
      const lookOptions: LookOptions = {
        all: options.all ?? false,
        locals: options.locals ?? false,
        signal,
        mayPause: (bytes) => mayPause(bytes, options, signal),
      };
      const looks: ThreadLook[] = [{ thread: MAIN, ...(await main.look(lookOptions)) }];
      for (const worker of workers()) {
        const observer = observers.get(worker.session) ?? new Observer(worker.session);
        observers.set(worker.session, observer);
        const { id, name, url } = worker;
        looks.push({ thread: { id, name, url }, ...(await lookCalmly(observer, lookOptions)) });
      }
      return looks;
    },
    async [Symbol.asyncDispose]() {
      for (const observer of [main, ...observers.values()]) await observer[Symbol.asyncDispose]();
    },
  };
}

async function lookCalmly(observer: Observer, options: LookOptions): Promise<Look | { trouble: string }> {
  try {
    return await observer.look(options);
  } catch (error) {
    if (options.signal?.aborted || !(error instanceof InspectorError)) throw error;
    return { trouble: error.message };
  }
}

async function mayPause(
  bytes: number,
  { yes, json }: AwaitingOptions,
  signal: AbortSignal,
): Promise<boolean> {
  if (yes) return true;
  if (json || !process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const size = Math.round(bytes / 2 ** 20);
    const answer = await terminal.question(
      `The heap is ${size} MiB: a look pauses it for long. Go on? [y/N] `,
      { signal },
    );
    return /^y/i.test(answer);
  } finally {
    terminal.close();
  }
}

function printLooks(looks: readonly ThreadLook[], options: AwaitingOptions): void {
  if (options.json) return print([JSON.stringify({ looks })]);
  print(looks.flatMap((each) => lookLines(each, looks.length > 1)));
}

function lookLines(look: ThreadLook, isOneOfMany: boolean): string[] {
  const { id, name, url } = look.thread;
  const title = id === 0 ? 'main thread' : ['worker thread', id, name, shortUrl(url)].join(' ');
  const heading = isOneOfMany ? [`== ${title} ==`] : [];
  if ('trouble' in look) return [...heading, `not seen: ${look.trouble}`];
  const { running, tree, price, node } = look;
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return [
    ...heading,
    ...(running === undefined ? [] : [`COMPUTES and did not answer: ${running}`]),
    ...treeLines(tree),
    `price: ${node} stood still for ${Math.round(price.pauseMs)} ms, and ${Math.round(price.lookupMs)} ms for ${price.lookups} places; snapshot ${mib(price.snapshotBytes)}, our own memory at most ${mib(price.ownPeakBytes)}`,
  ];
}

/** Runs the program under its inspector; looks when it ends with 13, on Ctrl-\, or after `--after`. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: AwaitingOptions,
  signal: AbortSignal,
): Promise<Result> {
  const keep = options.keep ? ['--import', new URL('./keep.ts', import.meta.url).href] : [];
  const child = spawn(process.execPath, ['--inspect-wait=127.0.0.1:0', ...keep, program, ...args], {
    stdio: ['inherit', 'inherit', 'pipe'],
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
  });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const url = Promise.withResolvers<string>();
  exited.catch(() => {});
  let pending = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (pending + text).split('\n');
    pending = lines.pop()!;
    for (const line of lines) {
      const at = /^Debugger listening on (ws:\/\/\S+)/.exec(line);
      if (at) url.resolve(at[1]!);
      else if (
        !/^(?:For help, see: https:\/\/nodejs\.org|Debugger attached\.|Debugger ending on |Waiting for the debugger)/.test(
          line,
        )
      ) {
        process.stderr.write(`${line}\n`);
      }
    }
  });
  void exited.then(() => url.reject(new Error('the program ended before it had started')));
  await using session = await connect(await url.promise);
  const atEnd = Promise.withResolvers<'end'>();
  session.on('NodeRuntime.waitingForDisconnect', () => atEnd.resolve('end'));
  await session.post('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
  // On a terminal Ctrl-\ goes to both processes, and would end the program before we have looked.
  await session.post('Runtime.evaluate', { expression: "process.on('SIGQUIT', () => {}), undefined" });
  const asked = Promise.withResolvers<'asked'>();
  const onQuit = () => asked.resolve('asked');
  process.on('SIGQUIT', onQuit);
  const timer = options.after === undefined ? undefined : setTimeout(onQuit, options.after * 1000);
  await session.post('Runtime.runIfWaitingForDebugger');
  const why = await Promise.race([atEnd.promise, asked.promise, exited.then(() => 'gone' as const)]);
  clearTimeout(timer);
  process.off('SIGQUIT', onQuit);
  signal.throwIfAborted();
  const { result } =
    why === 'gone'
      ? { result: { value: child.exitCode ?? 1 } }
      : await session.post<{ result: { value?: number } }>('Runtime.evaluate', {
          expression: 'process.exitCode ?? 0',
          returnByValue: true,
        });
  if (why === 'asked' || (why === 'end' && result.value === 13)) {
    await using threads = await followThreads(session, options);
    printLooks(await threads.look(signal), options);
  }
  await session[Symbol.asyncDispose]();
  if (why === 'asked') kill();
  const [code] = await exited;
  signal.removeEventListener('abort', kill);
  if (why !== 'asked' && code !== 0) process.stderr.write(`the program ended with exit code ${code}\n`);
  return why === 'asked' || code === 0 || code === 13 ? 'done' : 'failed';
}
