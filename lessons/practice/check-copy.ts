// Checks the learner's copy of an exercise, and writes down that it passed.
import { relative } from 'node:path';
import { copyOf, readCopy, readShipped, readSolution, type Copies } from './copies.ts';
import { runCheck, type RunOptions } from './frame/run-check.ts';
import type { Exercise } from './manifest.ts';
import type { CheckResult } from './text.ts';
import { typeErrorsOf } from './types.ts';

/** @throws {UsageError} if the copy is not there; the signal's reason */
export async function resultOf(
  copies: Copies,
  exercise: Exercise,
  options: RunOptions = {},
): Promise<CheckResult> {
  const text = await readCopy(exercise);
  const file = copyOf(exercise);
  // Our own files have the right types, and the type checker takes twice as long as the check.
  const ours = await Promise.all([readShipped(exercise), readSolution(exercise)]);
  const [verdict, typeErrors, isOutdated] = await Promise.all([
    runCheck(exercise, file, options),
    ours.includes(text) ? [] : typeErrorsOf(exercise),
    copies.isOutdated(exercise),
  ]);
  options.signal?.throwIfAborted();
  if (verdict.passes) await copies.markDone(exercise, text);
  return { exercise, verdict, typeErrors, path: relative(process.cwd(), file), isOutdated };
}
