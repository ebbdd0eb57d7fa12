// Looks for a Python that can run the article's programs. The first one that has aiohttp is taken, or else the first one.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inTime } from '../../src/measure/deadline.ts';
import { UsageError } from '../../src/usage-error.ts';
import { ask, type Program } from './foreign.ts';

export interface Python {
  readonly command: string;
  readonly version: string;
  readonly aiohttp: string | undefined;
  /** Why programs that need aiohttp cannot run, and how to change that. Undefined if they can. */
  readonly withoutAiohttp: string | undefined;
}

/** No Python, and how to change that. */
export interface NoPython {
  readonly missing: string;
}

export type PythonHere = Python | NoPython;

/** The shell's `python3` may have no aiohttp. Debian's package installs aiohttp for `/usr/bin/python3`. */
export const CANDIDATES = process.platform === 'win32' ? ['python'] : ['python3', '/usr/bin/python3'];

const OLDEST = { python: [3, 8], aiohttp: [3, 0] } as const;
const PATIENCE_MS = 20_000;
/** For estimates only. */
const EXPECTED_MS = 500;

/** What the program `python/probe.py` answers. */
interface Probe {
  readonly python: string;
  readonly aiohttp?: string;
  /** Why aiohttp is there and cannot be imported. */
  readonly trouble?: string;
}

/**
 * How to run one of our programs. Variables of the shell such as PYTHONWARNINGS and PYTHONPATH change nothing (-E), and
 * nothing is written beside the programs (-B).
 */
export const commandOf = (command: string, file: string): Pick<Program, 'command' | 'args'> => ({
  command,
  args: ['-E', '-B', fileURLToPath(new URL(`./python/${file}`, import.meta.url))],
});

/** @throws the signal's reason */
export async function findPython(
  signal: AbortSignal,
  candidates: readonly string[] = CANDIDATES,
): Promise<PythonHere> {
  const found: Python[] = [];
  let trouble: string | undefined;
  for (const command of candidates) {
    const probed = await probe(command, installCommand(), signal);
    if ('trouble' in probed) trouble ??= probed.trouble;
    else if (probed.withoutAiohttp === undefined) return probed;
    else found.push(probed);
  }
  return found[0] ?? { missing: `${trouble ?? 'no Python is there'}; type: ${installCommand()}` };
}

/** The Python of --python. @throws {UsageError} if it does not run; the signal's reason */
export async function namedPython(command: string, signal: AbortSignal): Promise<Python> {
  const probed = await probe(command, `${command} -m pip install aiohttp`, signal);
  if ('trouble' in probed) {
    throw new UsageError(`--python: expected a Python that runs, got ${probed.trouble}`);
  }
  return probed;
}

/** `install` is the command that gives this Python what it may lack. */
async function probe(
  command: string,
  install: string,
  signal: AbortSignal,
): Promise<Python | { readonly trouble: string }> {
  let answer: Partial<Probe> | null;
  try {
    answer = await inTime({ ms: PATIENCE_MS, expectedMs: EXPECTED_MS, signal }, async (signal) => {
      const program = { called: command, ...commandOf(command, 'probe.py') };
      return (await ask<Probe>(program, {}, signal)).answer;
    });
  } catch (error) {
    signal.throwIfAborted();
    return { trouble: (error as Error).message };
  }
  const { python: version, aiohttp, trouble } = answer ?? {};
  if (typeof version !== 'string') return { trouble: `${command} does not say its version` };
  if (isOlder(version, OLDEST.python)) {
    return { trouble: `${command} is Python ${version}, expected ${OLDEST.python.join('.')} or later` };
  }
  const withoutAiohttp = whyWithout(`Python ${version} (${command})`, aiohttp, trouble);
  return {
    command,
    version,
    aiohttp,
    withoutAiohttp: withoutAiohttp && `${withoutAiohttp}; type: ${install}`,
  };
}

function whyWithout(python: string, aiohttp?: string, trouble?: string): string | undefined {
  if (trouble !== undefined) return `${python} cannot import aiohttp (${trouble})`;
  if (aiohttp === undefined) return `${python} has no aiohttp`;
  if (!isOlder(aiohttp, OLDEST.aiohttp)) return undefined;
  return `${python} has aiohttp ${aiohttp}, expected ${OLDEST.aiohttp.join('.')} or later`;
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ours = 0, oursMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return ours < major || (ours === major && oursMinor < minor);
}

/** The command that installs aiohttp. Debian's package brings Python too. */
const installCommand = (): string =>
  existsSync('/usr/bin/apt-get') ? 'apt-get install python3-aiohttp' : 'python3 -m pip install aiohttp';
