// Where the project keeps what it can make again at any time: compiled code, a prepared database. It is beside the
// packages, where caches of tools live, and in the temporary folder if that place cannot be written.
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
