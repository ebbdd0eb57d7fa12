// The runtimes beside Node: their names, how they run one of our programs, and how to install them.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../../src/files/cache-folder.js';
import type { Program } from '../foreign.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

export type RuntimeName = 'deno' | 'bun';

export interface RuntimeKind {
  /** Its name in tables and messages. */
  readonly called: string;
  /** The arguments before the path of our module. */
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
      // Deno must not read this project's package.json, and it must download nothing.
      '--no-config',
      '--no-remote',
      '--no-npm',
      '--allow-net=127.0.0.1',
      // A Worker reads its module, and what this imports, from the folder of this project. A comma would part two paths.
      `--allow-read=${PROJECT.replaceAll(',', ',,')}`,
    ],
    environment: () => ({
      DENO_DIR: join(cacheFolder(), 'deno'),
      DENO_NO_UPDATE_CHECK: '1',
      DENO_NO_PACKAGE_JSON: '1',
    }),
  },
  bun: {
    called: 'Bun',
    args: ['--no-install'],
    // It would write what it has compiled into the home of the user.
    environment: () => ({ BUN_RUNTIME_TRANSPILER_CACHE_PATH: join(cacheFolder(), 'bun') }),
  },
};

export const RUNTIME_NAMES = Object.keys(RUNTIMES) as RuntimeName[];

/** npm has a package with the name of each. They need one command: a second one would remove what the first installed. */
export const installCommand = (names: readonly RuntimeName[]): string =>
  `npm install --no-save ${names.join(' ')}`;
