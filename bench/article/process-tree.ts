// Reads from Linux how much memory a process has taken, together with all processes that it started.
import { readdirSync, readFileSync } from 'node:fs';

/** The peak of each process, added up, in MiB. Undefined where the system does not tell. */
export function peakMiBOfTree(root: number): number | undefined {
  try {
    return treeOf(root).reduce((sum, pid) => sum + peakMiBOf(pid), 0);
  } catch {
    return undefined;
  }
}

function peakMiBOf(pid: number): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  // A process that has just ended has no memory any more.
  return Number(kibibytes ?? 0) / 1024;
}

/** The process ids of `root` and of all that descend from it. */
export function treeOf(root: number): number[] {
  const children = Map.groupBy(everyProcess(), ({ parent }) => parent);
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []).map((child) => child.pid));
  return tree;
}

function everyProcess(): Array<{ readonly pid: number; readonly parent: number }> {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // `17 (a name with ) in it) S 1 …`: the parent comes after the state.
        const [, parent] = /^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))!;
        return [{ pid: Number(name), parent: Number(parent) }];
      } catch {
        // It has ended since the folder was listed.
        return [];
      }
    });
}
