// The runtimes beside Node: what they are called, how one of our programs is run by them, and what brings them.
import { join } from 'node:path';
import { cacheFolder } from '../../../src/files/cache-folder.ts';
import type { Program } from '../foreign.ts';

export type RuntimeName = 'deno' | 'bun';

export interface RuntimeKind {
  /** What it calls itself, and what its rows are called. */
  readonly called: string;
  /** What stands between its program and the module. */
  readonly args: readonly string[];
  readonly environment: () => NonNullable<Program['environment']>;
}

export const RUNTIMES: Readonly<Record<RuntimeName, RuntimeKind>> = {
  deno: {
    called: 'Deno',
    args: [
      'run',
      '--quiet',
      '--no-prompt',
      // It must not look into this project's package.json, and it must fetch nothing.
      '--no-config',
      '--no-remote',
      '--no-npm',
      '--allow-net=127.0.0.1',
      // A worker is a module that must be read.
      '--allow-read',
    ],
    environment: () => ({
      DENO_DIR: join(cacheFolder(), 'deno'),
      DENO_NO_UPDATE_CHECK: '1',
      DENO_NO_PACKAGE_JSON: '1',
    }),
  },
  bun: { called: 'Bun', args: ['--no-install'], environment: () => ({}) },
};

export const RUNTIME_NAMES = Object.keys(RUNTIMES) as RuntimeName[];

/** npm has a package of the name of each. One command brings all of them: the next one would remove what this one brought. */
export const installCommand = (names: readonly RuntimeName[]): string =>
  `npm install --no-save ${names.join(' ')}`;
