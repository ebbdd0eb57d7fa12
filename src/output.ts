// What a program prints, and what becomes of it when nobody can read that any more: the reader has seen enough
// (`| head`) and closed our stdout, or what stdout leads to takes no more (a full disk, /dev/full).
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { printableLine } from './printable.ts';

/** Why stdout takes no more; undefined while it does. */
let trouble: NodeJS.ErrnoException | undefined;
const onTrouble = new AbortController();

/** Has to be called once, before the first line is printed. `stop` is called when nothing can be printed any more. */
export function watchOutput(stop: () => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Every write that is still on its way fails too; the first failure says why.
    if (trouble) return;
    trouble = error;
    onTrouble.abort();
    stop();
  });
  // There is no place left to say that stderr takes no more, and what it would have said is lost in any case.
  process.stderr.on('error', () => {});
}

/** What went wrong with stdout, in words; nothing while it is well, or when its reader left, which is their right. */
export function outputFailure(): string | undefined {
  if (!trouble || trouble.code === 'EPIPE') return undefined;
  return `stdout cannot be written (${trouble.code ?? trouble.message})`;
}

/** For programs that have nothing to put away: they end when nobody can read them. */
export function endWithOutput(): void {
  watchOutput(() => {
    const failure = outputFailure();
    if (failure !== undefined) process.stderr.write(`error: ${failure}\n`);
    process.exit(failure === undefined ? 0 : 1);
  });
}

/** Results, line by line, on stdout. They hold names of files and texts from elsewhere. */
export function print(lines: readonly string[]): void {
  write(lines.map((line) => `${printableLine(line)}\n`).join(''));
}

/** A text of any length, piece by piece, no faster than the reader takes it. */
export async function printPieces(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    if (trouble) return;
    if (write(piece)) continue;
    await once(process.stdout, 'drain', { signal: onTrouble.signal }).catch(() => {});
  }
}

/** Whether stdout takes more at once. After an error all text is dropped, because the error has been told. */
function write(text: string): boolean {
  if (trouble) return true;
  return process.stdout.write(text);
}

/** Resolves once it is known whether what has been written arrived, as far as the system says. */
export async function outputSettled(): Promise<void> {
  if (!trouble) {
    // Not 'drain': that comes only after a write that was told to wait, and the last one may be pending without that.
    const { promise, resolve } = Promise.withResolvers<void>();
    process.stdout.write('', () => resolve());
    await promise;
  }
  // An error of the last write is reported one turn later.
  await turn();
}
