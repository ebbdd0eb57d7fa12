// A version that crashes, hangs or deadlocks runs in a process of its own. The parent process starts child.ts, which
// loads the same module and plays the same version there. The symptom is how that process ended, and what it printed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { About, Pitfall, VersionName } from './pitfall.ts';
import { until } from './turns.ts';

/** How a child process ended. */
export type Ending = {
  /** The lines of its stdout. */
  readonly printed: readonly string[];
  readonly exitCode: number | 'killed';
  /** The first line of its stderr that names an error or a warning, without the place; '' if there is none. */
  readonly stderr: string;
};

/** A pitfall as the child process sees it. */
export interface ProcessPitfall extends Pitfall {
  readonly scenes: Readonly<Record<VersionName, () => unknown>>;
}

interface Parts<Version> {
  /** `import.meta.url` of the pitfall. */
  readonly module: string;
  readonly about: About<Ending>;
  readonly wrong: Version;
  readonly right: Version;
  /** What the child process does with a version. */
  readonly scene: (version: Version) => unknown;
  /** For a wrong version that never ends: once it has printed this line and does not end by itself, it is killed. */
  readonly wrongHangsAfter?: string;
  /** The most files that the child process may have open (ulimit -n); not on Windows. */
  readonly openFiles?: number;
  /** Which of the printed lines count. Without it all of them do. */
  readonly select?: (printed: readonly string[]) => readonly string[];
}

/** A pitfall whose two versions run in a process of their own each. */
export function pitfallInOwnProcess<Version>(parts: Parts<Version>): ProcessPitfall {
  const { about, wrong, right, scene } = parts;
  return {
    about,
    wrong: () => play(parts, 'wrong'),
    right: () => play(parts, 'right'),
    scenes: { wrong: () => scene(wrong), right: () => scene(right) },
  };
}

const CHILD = fileURLToPath(import.meta.resolve('./child.ts'));

/**
 * Settings of the reader's shell that would change what the child shows. With NODE_TEST_CONTEXT, which `node --test`
 * sets, the child would even speak a binary protocol.
 */
const KEPT_FROM_THE_CHILD = new Set([
  'NODE_OPTIONS',
  'NODE_TEST_CONTEXT',
  'FORCE_COLOR',
  'UV_THREADPOOL_SIZE',
]);

/** @throws {Error} if something other than this function ended the child by a signal */
async function play<Version>(parts: Parts<Version>, version: VersionName): Promise<Ending> {
  const { module, openFiles, select = (printed) => printed } = parts;
  const killAfter = version === 'wrong' ? parts.wrongHangsAfter : undefined;
  const limited = openFiles ? ['/bin/sh', '-c', 'ulimit -n "$0" && exec "$@"', `${openFiles}`] : [];
  const [file, ...args] = [...limited, process.execPath, CHILD, module, version];
  const inherited = Object.entries(process.env).filter(([name]) => !KEPT_FROM_THE_CHILD.has(name));
  // Its stdin is a pipe that nobody writes to. It closes when this process dies, and so the child notices.
  const child = spawn(file, args, {
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const endChild = () => child.kill('SIGKILL');
  process.once('exit', endChild);

  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let isKilled = false;
  const endIfItHangs = async () => {
    await until(() => child.exitCode !== null, 1000);
    if (child.exitCode === null) isKilled = endChild();
  };
  const printed: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    printed.push(line);
    if (line === killAfter) void endIfItHangs();
  });

  const [exitCode, signal] = (await once(child, 'close')) as [number | null, string | null];
  process.removeListener('exit', endChild);
  if (signal !== null && !isKilled) throw new Error(`the child was ended by ${signal}: ${stderr}`);
  return { printed: select(printed), exitCode: isKilled ? 'killed' : exitCode!, stderr: mainLine(stderr) };
}

/** The first line that names an error or a warning, without the process id before it and the place behind it. */
function mainLine(stderr: string): string {
  const [, line = ''] = /^(?:\(node:\d+\) )?(\S*(?:Error|Warning)\b.*?)(?: at file:.*)?$/m.exec(stderr) ?? [];
  return line;
}
