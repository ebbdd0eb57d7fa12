// What to type where Python or aiohttp is missing. Each command works for the Python of which it speaks.
import { existsSync } from 'node:fs';
import { quoted } from '../../src/report/command.ts';

/** What decides which command works here. */
export interface System {
  readonly isWindows: boolean;
  /** Debian, Ubuntu, and what is made of them. */
  readonly hasApt: boolean;
  /** Whether there is the Python for which apt-get installs. */
  readonly hasOwnPython: boolean;
  /** Whether we may install without sudo. */
  readonly isRoot: boolean;
}

export const thisSystem = (): System => ({
  isWindows: process.platform === 'win32',
  hasApt: existsSync('/usr/bin/apt-get'),
  hasOwnPython: existsSync('/usr/bin/python3'),
  isRoot: process.getuid?.() === 0,
});

/** A Python without an aiohttp that it can use. */
export interface Wanting {
  /** What starts it. */
  readonly command: string;
  /** Whether the system's packages are for it. */
  readonly isSystems: boolean;
  /** Its module that brings packages. `ensurepip` brings pip first. `venv` is for a Python into which nothing may be installed. */
  readonly installer: 'pip' | 'ensurepip' | 'venv';
  /** Whether it has an aiohttp, which is too old or cannot be imported. */
  readonly hasSome: boolean;
}

/** What gives this Python an aiohttp. */
export function installFor({ command, isSystems, installer, hasSome }: Wanting, system: System): string {
  if (isSystems && system.hasApt) return typeApt(hasSome, system);
  const python = typedCommand(command, system);
  const install = `-m pip install ${hasSome ? '--upgrade --force-reinstall ' : ''}aiohttp`;
  const type = system.isWindows && python !== command ? 'type in PowerShell' : 'type';
  // The PowerShell of Windows has no &&.
  const then = system.isWindows ? `; then ${type}: ` : ' && ';
  if (installer === 'pip') return `${type}: ${python} ${install}`;
  if (installer === 'ensurepip') return `${type}: ${python} -m ensurepip${then}${python} ${install}`;
  const own = system.isWindows ? '.venv\\Scripts\\python' : '.venv/bin/python';
  return `${type}: ${python} -m venv .venv${then}${own} -m pip install aiohttp; then add --python ${own}`;
}

/** What gives this machine a Python, where none can be used. Debian's package of aiohttp brings Python too. */
export const installPython = (oldest: string, system: System): string =>
  system.hasApt && !system.hasOwnPython
    ? typeApt(false, system)
    : `install Python ${oldest} or later, and start again: what to type for aiohttp depends on that Python`;

function typeApt(isThere: boolean, { isRoot }: System): string {
  const apt = isRoot ? 'apt-get' : 'sudo apt-get';
  return `type: ${apt} update && ${apt} install ${isThere ? '--reinstall ' : ''}python3-aiohttp`;
}

/** If a path needs quotes on Windows, it is for PowerShell, which runs it only after `&`. Without quotes it is for every shell. */
function typedCommand(path: string, { isWindows }: System): string {
  if (!isWindows) return quoted(path);
  return /^[\p{L}\p{N}_.:\\/~-]+$/u.test(path) ? path : `& '${path.replaceAll("'", "''")}'`;
}
