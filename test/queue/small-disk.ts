// A disk of some KiB, which only the processes see that the test starts on it.
import { namespace, noNamespace } from './holder.ts';

export interface SmallDisk extends AsyncDisposable {
  /** The words before a command that make it see the disk. */
  readonly within: readonly string[];
  resize(kibibytes: number): Promise<void>;
}

/** Why there can be none here, or false. For a test's `skip`. */
export const noSmallDisk = (): string | false =>
  noNamespace('mount', 'mount -t tmpfs -o size=64k tmpfs /mnt');

/** Puts an empty disk at `folder`, which has to be there. */
export async function smallDisk(folder: string, kibibytes: number): Promise<SmallDisk> {
  const disk = await namespace('mount', `mount -t tmpfs -o size=${kibibytes}k tmpfs '${folder}'`);
  return {
    within: disk.within,
    resize: async (size) => void (await disk.run('mount', '-o', `remount,size=${size}k`, folder)),
    [Symbol.asyncDispose]: () => disk[Symbol.asyncDispose](),
  };
}
