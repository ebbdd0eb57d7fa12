// The option --runtime: names of runtimes, or paths of their programs.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { typedPath } from '../../../src/files/typed-path.ts';
import type { Setting, SuiteOption } from '../../suite.ts';
import { RUNTIME_NAMES, type RuntimeName } from './kinds.ts';

/** A runtime that was asked for. */
export interface AskedRuntime {
  readonly name: RuntimeName;
  /** Where its program is. Without a path, the folders of PATH are searched. */
  readonly path?: string;
}

const EXPECTED = `Expected ${RUNTIME_NAMES.join(', ')} or the path of one of them`;

export const RUNTIME_OPTION: SuiteOption = {
  flags: '--runtime <names>',
  description:
    'runtimes to measure beside Node: deno, bun, or the paths of their programs, separated by commas',
  setting: 'runtimes',
  read(text) {
    const words = text.split(',').map((word) => word.trim());
    const typed = words.map((word) => (isPath(word) ? existing(word) : word));
    const names = words.map((word) => {
      const name = nameOf(word);
      if (!name) throw new InvalidArgumentError(`${EXPECTED}, got ${JSON.stringify(word)}.`);
      return name;
    });
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice) {
      throw new InvalidArgumentError(
        `Expected each runtime once, got ${twice} twice; to compare two versions, save a run of each.`,
      );
    }
    return typed;
  },
};

const isPath = (word: string): boolean => /[/\\]/.test(word);

/** `bun`, and also `/opt/bun-1.4/bun.exe` or `./deno-canary`. */
function nameOf(word: string): RuntimeName | undefined {
  const file = isPath(word) ? basename(word.replaceAll('\\', '/')) : word;
  return RUNTIME_NAMES.find((name) => (isPath(word) ? file.startsWith(name) : file === name));
}

function existing(word: string): string {
  const path = typedPath(word);
  if (!isFile(path)) {
    throw new InvalidArgumentError(
      `Expected the path of a program, got ${JSON.stringify(word)}, which is no file.`,
    );
  }
  return path;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The runtimes that the setting names. A saved run may have any value there, so unknown names are left out. */
export function askedRuntimes(setting: Setting | readonly Setting[] | undefined): AskedRuntime[] {
  if (setting === undefined) return [];
  return [setting].flat().flatMap((value) => {
    const word = String(value);
    const name = nameOf(word);
    if (!name) return [];
    return isPath(word) ? [{ name, path: word }] : [{ name }];
  });
}
