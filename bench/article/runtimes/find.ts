// Finds the runtimes that were asked for, and asks each which one it is.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTime } from '../../../src/measure/deadline.ts';
import { LeftOut } from '../../suite.ts';
import { ask, type Program } from '../foreign.ts';
import { installCommand, RUNTIMES, type RuntimeName } from './kinds.ts';
import type { AskedRuntime } from './option.ts';
import type { Identity } from './probe.ts';

/** A runtime that runs our programs. */
export interface Runtime {
  readonly name: RuntimeName;
  readonly path: string;
  readonly version: string;
}

/** A runtime that cannot run them, and why: a `LeftOut` if it is missing, another error if it is broken. */
export interface NoRuntime {
  readonly name: RuntimeName;
  readonly reason: Error;
}

export type RuntimeHere = Runtime | NoRuntime;

export const isHere = (runtime: RuntimeHere): runtime is Runtime => 'version' in runtime;
export const isNotHere = (runtime: RuntimeHere): runtime is NoRuntime => 'reason' in runtime;

/** A runtime that has not told its version after so many milliseconds hangs. */
const PATIENCE_MS = 20_000;
/** For the message only. */
const EXPECTED_MS = 500;

/** All of `asked`, in their order. @throws the signal's reason */
export async function findRuntimes(
  asked: readonly AskedRuntime[],
  signal: AbortSignal,
  folders: readonly string[] = foldersOnPath(),
): Promise<RuntimeHere[]> {
  const placed = asked.map(({ name, path }) => ({ name, path: path ?? onPath(name, folders) }));
  const missing = placed.filter(({ path }) => path === undefined).map(({ name }) => name);
  const byName = asked.filter(({ path }) => path === undefined).map(({ name }) => name);
  const verb = missing.length > 1 ? 'are' : 'is';
  const leftOut = new LeftOut(
    `${missing.join(' and ')} ${verb} not on PATH; type: ${installCommand(byName)}`,
  );
  const search = async ({ name, path }: (typeof placed)[number]): Promise<RuntimeHere> =>
    path === undefined ? { name, reason: leftOut } : probe(name, path, signal);
  return Promise.all(placed.map(search));
}

/** One of our programs, run by a runtime. */
export function programOf({ name, path }: Pick<Runtime, 'name' | 'path'>, file: string): Program {
  const { called, args, environment } = RUNTIMES[name];
  const module = fileURLToPath(new URL(file, import.meta.url));
  return { called, command: path, args: [...args, module], environment: environment() };
}

async function probe(name: RuntimeName, path: string, signal: AbortSignal): Promise<RuntimeHere> {
  const program = programOf({ name, path }, './probe.ts');
  try {
    const { answer } = await inTime({ ms: PATIENCE_MS, expectedMs: EXPECTED_MS, signal }, (signal) =>
      ask<Partial<Identity>>(program, {}, signal),
    );
    const { versions, path: own } = answer;
    const version = versions?.[name];
    if (typeof version !== 'string' || typeof own !== 'string') {
      throw new Error(
        `expected ${program.called}, got a program that does not tell its version of ${program.called}`,
      );
    }
    // Not the path that was found: it may be a script that starts the runtime, and then the script would be measured.
    return { name, version, path: own };
  } catch (error) {
    signal.throwIfAborted();
    return { name, reason: error as Error };
  }
}

const foldersOnPath = (): string[] => (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute);

const SUFFIX = process.platform === 'win32' ? '.exe' : '';

function onPath(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name + SUFFIX)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
