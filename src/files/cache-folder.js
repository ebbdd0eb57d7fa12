// The folder for things that can be made again at any time: compiled code, a prepared database. It is beside the packages, as
// the caches of other tools are. If that place cannot be written, it is in the temporary folder. This file is
// JavaScript, because it is loaded before the first file in TypeScript.
import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BESIDE_PACKAGES = fileURLToPath(new URL('../../node_modules/.cache/async-workbench', import.meta.url));

/** The cache of a process that can use neither place. @type {string | undefined} */
let ofProcess;

export function cacheFolder(beside = BESIDE_PACKAGES, temporary = tmpdir()) {
  if (isWritable(beside)) return beside;
  // All users share the temporary folder. Node runs the compiled code that it finds in a cache, so the cache must be ours.
  const user = process.getuid?.();
  const ofUser = join(temporary, `async-workbench-cache${user === undefined ? '' : `-${user}`}`);
  if (isWritable(ofUser) && isOwn(ofUser, user)) return ofUser;
  ofProcess ??= mkdtempSync(`${ofUser}-`);
  return ofProcess;
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} folder @param {number | undefined} user */
function isOwn(folder, user) {
  const found = lstatSync(folder);
  return found.isDirectory() && (user === undefined || found.uid === user);
}
