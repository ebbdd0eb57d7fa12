// A disk of some KiB. Only processes that the test starts on it see the disk.
import { namespace, noNamespace } from './holder.ts';

export interface SmallDisk extends AsyncDisposable {
  /** Words before a command, with which it sees the disk. */
  readonly within: readonly string[];
  resize(kibibytes: number): Promise<void>;
}

/** Why there can be none here, or false. For a test's `skip`. */
export const noSmallDisk = (): string | false =>
  noNamespace('mount', 'mount -t tmpfs -o size=64k tmpfs /mnt');

/** Mounts an empty disk at `folder`, which must exist. */
export async function smallDisk(folder: string, kibibytes: number): Promise<SmallDisk> {
  const disk = await namespace('mount', `mount -t tmpfs -o size=${kibibytes}k tmpfs '${folder}'`);
  return {
    within: disk.within,
    resize: async (size) => void (await disk.run('mount', '-o', `remount,size=${size}k`, folder)),
    [Symbol.asyncDispose]: () => disk[Symbol.asyncDispose](),
  };
}
