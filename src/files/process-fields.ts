// What Linux tells of a process in one line: its state, when it started, its CPU time.
import { readFileSync } from 'node:fs';

/**
 * The fields of /proc/PID/stat from the third one on, which is the state. The field before it is the program's name in brackets.
 * A name may hold blanks and brackets itself, so the fields are counted from its end.
 * @throws Node's error if the process has ended, or if the system has no /proc
 */
export function processFieldsOf(pid: number | 'self'): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Whether the state is that of a zombie: a process that has ended, but whose parent has not read its exit status. */
export const isZombieState = (state: string | undefined): boolean => state === 'Z' || state === 'X';
