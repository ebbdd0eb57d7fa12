// What `npm run awaiting` finds in a pitfall while it runs. A debugger stops the version at a line of its harness, or
// one turn of the event loop later; then the same observer looks that looks at any process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { VersionName } from '../../../lessons/pitfalls/frame/pitfall.ts';
import { connect, InspectorError, type Session } from '../../../src/awaiting/inspector.ts';
import { Observer, type LookOptions } from '../../../src/awaiting/look.ts';

export interface Moment {
  /** The version is stopped at the line that contains these words. */
  readonly line: string;
  /** It counts only when this is true there, in the words of the program. */
  readonly when?: string;
  /** Where several lines contain them: which of those, counted from 0. */
  readonly occurrence?: number;
  /** The look comes so many turns of the event loop later, or when the code that runs now has given way. */
  readonly later?: number | 'microtask';
}

export const LOOK: LookOptions = { all: false, locals: false, mayPause: () => Promise.resolve(true) };

const PROGRAM = fileURLToPath(new URL('./observed-program.ts', import.meta.url));
const PITFALLS = new URL('../../../lessons/pitfalls/', import.meta.url);

/** The kinds of findings. @throws {Error} if the version ends before the moment comes */
export async function findingsAt(
  pitfall: string,
  version: VersionName,
  { line, when, occurrence, later }: Moment,
): Promise<ReadonlySet<string>> {
  const url = new URL(`${pitfall}.ts`, PITFALLS);
  const child = spawn(process.execPath, [PROGRAM, url.href, version], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const early = Promise.withResolvers<never>();
  early.promise.catch(() => {});
  let stderr = '';
  const listening = Promise.withResolvers<string>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    const address = /ws:\/\/\S+/.exec(stderr)?.[0];
    if (address) listening.resolve(address);
  });
  const ended = once(child, 'exit');
  void ended.then(() =>
    early.reject(new Error(`${pitfall}, ${version}, ended before its moment: ${stderr}`)),
  );
  try {
    await using session = await connect(await Promise.race([listening.promise, early.promise]));
    await using observer = new Observer(withoutLookUps(session), true);
    // A process that is being debugged does not end by itself: it says so, and waits.
    session.on('NodeRuntime.waitingForDisconnect', () =>
      early.reject(new Error(`${pitfall}, ${version}, was over before its moment`)),
    );
    await session.post('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
    await session.post('Debugger.enable');
    await session.post('Debugger.setBreakpointByUrl', {
      url: url.href,
      lineNumber: lineOf(url, line, occurrence),
      ...(when && { condition: when }),
    });
    const stopped = paused(session);
    await session.post('Runtime.runIfWaitingForDebugger');
    await Promise.race([stopped, early.promise]);
    if (later !== undefined) {
      const again = paused(session);
      await session.post('Runtime.evaluate', { expression: stopAfter(later) });
      await session.post('Debugger.resume');
      await Promise.race([again, early.promise]);
    }
    const { tree } = await observer.look(LOOK);
    return new Set(tree.findings.map(({ kind }) => kind));
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/**
 * The kinds of findings stand in the snapshot. The place of an await does not, and to ask for one the inspector walks the
 * whole heap, which takes longer than all the rest of a look.
 */
function withoutLookUps(session: Session): Session {
  return {
    on: (method, listener) => session.on(method, listener),
    post(method, params, options) {
      if (method !== 'HeapProfiler.getObjectByHeapObjectId') return session.post(method, params, options);
      return Promise.reject(new InspectorError('no object is looked up'));
    },
  };
}

function stopAfter(later: number | 'microtask'): string {
  if (later === 'microtask') return 'queueMicrotask(() => { debugger; })';
  return `(function turn(left) { if (left === 0) debugger; else setImmediate(turn, left - 1); })(${later})`;
}

function lineOf(url: URL, words: string, occurrence: number | undefined): number {
  const lines = readFileSync(url, 'utf8').split('\n');
  const found = lines.flatMap((line, index) => (line.includes(words) ? [index] : []));
  if (occurrence === undefined && found.length !== 1) {
    throw new Error(`expected one line with ${words}, found ${found.length}`);
  }
  return found[occurrence ?? 0]!;
}

async function paused(session: Session): Promise<void> {
  const pause = Promise.withResolvers<void>();
  session.on('Debugger.paused', () => pause.resolve());
  await pause.promise;
}
