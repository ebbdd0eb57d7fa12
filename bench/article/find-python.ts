// Looks for a Python that can run the article's programs. The first one that has aiohttp is taken, or else the first one.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../src/files/cache-folder.js';
import { inTime } from '../../src/measure/deadline.ts';
import { UsageError } from '../../src/usage-error.ts';
import { ask, type Program } from './foreign.ts';
import { installFor, installPython, thisSystem, type System, type Wanting } from './install-aiohttp.ts';

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

/**
 * The shell's `python3` may have no aiohttp. Linux has packages that install it for `/usr/bin/python3`. On macOS that path may be a
 * stub that offers to install developer tools. So it is asked only if PATH leads there.
 */
export const CANDIDATES: readonly string[] = candidatesOf(process.platform);

function candidatesOf(platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return ['python'];
  return platform === 'linux' ? ['python3', '/usr/bin/python3'] : ['python3'];
}

const OLDEST = { python: [3, 8], aiohttp: [3, 0] } as const;
const PATIENCE_MS = 20_000;
/** For estimates only. */
const EXPECTED_MS = 500;

/** What the program `python/probe.py` answers. */
interface Probe extends Pick<Wanting, 'isSystems' | 'installer'> {
  readonly python: string;
  readonly aiohttp?: string;
  /** Why aiohttp is there and cannot be imported. */
  readonly trouble?: string;
}

/**
 * How to run one of our programs. The shell's variables for Python, such as PYTHONWARNINGS and PYTHONPATH, change nothing. What
 * Python has compiled goes into our cache, and nothing is written beside the programs. Flags (-E, -X pycache_prefix) would not do:
 * multiprocessing does not pass the second one to the processes that it starts.
 */
export function commandOf(
  command: string,
  file: string,
): Pick<Program, 'command' | 'args'> & { readonly environment: NonNullable<Program['environment']> } {
  const shellNames = Object.keys(process.env).filter((name) => /^PYTHON/i.test(name));
  return {
    command,
    args: [fileURLToPath(new URL(`./python/${file}`, import.meta.url))],
    environment: {
      ...Object.fromEntries(shellNames.map((name) => [name, undefined])),
      PYTHONPYCACHEPREFIX: join(cacheFolder(), 'python'),
    },
  };
}

/** @throws the signal's reason */
export async function findPython(
  signal: AbortSignal,
  candidates: readonly string[] = CANDIDATES,
  system = thisSystem(),
): Promise<PythonHere> {
  const found: Python[] = [];
  let trouble: string | undefined;
  for (const command of candidates) {
    const probed = await probe(command, system, signal);
    if ('trouble' in probed) trouble ??= probed.trouble;
    else if (probed.withoutAiohttp === undefined) return probed;
    else found.push(probed);
  }
  const missing = `${trouble ?? 'no Python is there'}; ${installPython(OLDEST.python.join('.'), system)}`;
  return found[0] ?? { missing };
}

/** The Python of --python. @throws {UsageError} if it does not run; the signal's reason */
export async function namedPython(
  command: string,
  signal: AbortSignal,
  system = thisSystem(),
): Promise<Python> {
  const probed = await probe(command, system, signal);
  if ('trouble' in probed) {
    throw new UsageError(`--python: expected a Python that runs, got ${probed.trouble}`);
  }
  return probed;
}

async function probe(
  command: string,
  system: System,
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
  const { python: version, aiohttp, trouble, isSystems = false, installer = 'pip' } = answer ?? {};
  if (typeof version !== 'string') return { trouble: `${command} does not say its version` };
  if (isOlder(version, OLDEST.python)) {
    return { trouble: `${command} is Python ${version}, expected ${OLDEST.python.join('.')} or later` };
  }
  const why = whyWithout(`Python ${version} (${command})`, aiohttp, trouble);
  const hasSome = aiohttp !== undefined || trouble !== undefined;
  const install = installFor({ command, isSystems, installer, hasSome }, system);
  return { command, version, aiohttp, withoutAiohttp: why && `${why}; ${install}` };
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
