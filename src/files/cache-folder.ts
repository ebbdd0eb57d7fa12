// The folder for things that can be made again at any time: compiled code, a prepared database. It is beside the packages, as
// the caches of other tools are. If that place cannot be written, it is in the temporary folder.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function cacheFolder(): string {
  const beside = fileURLToPath(new URL('../../node_modules/.cache/async-workbench', import.meta.url));
  try {
    mkdirSync(beside, { recursive: true });
    accessSync(beside, constants.W_OK);
    return beside;
  } catch {
    return join(tmpdir(), 'async-workbench-cache');
  }
}
