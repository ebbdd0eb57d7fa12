// Makes a folder in one that exists. A mistyped path then makes no tree of folders.
import { mkdir } from 'node:fs/promises';

/** Makes `path` unless it is there. @throws what the file system throws, ENOENT where the folder around it is missing */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
