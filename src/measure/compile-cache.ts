// Trials run with a warm compile cache. Without it every worker thread would load the type stripper, and the memory figures
// would tell of TypeScript and not of threads.
import { fileURLToPath } from 'node:url';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Beside the packages, where caches of tools live; in the temporary folder if that cannot be written. */
function cacheFolder(): string {
  const beside = fileURLToPath(new URL('../../node_modules/.cache/async-workbench', import.meta.url));
  try {
    mkdirSync(beside, { recursive: true });
    accessSync(beside, constants.W_OK);
    return beside;
  } catch {
    return join(tmpdir(), 'async-workbench-cache');
  }
}

/** The environment of the process of a trial, and of the API, whose start is most of a short comparison's. */
export const trialEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_COMPILE_CACHE: cacheFolder(),
});
