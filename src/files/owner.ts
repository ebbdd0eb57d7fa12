// Names for files and folders that must not outlive their process. The name says which process they belong to. So a later
// run can tell what is still in use from what a killed process left behind. A prefix alone would not be enough: a user may
// have given that prefix to a file of their own.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isZombieState, processFieldsOf } from './process-fields.ts';

/** Where the process runs, its id, when it started, and what makes the name unique. */
const OWNED = /^(?<place>[0-9a-f]{12})-(?<pid>\d{1,10})-(?<start>\d{1,20})-[0-9A-Za-z]{6,12}$/;

let ownMark: string | undefined;

/** What names of this process have in common, after their prefix. */
function markOfThisProcess(): string {
  ownMark ??= `${thisPlace()}-${process.pid}-${startOf(process.pid) ?? 0}`;
  return ownMark;
}

/** `prefix`, the mark of this process and a hyphen, for whoever adds what makes it unique (six letters or digits). */
export const ownedPrefix = (prefix: string): string => `${prefix}${markOfThisProcess()}-`;

/** A name nobody else has, which says that it belongs to this process. */
export const ownedName = (prefix: string): string =>
  ownedPrefix(prefix) + inHex(Math.floor(Math.random() * 2 ** 48));

/** Whether a process made this name with `ownedName(prefix)`. */
export const isOwned = (name: string, prefix: string): boolean =>
  name.startsWith(prefix) && OWNED.test(name.slice(prefix.length));

/**
 * Whether the process that made `name` has certainly ended. The answer is no where that cannot be known: of a process of
 * another machine that shares the folder, of another container, or of this machine before its last start.
 */
export function isLeftBehind(name: string, prefix: string): boolean {
  const { place, pid, start } =
    OWNED.exec(name.startsWith(prefix) ? name.slice(prefix.length) : '')?.groups ?? {};
  if (place !== thisPlace()) return false;
  return !isAlive(Number(pid), start!);
}

function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM means that the process exists, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // Systems use process ids again. A process with another start time is another process.
  const found = startOf(pid);
  return found === undefined || found === start;
}

/**
 * When a process started, in clock ticks since the machine did; '0' for a zombie. Undefined where the system does not say.
 */
function startOf(pid: number): string | undefined {
  try {
    const fields = processFieldsOf(pid);
    return isZombieState(fields[0]) ? '0' : fields[19];
  } catch {
    return undefined;
  }
}

let ownPlace: string | undefined;

/** The place within which a process id means one process: this boot of this machine, seen from this container. */
function thisPlace(): string {
  ownPlace ??= digestOf(placeParts().join('\n'));
  return ownPlace;
}

/**
 * Twelve digits that differ for another text (FNV-1a). They keep no secret, so node:crypto is not needed. To load it takes a
 * quarter of the time in which Node starts, and many commands would load it for these names only.
 */
function digestOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return inHex(BigInt.asUintN(48, hash ^ (hash >> 48n)));
}

/** A number of 48 bits in twelve digits. */
const inHex = (number: number | bigint): string => number.toString(16).padStart(12, '0');

function placeParts(): string[] {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return [boot, readlinkSync('/proc/self/ns/pid')];
  } catch {
    return [hostname()];
  }
}
