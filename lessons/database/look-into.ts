// Runs a program of a lesson in a process of its own, and looks into it as `npm run awaiting` does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from '../../src/awaiting/inspector.ts';
import { Observer, shortUrl } from '../../src/awaiting/look.ts';
import { treeLines } from '../../src/awaiting/text.ts';

export interface LookedAt {
  /** The first line that the program has printed. */
  readonly printed: string;
  /** The await tree at that moment, with short file names. */
  readonly tree: string;
  /** Whether the program still ran after the look. */
  readonly isAlive: boolean;
}

/** Looks when the program has printed a line. Then it closes the program's stdin, which tells the program to end. */
export async function lookInto(program: URL, args: readonly string[]): Promise<LookedAt> {
  const command = ['--inspect=127.0.0.1:0', fileURLToPath(program), ...args];
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  try {
    const [[printed], [address]] = await Promise.all([
      once(createInterface(child.stdout), 'line'),
      once(createInterface(child.stderr), 'line'),
    ]);
    await using session = await connect(/ws:\S+/.exec(`${address}`)![0]);
    await using observer = new Observer(session);
    const { tree } = await observer.look({ all: false, locals: false, mayPause: async () => true });
    return {
      printed: `${printed}`,
      // Only some functions of one kind are looked up. The note about it explains nothing here, so it is left out.
      tree: treeLines(tree)
        .join('\n')
        .replaceAll(shownFolderOf(program), '')
        .replaceAll(/ \(looked up for [^)]*\)/g, ''),
      isAlive: child.exitCode === null && child.signalCode === null,
    };
  } finally {
    child.stdin.end();
    await ended;
  }
}

/** The folder of a file as the tree shows it, with its last separator: from here, or from the root. */
function shownFolderOf(file: URL): string {
  const path = shortUrl(file.href);
  return path.slice(0, path.length - basename(path).length);
}
